"""How far apart the essays are: the standard deviation of the prior with the highest marginal likelihood.

The marginal likelihood, all parameters integrated out, is taken by Laplace's approximation: with the information
matrix H at the top of the log-posterior, n free measures and g common parameters (flat, but for their priors),
log Z = log posterior - n log(prior_sd) - log det(H) / 2 + g log(2 pi) / 2. Up to 500 essays log det(H) comes from a
Cholesky factor; above from probes (`determinant`), the same for all candidates. While candidates are compared there,
the common parameters' part of it is left out: it hardly changes with the prior.

Where judges never contradict themselves the marginal likelihood hardly falls however far the essays are apart. A
half-normal prior of `SPREAD_PRIOR_SD` logits on the standard deviation keeps it in bounds; it lowers a standard
deviation of 2 logits by about 2 % for 24 essays, and less for more.

References:
    Tierney and Kadane (1986), JASA 81, 82-86, https://doi.org/10.2307/2287970.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.determinant import (
    EXACT_UP_TO,
    exact_log_determinant,
    probed_log_determinant,
    trace_probes,
)
from cj_pipeline.scaling.elimination import eliminate
from cj_pipeline.scaling.newton import Summit, climb
from cj_pipeline.scaling.posterior import Posterior

SMALLEST_PRIOR_SD: Final = 0.05
"""Least standard deviation that is looked at, logits: essays that differ by less cannot be told from equal ones."""
LARGEST_PRIOR_SD: Final = 20.0
"""Largest standard deviation that is looked at, logits."""
SPREAD_PRIOR_SD: Final = 3.0
"""Standard deviation of the half-normal prior on the standard deviation, logits: model judges spread essays by 1.5 to
2.5."""

_FINE: Final = (0.3, 1e-4, 1e-7)
"""First step and tolerance for the logarithm of the standard deviation, and scaled gradient of the fits on the way."""
_COARSE: Final = (0.06, 1e-3, 1e-5)
"""The same where the log-determinant comes from probes."""
_FIRST_GUESS, _LEAST_GUESS, _MAX_GUESSES, _LIKE_GUESSES, _GUESS_TOLERANCE = 0.0, 0.2, 3, 0.15, 1e-2
_MAX_PARABOLAS = 40


@dataclass(frozen=True, slots=True)
class PriorEstimate:
    """A prior and the fit with it.

    Attributes:
        prior_sd: Standard deviation, logits.
        summit: Top of the log-posterior with it.
    """

    prior_sd: float
    summit: Summit


def estimate_prior(model: Posterior, probes: Floats | None) -> PriorEstimate:
    """Find the standard deviation with the highest marginal likelihood times `SPREAD_PRIOR_SD`'s prior.

    Args:
        model: What is fitted.
        probes: What `probes_for` gave.

    Raises:
        NotConvergedError: A fit on the way could not be computed.
    """
    search = _Search(model, probes)
    log_sd = _highest(search.height, search.guess(), search.first_step, search.tolerance)
    prior_sd = float(np.exp(log_sd))
    return PriorEstimate(prior_sd, climb(model, search.near(log_sd), prior_sd**-2))


class _Search:
    """Fits for one standard deviation after the other, each started from those before."""

    def __init__(self, model: Posterior, probes: Floats | None) -> None:
        self.model, self.probes = model, probes
        self.first_step, self.tolerance, self.climb_tolerance = _FINE if probes is None else _COARSE
        self.seen: list[tuple[float, Floats]] = []

    def guess(self) -> float:
        """Logarithm of a standard deviation that agrees with its own fit, but for a bias of some per cent.

        With n - precision * tr(H^-1) for the number of measures that the comparisons determine (MacKay 1992,
        https://doi.org/10.1162/neco.1992.4.3.415), the trace taken from the diagonal of H.
        """
        log_sd, before = _FIRST_GUESS, np.inf
        for _ in range(_MAX_GUESSES):
            if abs(log_sd - before) < _LIKE_GUESSES:
                break
            summit = self._climbed(log_sd, _GUESS_TOLERANCE)
            n, precision = self.model.layout.n_essays, float(np.exp(-2 * log_sd))
            determined = max(n - precision * float(np.sum(1.0 / summit.info.diagonal)), 1.0)
            measures = summit.at.x[:n]
            before, log_sd = log_sd, 0.5 * float(np.log(max(float(measures.var()) * n / determined, _LEAST_GUESS**2)))
        return log_sd

    def height(self, log_sd: float) -> float:
        """Log-evidence but for what is the same for all candidates."""
        summit = self._climbed(log_sd, self.climb_tolerance)
        half = _half_log_determinant(summit, self.probes)
        hyper = 0.5 * float(np.exp(2 * log_sd)) / SPREAD_PRIOR_SD**2
        return summit.at.value - _n_free(self.model) * log_sd - half - hyper

    def near(self, log_sd: float) -> Floats:
        """A point near the top, on the line through the two nearest that are known; widths as the nearest has them."""
        if not self.seen:
            return self.model.start(float(np.exp(-2 * log_sd)))
        (s, x), *others = sorted(self.seen, key=lambda known: abs(known[0] - log_sd))
        found = x.copy()
        if others and others[0][0] != s:
            n = self.model.layout.n_essays
            found[:n] += (others[0][1][:n] - x[:n]) * (log_sd - s) / (others[0][0] - s)
        return found

    def _climbed(self, log_sd: float, tolerance: float) -> Summit:
        summit = climb(self.model, self.near(log_sd), float(np.exp(-2 * log_sd)), tolerance)
        self.seen.append((log_sd, summit.at.x))
        return summit


def log_marginal_likelihood(summit: Summit, prior_sd: float, log_determinant: float) -> float:
    """Laplace approximation of the marginal likelihood, natural log.

    Args:
        summit: Top of the log-posterior.
        prior_sd: Standard deviation of its prior, logits, above 0.
        log_determinant: Of the whole information matrix there, natural log.
    """
    model = summit.info.posterior
    constant = 0.5 * model.layout.n_common * np.log(2 * np.pi)
    return float(summit.at.value - _n_free(model) * np.log(prior_sd) - 0.5 * log_determinant + constant)


def whole_log_determinant(summit: Summit, probes: Floats | None) -> float:
    """Log-determinant of the whole information matrix, natural log; exact where there are no probes."""
    if probes is None:
        return exact_log_determinant(summit.info)
    return probed_log_determinant(summit.info, probes) + eliminate(summit.info).log_determinant


def probes_for(n_essays: int, rng: np.random.Generator) -> Floats | None:
    """Probes for the log-determinant; None where it is computed exactly."""
    return None if n_essays <= EXACT_UP_TO else trace_probes(n_essays, rng)


def _half_log_determinant(summit: Summit, probes: Floats | None) -> float:
    found = exact_log_determinant(summit.info) if probes is None else probed_log_determinant(summit.info, probes)
    return found / 2


def _n_free(model: Posterior) -> int:
    return model.layout.n_essays if model.free is None else int(model.free.sum())


def _highest(height: Callable[[float], float], start: float, step: float, tolerance: float) -> float:
    """Where a function of one variable with one top is highest, within the bounds of the prior."""
    low, high = float(np.log(SMALLEST_PRIOR_SD)), float(np.log(LARGEST_PRIOR_SD))
    points = _bracket(height, min(max(start, low + step), high - step), step, (low, high))
    for _ in range(_MAX_PARABOLAS):
        (a, _), (b, fb), (c, _) = points
        if b in (low, high) or c - a < tolerance:
            break
        vertex = _vertex(points)
        if abs(vertex - b) < tolerance:
            break
        tried = (vertex, height(vertex))
        if tried[1] >= fb:
            points = (points[0], tried, points[1]) if vertex < b else (points[1], tried, points[2])
        else:
            points = (tried, points[1], points[2]) if vertex < b else (points[0], points[1], tried)
    return points[1][0]


_Points = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


def _vertex(points: _Points) -> float:
    """Top of the parabola through three points, kept inside them."""
    (a, fa), (b, fb), (c, fc) = points
    left, right = (b - a) * (fb - fc), (b - c) * (fb - fa)
    if left - right == 0:
        return (a + c) / 2
    vertex = b - 0.5 * ((b - a) * left - (b - c) * right) / (left - right)
    return min(max(vertex, a + 0.1 * (b - a)), c - 0.1 * (c - b))


def _bracket(height: Callable[[float], float], start: float, step: float, bounds: tuple[float, float]) -> _Points:
    """Three points, the middle one not lower than its neighbours, or at a bound the highest."""
    middle = (start, height(start))
    points = [(start - step, height(start - step)), middle, (start + step, height(start + step))]
    while True:
        best = max(points, key=lambda point: point[1])
        i = points.index(best)
        if 0 < i < len(points) - 1:
            return points[i - 1], points[i], points[i + 1]
        if best[0] in bounds:
            return best, best, best
        step *= 2
        x = min(max(best[0] + (step if i else -step), bounds[0]), bounds[1])
        points.insert(len(points) if i else 0, (x, height(x)))
