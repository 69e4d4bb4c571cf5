r"""Grade boundaries from anchors: an ordinal model on fitted measures, in logits.

An essay of measure theta has a grade of at least k with probability Phi((theta - tau_k) / s). The boundaries tau_k rise
with k. The noise s says how far grades and measures disagree, for whatever reason: people who grade are not of one
mind, and a judge may value something else. Measures have errors, so theta is integrated over them; with the normal
distribution function that replaces s^2 by s^2 plus the error variance, exactly.

What is believed before any anchor is seen:

- each boundary between anchored grades may lie wherever the cohort has essays: the boundaries are distributed like an
  ordered sample of the cohort, and where the scale goes on beyond the anchored grades, one more for each such end;
- beyond the lowest and the highest anchored grade, bands are about as wide as the average step between anchored
  grades, with a gamma distribution;
- s is about 0.7 standard deviations of the measures, give or take a factor of e;
- where shares of the grades in the population are known, they take the place of the first two: the cohort's shares have
  a Dirichlet distribution around them, and since anchors are picked by grade, their likelihood is that of their
  measure given their grade.

Boundaries and noise are integrated numerically (threshold_chain), so few anchors make wide distributions of grades by
themselves. Why this model: docs/decisions/0020-grades-from-anchors.md.

References:
    McCullagh (1980), JRSS B 42, 109-142, https://doi.org/10.1111/j.2517-6161.1980.tb01109.x (ordinal regression).
    Albert and Chib (1993), JASA 88, 669-679, https://doi.org/10.1080/01621459.1993.10476321 (Bayesian, ordinal).
    Prentice and Pyke (1979), Biometrika 66, 403-411, https://doi.org/10.1093/biomet/66.3.403 (sampling by outcome).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.threshold_chain import forward_backward
from cj_pipeline.scaling.thresholds import Thresholds

NOISE_MEDIAN: Final = 0.7
"""Median of the noise before anchors are seen, in standard deviations of the measures. In published sessions measures
and grades correlate .56 to .86, which is a noise of 1.5 down to 0.6."""

NOISE_LOG_SD: Final = 1.0
"""Standard deviation of its logarithm."""

_NOISE_STEPS: Final = np.linspace(-2.5, 2.5, 9)
_POINTS_PER_SD: Final = 12
_FEWEST_POINTS, _MOST_POINTS = 80, 240
_MARGIN_SD: Final = 2.0
_GAP_SHAPE: Final = 2.0
"""Shape of the gamma distribution of a band's width: its standard deviation is 0.7 of its mean."""

_LEAST_STEP_SD: Final = 0.2
"""Least average step between anchored grades, where their measures coincide or are inverted."""

_MOST_IN_COHORT: Final = 2000
_TINY: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Shares:
    """What is known about the grades' shares in the population.

    Attributes:
        shares: Share of every level, shape (n_levels,), adding up to 1.
        weight: How many essays that knowledge counts for.
    """

    shares: Floats
    weight: float


