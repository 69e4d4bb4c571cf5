"""How well the anchors foretell each other: every anchor graded by all the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.scaling.anchor_likelihood import AnchorLikelihood
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.ordinal_model import OrdinalModel


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Anchors graded as if their grades were not known.

    Attributes:
        levels: True level of every anchor, shape (n_anchors,).
        probabilities: Probability of each level from the other anchors, shape (n_anchors, n_levels); NaN in the rows of
            anchors without which fewer than two grades are anchored.
    """

    levels: Ints
    probabilities: Floats

    @property
    def tried(self) -> NDArray[np.bool_]:
        """Which anchors could be left out, shape (n_anchors,)."""
        return ~np.isnan(self.probabilities[:, 0])

    @property
    def predicted(self) -> Ints:
        """Most likely level from the others, shape (n_anchors,); -1 where the anchor could not be left out."""
        filled = np.where(self.tried[:, None], self.probabilities, 0.0)
        return np.where(self.tried, np.argmax(filled, axis=1), -1)

    @property
    def errors(self) -> Ints:
        """Steps by which the grade was missed, of those tried, upwards positive, shape (n_tried,)."""
        return (self.predicted - self.levels)[self.tried]

    @property
    def mean_error(self) -> float:
        """Mean number of steps by which grades were missed; NaN where none could be tried."""
        return float(np.mean(np.abs(self.errors))) if self.tried.any() else float("nan")

    @property
    def guess_error(self) -> float:
        """The same for guessing the commonest grade of the other anchors, of equally common ones the most average."""
        errors = [self._guess_error(int(i)) for i in np.flatnonzero(self.tried)]
        return float(np.mean(errors)) if errors else float("nan")

    def _guess_error(self, i: int) -> int:
        others = np.delete(self.levels, i)
        levels, counts = np.unique(others, return_counts=True)
        commonest = levels[counts == counts.max()]
        guess = commonest[np.argmin(np.abs(commonest - others.mean()))]
        return abs(int(guess) - int(self.levels[i]))

    @property
    def stated(self) -> Floats:
        """Probability stated for the most likely grade, of those tried, shape (n_tried,)."""
        return np.asarray(self.probabilities[self.tried].max(axis=1, initial=0.0))


def leave_one_out(model: OrdinalModel, likelihood: AnchorLikelihood) -> LeftOut:
    """Grade every anchor by the others.

    Args:
        model: The model.
        likelihood: The likelihood of the anchors under it.
    """
    anchors = likelihood.anchors
    probabilities = np.full((len(anchors.places), model.n_levels), np.nan)
    for i, place in enumerate(anchors.places):
        if anchors.without(i).n_grades > 1:
            one = slice(place, place + 1)
            found = model.fit(likelihood.without(i)).project(model.measures[one], model.variances[one])
            probabilities[i] = found.probabilities[0]
    return LeftOut(anchors.levels, probabilities)
