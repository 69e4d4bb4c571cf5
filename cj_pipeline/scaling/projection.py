"""Grades as probabilities, and what is read from them: the likeliest grade, the runner-up, plus and minus.

However the boundaries between grades were set, the result has this form.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.scaling.arrays import Floats, Ints

CLOSE_CALL = 0.1
"""An essay is near a boundary where its two likeliest grades differ by less than this in probability."""

_DECIMALS = 12
_MARK_SHARE = 0.25
"""Share of a grade's band at either end that is given a minus or a plus."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Grades of essays. Levels count from 0, the lowest.

    Attributes:
        at_least: Probability that an essay has at least a level, shape (n_essays, n_levels), falling along a row from
            1 in the first column.
        boundaries: Measure at which each level but the lowest begins, logits, shape (n_levels - 1,), rising.
        boundary_errors: Standard errors of the boundaries, logits, same shape.
    """

    at_least: Floats
    boundaries: Floats
    boundary_errors: Floats

    @property
    def n_levels(self) -> int:
        """Number of levels."""
        return int(self.at_least.shape[1])

    @property
    def probabilities(self) -> Floats:
        """Probability of each level, shape (n_essays, n_levels); every row adds up to 1."""
        return np.maximum(-np.diff(self.at_least, axis=1, append=0.0), 0.0)

    @property
    def likeliest(self) -> Ints:
        """Most likely level of every essay; of equally likely ones the lower, shape (n_essays,)."""
        # Equal probabilities differ by rounding, which must not choose a grade.
        return np.asarray(np.argmax(np.round(self.probabilities, _DECIMALS), axis=1))

    @property
    def runner_up(self) -> Ints:
        """Second most likely level of every essay, shape (n_essays,)."""
        rest = self.probabilities
        rest[np.arange(len(rest)), self.likeliest] = -1.0
        return np.asarray(np.argmax(rest, axis=1))

    @property
    def near_boundary(self) -> NDArray[np.bool_]:
        """Whether the two likeliest levels differ by less than `CLOSE_CALL`, shape (n_essays,)."""
        two = np.sort(self.probabilities, axis=1)[:, -2:]
        return np.asarray(two[:, 1] - two[:, 0] < CLOSE_CALL)

    def place_in_band(self, measures: Floats) -> Floats:
        """Where in the band of its likeliest level each essay lies: 0 at the lower boundary, 1 at the upper.

        The lowest and the highest band are open at one end; they count as wide as the others are on average. A measure
        outside the band of its likeliest level (which a narrow band allows) lies below 0 or above 1.

        Returns:
            Shape (n_essays,); 0.5 throughout where there is but one boundary, so that no band has a width.
        """
        if len(self.boundaries) < 2:  # noqa: PLR2004 (two boundaries make a band)
            return np.full(len(measures), 0.5)
        mean_width = (self.boundaries[-1] - self.boundaries[0]) / (len(self.boundaries) - 1)
        edges = np.concatenate([[self.boundaries[0] - mean_width], self.boundaries, [self.boundaries[-1] + mean_width]])
        low, high = edges[self.likeliest], edges[self.likeliest + 1]
        middle = np.full(len(measures), 0.5)
        return np.asarray(np.divide(measures - low, high - low, out=middle, where=high > low))


def band_marks(places: Floats) -> Ints:
    """Minus (-1) in the lowest quarter of a band, plus (+1) in the highest, else 0, shape (n_essays,)."""
    return np.where(places < _MARK_SHARE, -1, np.where(places > 1 - _MARK_SHARE, 1, 0)).astype(np.int64)
