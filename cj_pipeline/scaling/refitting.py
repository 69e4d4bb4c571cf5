"""Many fits of the same comparisons at once, with other answers or other weights, near a fit that is known.

Simulated null distributions and repeated split halves need hundreds of fits that differ little from one another. Here
they are solved together: Newton steps whose linear systems are solved by conjugate gradients with the diagonal as
preconditioner, one column per fit. Only the measures are fitted anew; the position effect, cut points, judge effects
and the prior stay as they were, because every comparison bears on them and they hardly move.

What does not belong here: the fit that people are shown, with its certificate and its errors (estimate).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.incidence import Incidence, contrasts
from cj_pipeline.scaling.scale_fit import ScaleFit

WIDE_PRIOR_SD: Final = 10.0
"""Prior in place of none, logits: an essay that wins everything in a simulated set stays finite."""

_MAX_STEPS: Final = 40
_MAX_STEP_LOGITS: Final = 3.0
_MAX_PRODUCTS: Final = 300
_SOLVER_TOLERANCE: Final = 0.05
"""Relative residual of each linear system: the next Newton step mends what it leaves."""
_DRAW_TOLERANCE: Final = 0.1
"""Last step in seeking a draw, root mean square, logits: small beside the width of a posterior."""


@dataclass(frozen=True, slots=True)
class Model:
    """What turns measures into probabilities of answers, with everything but the measures held.

    Attributes:
        contrast: Advantage per measure, shape (n_rows, n_essays); measures that were fixed have none.
        offset: Advantage that does not depend on free measures, shape (n_rows, 1).
        edges: Cut points of every response format between minus and plus infinity, shape (n_formats, most K + 1).
        precision: 1 / prior_sd^2.
        data: The comparisons.
    """

    contrast: Incidence
    offset: Floats
    edges: Floats
    precision: float
    data: ComparisonData

    def advantage(self, measures: Floats) -> Floats:
        """Logit advantages, shape (n_rows, n_sets), from measures of shape (n_essays, n_sets)."""
        return np.asarray(self.contrast @ measures + self.offset, dtype=np.float64)

    def limits(self, category: Ints) -> tuple[Floats, Floats]:
        """Cut points above and below every answer, infinite at the ends, shape like `category`."""
        kind = self.data.response_format[:, None]
        return self.edges[kind, category + 1], self.edges[kind, category]


def slopes(advantage: Floats, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """First and negative second derivative of the log-likelihood of answers by the advantage.

    With u and l the cut points above and below the answer less the advantage, F the logistic function:
    F(u) + F(l) - 1 and F(u) F(-u) + F(l) F(-l). All arrays have one shape.
    """
    u, low = expit(above - advantage), expit(below - advantage)
    return u + low - 1.0, u * (1 - u) + low * (1 - low)


def held_model(fit: ScaleFit, data: ComparisonData, prior_sd: float | None = None) -> Model:
    """The fitted model with everything but the measures held.

    Args:
        fit: A fitted scale; measures with a standard error of 0 were fixed and stay so.
        data: The comparisons.
        prior_sd: Another standard deviation of the prior, logits; None: the fit's, or a wide one where it has none.
    """
    discrimination = fit.judge_discrimination[data.judge]
    every = contrasts(data, discrimination)
    free = np.asarray(fit.standard_errors != 0, dtype=np.float64)
    contrast = (every * free[None, :]).tocsr()
    fixed = every @ (fit.measures * (1 - free))
    offset = fixed + fit.position_effect + fit.judge_position[data.judge]
    sd = (fit.prior_sd or WIDE_PRIOR_SD) if prior_sd is None else prior_sd
    return Model(contrast, offset[:, None], _edges(fit.cut_points), 1 / sd**2, data)


def _edges(cut_points: tuple[Floats, ...]) -> Floats:
    most = max(len(cuts) for cuts in cut_points)
    edges = np.full((len(cut_points), most + 2), np.inf)
    edges[:, 0] = -np.inf
    for row, cuts in zip(edges, cut_points, strict=True):
        row[1 : len(cuts) + 1] = cuts
    return edges


def refit(
    model: Model,
    category: Ints,
    weight: Floats,
    start: Floats,
    *,
    tolerance: float,
    pull: float | Floats = 0.0,
    max_steps: int = _MAX_STEPS,
) -> Floats:
    """Measures of greatest posterior density for many sets of answers at once.

    Args:
        model: What is held.
        category: Answers, shape (n_rows, n_sets) or (n_rows, 1).
        weight: Weights, same shape or (n_rows, 1); 0 leaves a row out of a set.
        start: Measures to start from, shape (n_essays, n_sets).
        tolerance: Stop with the step whose root mean square over the measures is at most this in every set, logits;
            what is left is about its square.
        pull: What is added to the gradient of every measure, shape (n_essays, n_sets); 0: nothing.
        max_steps: Most Newton steps.

    Returns:
        Measures, shape (n_essays, n_sets).

    Raises:
        NotConvergedError: The measures still move by more after `max_steps`.
    """
    longest = np.inf
    x, back, (above, below) = start, model.contrast.T.tocsr(), model.limits(category)
    for _ in range(max_steps):
        slope, curvature = slopes(model.advantage(x), above, below)
        gradient = back @ (weight * slope) - model.precision * x + pull
        move = _solve(model, back, weight * curvature, gradient)
        longest = float(np.sqrt(np.max(np.mean(move**2, axis=0), initial=0.0)))
        x = x + np.clip(move, -_MAX_STEP_LOGITS, _MAX_STEP_LOGITS)
        if longest <= tolerance:
            return x
    raise NotConvergedError(
        f"a fit to simulated or divided comparisons still moved by {longest:.2g} logits after {max_steps} steps. "
        "Check the comparisons for impossible values, or choose a narrower prior."
    )


def _solve(model: Model, back: Incidence, curvature: Floats, right: Floats) -> Floats:
    """Preconditioned conjugate gradients on (contrast' curvature contrast + precision) x = right, column by column."""
    diagonal = back.multiply(back) @ curvature + model.precision
    x, r = np.zeros_like(right), right
    z = r / diagonal
    direction, rz = z, np.sum(r * z, axis=0)
    goal = _SOLVER_TOLERANCE**2 * rz
    for _ in range(_MAX_PRODUCTS):
        if np.all(rz <= goal):
            break
        image = back @ (curvature * (model.contrast @ direction)) + model.precision * direction
        length = rz / np.maximum(np.sum(direction * image, axis=0), np.finfo(float).tiny)
        x, r = x + length * direction, r - length * image
        z = r / diagonal
        rz, before = np.sum(r * z, axis=0), rz
        direction = z + rz / np.maximum(before, np.finfo(float).tiny) * direction
    return x


def posterior_draws(model: Model, measures: Floats, rng: np.random.Generator, n_sets: int) -> Floats:
    """Measures drawn from (nearly) their posterior, shape (n_essays, n_sets): maxima of a randomly pulled posterior.

    The gradient of the log-posterior is pulled by contrast' sqrt(curvature) e + sqrt(precision) e', with e and e'
    standard normal, and its new zero is sought. Where the posterior is normal, so are the draws, with its covariance;
    where it is skewed, as for an essay that won nearly everything, they are skewed in the same way, which draws from a
    normal approximation would miss (they are somewhat too wide there). No matrix is inverted.

    Args:
        model: What is held; its data are the answers that the measures were fitted to.
        measures: The fitted measures, where the search starts, shape (n_essays,).
        rng: Source of randomness.
        n_sets: Number of draws.
    """
    data, start = model.data, np.repeat(measures[:, None], n_sets, axis=1)
    spread = np.sqrt(data.weight[:, None] * expected_curvature(model, model.advantage(measures[:, None])))
    pull = model.contrast.T.tocsr() @ (spread * rng.standard_normal((len(data), n_sets)))
    pull += np.sqrt(model.precision) * rng.standard_normal(start.shape)
    return refit(model, data.category[:, None], data.weight[:, None], start, tolerance=_DRAW_TOLERANCE, pull=pull)


def expected_curvature(model: Model, advantage: Floats) -> Floats:
    """Information of one comparison about its advantage, averaged over its answers, shape like `advantage`."""
    total = np.zeros_like(advantage)
    kind = model.data.response_format[:, None]
    for k in range(model.edges.shape[1] - 1):
        above, below = (expit(model.edges[kind, k + step] - advantage) for step in (1, 0))
        total += (above - below) * (above * (1 - above) + below * (1 - below))
    return total
