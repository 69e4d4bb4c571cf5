"""How large standard errors have to be: what a design can give, before or whatever the answers.

Measures are drawn from the spread, every planned comparison is given the information it has at these measures, and the
errors follow from the graph that the comparisons make. A class whose errors are as large as its design lets expect is
healthy, however large they are; only more comparisons would help it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import linalg
from scipy.special import expit

from cj_pipeline.scaling.arrays import Floats, Ints

_EXACT_UP_TO: Final = 1000
_DRAWS_CELLS: Final = 40_000_000
_MOST_DRAWS: Final = 20


@dataclass(frozen=True, slots=True)
class ExpectedErrors:
    """Standard errors to be expected, logits.

    Attributes:
        mean: Mean over essays and draws.
        largest: Mean over draws of the largest of an essay.
        low: 2.5th percentile over draws of the mean over essays.
        high: 97.5th percentile.
    """

    mean: float
    largest: float
    low: float
    high: float


def expected_errors(
    first: Ints,
    second: Ints,
    n_essays: int,
    spread: float,
    rng: np.random.Generator,
    *,
    cuts: Floats | None = None,
    prior_sd: float | None = None,
) -> ExpectedErrors:
    """Standard errors that a design lets expect at a spread of the measures.

    For 24 essays with 10 comparisons each (a random regular design) and a spread of 1.5 logits the mean is about 0.8
    without a prior.

    Args:
        first: Index of the essay shown first in every planned comparison, shape (n_planned,).
        second: Index of the essay shown second.
        n_essays: Number of essays; comparisons have to link all of them unless there is a prior.
        spread: Standard deviation of the measures, logits.
        rng: Source of randomness.
        cuts: Cut points of the answers, shape (K - 1,); None: plain winners.
        prior_sd: Standard deviation of the prior that the fit has, logits: errors are then those of posterior means;
            None: none, errors are those of a maximum-likelihood fit. Either way in the sum-to-zero gauge.
    """
    limits = np.zeros(1) if cuts is None else cuts
    errors_of = _exact if n_essays <= _EXACT_UP_TO else _by_neighbours
    n_draws = int(np.clip(_DRAWS_CELLS // n_essays**3, 2, _MOST_DRAWS)) if n_essays <= _EXACT_UP_TO else 2
    precision = 0.0 if prior_sd is None else 1 / prior_sd**2
    means, largest = [], []
    for _ in range(n_draws):
        measures = rng.normal(0, spread, n_essays)
        weight = information(measures[first] - measures[second], limits)
        errors = errors_of(first, second, weight, n_essays, precision)
        means.append(float(errors.mean()))
        largest.append(float(errors.max()))
    low, high = np.quantile(means, [0.025, 0.975])
    return ExpectedErrors(float(np.mean(means)), float(np.mean(largest)), float(low), float(high))


def information(advantage: Floats, cuts: Floats) -> Floats:
    """Information of one comparison about its advantage, averaged over its answers, shape of `advantage`.

    For plain winners p (1 - p), at most 0.25; for many ordered categories it approaches 1/3, whatever the advantage.
    """
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    below = expit(edges[:, None] - advantage[None, :])
    slope = below * (1 - below)
    return np.asarray(np.sum(np.diff(below, axis=0) * (slope[1:] + slope[:-1]), axis=0), dtype=np.float64)


def _exact(first: Ints, second: Ints, weight: Floats, n: int, precision: float) -> Floats:
    """Square roots of the diagonal of the centred inverse of the information."""
    info = np.zeros((n, n))
    np.add.at(info, (first, second), -weight)
    np.add.at(info, (second, first), -weight)
    info[np.diag_indices(n)] -= info.sum(axis=1)
    # Adding a constant to every cell makes the matrix regular without touching differences of measures.
    level = max(float(np.trace(info)) / n**2, 1e-12)
    inverse = linalg.inv(info + level + precision * np.eye(n))
    centred = inverse - inverse.mean(axis=0)
    centred -= centred.mean(axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.maximum(np.diagonal(centred), 0.0)), dtype=np.float64)


def _by_neighbours(first: Ints, second: Ints, weight: Floats, n: int, precision: float) -> Floats:
    """Two terms of the series for the diagonal of the inverse: 1 / D (1 + sum of w^2 / (D D')), for large n."""
    own = np.bincount(first, weight, n) + np.bincount(second, weight, n) + precision
    own = np.maximum(own, 1e-12)
    code, where = np.unique(np.minimum(first, second) * n + np.maximum(first, second), return_inverse=True)
    tie = np.bincount(where, weight) ** 2
    a, b = code // n, code % n
    loop = np.bincount(a, tie / own[b], n) + np.bincount(b, tie / own[a], n)
    return np.asarray(np.sqrt((1 + loop / own) / own), dtype=np.float64)
