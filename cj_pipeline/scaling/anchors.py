"""Anchors, and whether their measures keep the order of their grades."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.arrays import Floats, Ints

ALPHA: Final = 0.05
"""Chance that anchors whose measures are truly in order are said to be inverted beyond their errors."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Essays of known grade.

    Attributes:
        places: Place of each among the essays, shape (n_anchors,).
        levels: Its level, 0 for the lowest, same shape.
    """

    places: Ints
    levels: Ints

    @property
    def n_grades(self) -> int:
        """Number of different grades among them."""
        return len(np.unique(self.levels))

    def without(self, i: int) -> "Anchors":
        """All but the i-th of them."""
        return Anchors(np.delete(self.places, i), np.delete(self.levels, i))


@dataclass(frozen=True, slots=True)
class Inversion:
    """Two anchors whose measures contradict their grades.

    Attributes:
        lower: Which anchor has the lower grade, by its number among the anchors.
        higher: Which has the higher grade, and the lower measure.
        gap: By how much the measures contradict the grades, logits, above 0.
        gap_error: Standard error of the gap, logits.
        explained: Whether errors of measurement alone may have done it.
    """

    lower: int
    higher: int
    gap: float
    gap_error: float
    explained: bool


def inversions(measures: Floats, variances: Floats, anchors: Anchors) -> list[Inversion]:
    """Pairs of anchors of different grade whose measures are the wrong way round, widest gap first.

    A gap counts as unexplained where a normal error of its standard error would reach it with a probability below
    `ALPHA` divided by the number of pairs (Bonferroni). So anchors whose true measures keep the order of their grades
    show any unexplained inversion with a probability of `ALPHA` at most, however many anchors there are.

    Args:
        measures: Of all essays, logits, shape (n_essays,).
        variances: Their error variances, to be added up for differences, same shape.
        anchors: The anchors.
    """
    measure, variance = measures[anchors.places], variances[anchors.places]
    lower, higher = np.nonzero(anchors.levels[:, None] < anchors.levels[None, :])
    gap, error = measure[lower] - measure[higher], np.sqrt(variance[lower] + variance[higher])
    chance = ndtr(-gap / np.maximum(error, np.finfo(float).tiny))
    found = [
        Inversion(int(lower[i]), int(higher[i]), float(gap[i]), float(error[i]), bool(chance[i] * len(gap) >= ALPHA))
        for i in np.flatnonzero(gap > 0)
    ]
    return sorted(found, key=lambda each: -each.gap)