class OrdinalModel:
    """The model on one set of measures, to be fitted to anchors.

    Args:
        measures: Logits, shape (n_essays,): the cohort, anchors included.
        variances: Their error variances, to be added up for differences, same shape.
        n_levels: Number of levels of the scale, at least 2.
        shares: What is known about the grades' shares, if anything.
    """

    def __init__(self, measures: Floats, variances: Floats, n_levels: int, shares: Shares | None = None) -> None:
        self._measures, self._variances = measures, variances
        self.n_levels, self._shares = n_levels, shares
        self._sd = float(np.sqrt(measures.var() + variances.mean()))
        self._noise = NOISE_MEDIAN * self._sd * np.exp(NOISE_LOG_SD * _NOISE_STEPS)

    def fit(self, anchors: Anchors) -> Thresholds:
        """Distribution of the boundaries given anchors.

        Raises:
            ValueError: The anchors are all of one grade: nothing can be said about a boundary.
        """
        if anchors.n_grades < 2:  # noqa: PLR2004 (a boundary lies between two grades)
            raise ValueError("boundaries need anchors of at least two grades")
        step = self._step(anchors)
        points = self._grid(anchors, step)
        prior = self._gap_prior(points, anchors, step) if self._shares is None else None
        found = [forward_backward(self._links(noise, points, anchors, prior)) for noise in self._noise]
        log_weights = np.array([total for total, _ in found]) - _NOISE_STEPS**2 / 2
        weights = np.exp(log_weights - log_weights.max())
        marginals = np.array([marginal[:, 1:-1] for _, marginal in found])
        return Thresholds(points[1:-1], self._noise, weights / weights.sum(), marginals)

    def _step(self, anchors: Anchors) -> float:
        """Average step of the measures from one anchored grade to the next, logits."""
        low, high = int(anchors.levels.min()), int(anchors.levels.max())
        ends = [float(self._measures[anchors.places[anchors.levels == level]].mean()) for level in (low, high)]
        return max((ends[1] - ends[0]) / (high - low), _LEAST_STEP_SD * self._sd)

    def _grid(self, anchors: Anchors, step: float) -> Floats:
        """Points a boundary may lie at, wide enough for the grades beyond the anchors; the first and last infinite."""
        beyond = int(anchors.levels.min()), self.n_levels - 1 - int(anchors.levels.max())
        low = self._measures.min() - _MARGIN_SD * self._sd - 2 * beyond[0] * step
        high = self._measures.max() + _MARGIN_SD * self._sd + 2 * beyond[1] * step
        n = int(np.clip(_POINTS_PER_SD * (high - low) / self._sd, _FEWEST_POINTS, _MOST_POINTS))
        return np.concatenate([[-np.inf], np.linspace(low, high, n), [np.inf]])

    def _gap_prior(self, points: Floats, anchors: Anchors, step: float) -> list[Floats | None]:
        """Per level, the logarithm of the density of its width where no anchor lies beyond it; None elsewhere."""
        low, high = int(anchors.levels.min()), int(anchors.levels.max())
        with np.errstate(invalid="ignore"):
            width = points[None, :] - points[:, None]
        finite = np.where(np.isfinite(width) & (width > 0), width, 1.0)
        density = (_GAP_SHAPE - 1) * np.log(finite) - _GAP_SHAPE * finite / step
        inner = range(1, self.n_levels - 1)
        return [density if k in inner and (k <= low or k >= high) else None for k in range(self.n_levels)]

    def _links(self, noise: float, points: Floats, anchors: Anchors, prior: list[Floats | None] | None) -> list[Floats]:
        """Per level, the logarithm of its factor given the boundary below it and the one above it."""
        low, high = int(anchors.levels.min()), int(anchors.levels.max())
        share, density = self._cohort(noise, points)
        links = []
        for level in range(self.n_levels):
            own = anchors.places[anchors.levels == level]
            link = self._likelihood(noise, points, own) + self._impossible(points, level)
            if prior is None:
                link += self._share_prior(level, len(own), share)
            elif (gap := prior[level]) is not None:
                link += gap
            # The density of the boundary above this level belongs to it.
            if level < self.n_levels - 1 and (prior is None or low <= level < high):
                link += density[None, :]
            links.append(link)
        if prior is not None:
            self._leave_room(links, low, high, share)
        return links

    def _leave_room(self, links: list[Floats], low: int, high: int, share: Floats) -> None:
        """Where the scale goes on beyond the anchored grades, expect as much of the cohort there as in any grade."""
        if low > 0:
            links[low] += np.log(np.maximum(share, _TINY))[None, :]
        if high < self.n_levels - 1:
            links[high - 1] += np.log(np.maximum(1 - share, _TINY))[None, :]

    def _likelihood(self, noise: float, points: Floats, own: Ints) -> Floats:
        """Log-probability that all these anchors have the level between two points."""
        link = np.zeros((len(points), len(points)))
        reach = np.sqrt(noise**2 + self._variances[own])
        for below in ndtr((points[None, :] - self._measures[own][:, None]) / reach[:, None]):
            link += np.log(np.maximum(below[None, :] - below[:, None], _TINY))
        return link

    def _impossible(self, points: Floats, level: int) -> Floats:
        """Zero where a level may lie between two points, else -inf: in order, open at the ends of the scale only."""
        rising = np.triu(np.ones((len(points), len(points)), dtype=bool), k=1)
        rising[1:, :] &= level > 0
        rising[0, :] &= level == 0
        rising[:, :-1] &= level < self.n_levels - 1
        rising[:, -1] &= level == self.n_levels - 1
        return np.where(rising, 0.0, -np.inf)

    def _cohort(self, noise: float, points: Floats) -> tuple[Floats, Floats]:
        """Share of the cohort below every point, and the logarithm of its density there, noise included."""
        keep = np.argsort(self._measures)[:: max(1, len(self._measures) // _MOST_IN_COHORT)]
        reach = np.sqrt(noise**2 + self._variances[keep])[:, None]
        z = (points[None, :] - self._measures[keep][:, None]) / reach
        density = np.mean(np.exp(-(z**2) / 2) / reach, axis=0)
        return ndtr(z).mean(axis=0), np.log(np.maximum(density, _TINY))

    def _share_prior(self, level: int, n_anchors: int, share_below: Floats) -> Floats:
        """Log-density of the cohort's share of a level, with the share taken out that picking by grade put in."""
        assert self._shares is not None  # noqa: S101 (asked for only then)
        share = np.maximum(share_below[None, :] - share_below[:, None], _TINY)
        return np.asarray((self._shares.weight * self._shares.shares[level] - n_anchors) * np.log(share))
