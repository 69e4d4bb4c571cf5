"""Newton's ascent to the top of the log-posterior, with a certificate."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.information import Information, information
from cj_pipeline.scaling.posterior import Evaluation, Posterior
from cj_pipeline.scaling.steps import newton_step

GRADIENT_TOLERANCE: Final = 1e-9
"""The fit has converged when no component of the gradient exceeds this, per comparison behind it."""

_MAX_STEPS: Final = 200
_MAX_HALVINGS: Final = 30
_LONGEST_STEP: Final = 3.0
"""Longest change of a parameter in one step, logits: far from the optimum the quadratic model overshoots."""
_LAST_STEP: Final = 10.0
_KEPT_WIDTH: Final = 0.1
"""Share of a category's width that one step leaves at least."""


@dataclass(frozen=True, slots=True)
class Summit:
    """Where the ascent ended.

    Attributes:
        at: The log-posterior there.
        info: The information matrix there.
        scaled_gradient: Largest gradient component per comparison behind it.
        n_steps: Steps taken.
    """

    at: Evaluation
    info: Information
    scaled_gradient: float
    n_steps: int

    @property
    def has_converged(self) -> bool:
        """Whether the certificate holds."""
        return self.scaled_gradient <= GRADIENT_TOLERANCE


def climb(posterior: Posterior, start: Floats, precision: float, tolerance: float = GRADIENT_TOLERANCE) -> Summit:
    """Climb from a point; whether the top was reached is for the caller to see.

    Args:
        posterior: What is climbed.
        start: Where to begin.
        precision: Prior precision of the measures, 0 for none.
        tolerance: Scaled gradient to stop at, after a step not longer than `_LAST_STEP` times its root: of Newton's
            next one, only about the square would be left.

    Raises:
        NotConvergedError: A step could not be computed.
    """
    scale = posterior.scale()
    at, length, n_steps = posterior.at(start, precision), np.inf, 0
    while True:
        info = information(posterior, at, precision)
        worst = float(np.max(np.abs(at.gradient) / scale))
        arrived = worst <= tolerance and length <= _LAST_STEP * np.sqrt(tolerance)
        if arrived or worst == 0 or n_steps == _MAX_STEPS:
            return Summit(at, info, worst, n_steps)
        step = _step(info, at, precision, min(1e-2, max(1e-9, 0.1 * worst)))
        at, length = _uphill(posterior, at, step * _bounded(posterior, at.x, step), precision)
        n_steps += 1


def _step(info: Information, at: Evaluation, precision: float, tolerance: float) -> Floats:
    """Newton's step, or Gauss and Newton's where the log-posterior is not concave."""
    model = info.posterior
    try:
        return newton_step(info, at.gradient, tolerance)
    except NotConvergedError:
        if not model.layout.n_discrimination:
            raise
    return newton_step(information(model, at, precision, gauss_newton=True), at.gradient, tolerance)


def _bounded(posterior: Posterior, x: Floats, step: Floats) -> float:
    """Share of a step that keeps it short and every width above zero."""
    share = min(1.0, _LONGEST_STEP / max(float(np.max(np.abs(step))), 1e-300))
    n, place = posterior.layout.n_essays, posterior.layout.widths
    widths, change = x[n:][place], step[n:][place]
    falling = change < 0
    if np.any(falling):
        share = min(share, float(np.min((1 - _KEPT_WIDTH) * widths[falling] / -change[falling])))
    return share


def _uphill(posterior: Posterior, before: Evaluation, step: Floats, precision: float) -> tuple[Evaluation, float]:
    """Take the step, halved until the log-posterior does not fall (beyond rounding); with its length."""
    slack = 1e-12 * max(1.0, abs(before.value))
    after = posterior.at(before.x + step, precision)
    for _ in range(_MAX_HALVINGS):
        if after.value >= before.value - slack:
            break
        step = step / 2
        after = posterior.at(before.x + step, precision)
    return after, float(np.max(np.abs(step)))
