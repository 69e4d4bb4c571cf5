"""How wide grades are that lie at or beyond the ends of the anchored ones: about like the steps between anchors."""

from typing import Final

import numpy as np

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats

_SHAPE: Final = 2.0
"""Shape of the gamma distribution of a band's width: its standard deviation is 0.7 of its mean."""

_LEAST_STEP_SD: Final = 0.2
"""Least average step, in standard deviations of the measures, where anchors coincide or are inverted."""


def open_levels(anchors: Anchors, n_levels: int) -> tuple[int, ...]:
    """Levels with a boundary that no anchor lies beyond: at and beyond the lowest and the highest anchored grade."""
    low, high = int(anchors.levels.min()), int(anchors.levels.max())
    return tuple(k for k in range(1, n_levels - 1) if k <= low or k >= high)


def log_width_density(points: Floats, measures: Floats, sd: float, anchors: Anchors) -> Floats:
    """Logarithm of the density of such a level's width between two points, shape (n_points, n_points).

    A gamma distribution whose mean is the average step of the measures from one anchored grade to the next. It is not
    estimated from the anchors' fit: those of an outer grade would widen it without end, since none was picked from
    beyond it.

    Args:
        points: Where a boundary may lie, logits, shape (n_points,); the first and last infinite.
        measures: Of all essays, logits, shape (n_essays,).
        sd: Their standard deviation, logits.
        anchors: The anchors, of at least two grades.
    """
    low, high = int(anchors.levels.min()), int(anchors.levels.max())
    ends = [float(measures[anchors.places[anchors.levels == level]].mean()) for level in (low, high)]
    step = max((ends[1] - ends[0]) / (high - low), _LEAST_STEP_SD * sd)
    with np.errstate(invalid="ignore"):
        width = points[None, :] - points[:, None]
    width = np.where(np.isfinite(width) & (width > 0), width, 1.0)
    return np.asarray((_SHAPE - 1) * np.log(width) - _SHAPE * width / step)
