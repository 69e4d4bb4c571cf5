r"""Grade boundaries from anchors: an ordinal model on fitted measures, in logits.

An essay of measure theta has a grade of at least k with probability Phi((theta - tau_k) / s). The boundaries tau_k rise
with k. The noise s says how far grades and measures disagree, for whatever reason: people who grade are not of one
mind, and a judge may value something else. Measures have errors, so theta is integrated over them; with the normal
distribution function that replaces s^2 by s^2 plus the error variance, exactly.

What is believed before any anchor is seen:

- each boundary between anchored grades may lie wherever the cohort has essays: the boundaries are distributed like an
  ordered sample of the cohort, and where the scale goes on beyond the anchored grades, one more for each such end;
- at and beyond the lowest and the highest anchored grade, bands are about as wide as the average step between anchored
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

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.anchor_likelihood import TINY, AnchorLikelihood, anchor_likelihood, log_between
from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.band_widths import log_width_density, open_levels
from cj_pipeline.scaling.threshold_chain import forward_backward, possible
from cj_pipeline.scaling.thresholds import Thresholds

NOISE_MEDIAN: Final = 0.7
"""Median of the noise before anchors are seen, in standard deviations of the measures. In published sessions measures
and grades correlate .56 to .86, which is a noise of 1.5 down to 0.6."""

NOISE_LOG_SD: Final = 1.0
"""Standard deviation of its logarithm."""

_NOISE_STEPS: Final = np.linspace(-2.5, 2.5, 9)
_POINTS_PER_SD: Final = 10
_FEWEST_POINTS, _MOST_POINTS = 80, 160
_MARGIN_SD: Final = 4.0
_MOST_IN_COHORT: Final = 2000
_LEAST_SD: Final = 1e-9
"""Stands for the spread of measures that do not differ at all: then any boundary is as good as another."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What is known about the grades' shares in the population.

    Attributes:
        shares: Share of every level, shape (n_levels,), adding up to 1.
        weight: How many essays that knowledge counts for.
    """

    shares: Floats
    weight: float


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Share of the cohort below and above every point, and the logarithm of its density there, each (n_points,)."""

    below: Floats
    above: Floats
    log_density: Floats


class OrdinalModel:
    """The model on one set of measures, to be fitted to anchors.

    Args:
        measures: Logits, shape (n_essays,): the cohort, anchors included.
        variances: Their error variances, to be added up for differences, same shape.
        n_levels: Number of levels of the scale, at least 2.
        shares: What is known about the grades' shares, if anything.
    """

    def __init__(self, measures: Floats, variances: Floats, n_levels: int, shares: Shares | None = None) -> None:
        self.measures, self.variances, self.n_levels = measures, variances, n_levels
        self._shares = shares
        self._sd = max(float(np.sqrt(measures.var() + variances.mean())), _LEAST_SD)
        self._noise = NOISE_MEDIAN * self._sd * np.exp(NOISE_LOG_SD * _NOISE_STEPS)
        low, high = measures.min() - _MARGIN_SD * self._sd, measures.max() + _MARGIN_SD * self._sd
        n_points = int(np.clip(_POINTS_PER_SD * (high - low) / self._sd, _FEWEST_POINTS, _MOST_POINTS))
        self._points = np.concatenate([[-np.inf], np.linspace(low, high, n_points), [np.inf]])
        self._possible = [possible(n_points + 2, level, n_levels) for level in range(n_levels)]
        self._cohort = [self._cohort_under(noise) for noise in self._noise]

    def likelihood(self, anchors: Anchors) -> AnchorLikelihood:
        """The likelihood of anchors, from which any of them can be taken out again."""
        return anchor_likelihood(
            self._points, self._noise, self.measures, self.variances, anchors, n_levels=self.n_levels
        )

    def fit(self, likelihood: AnchorLikelihood) -> Thresholds:
        """Distribution of the boundaries given anchors.

        Raises:
            ValueError: The anchors are all of one grade: nothing can be said about a boundary.
        """
        if likelihood.anchors.n_grades < 2:  # noqa: PLR2004 (a boundary lies between two grades)
            raise ValueError("boundaries need anchors of at least two grades")
        found = [forward_backward(list(self._links(i, likelihood))) for i in range(len(self._noise))]
        log_weights = np.array([total for total, _ in found]) - _NOISE_STEPS**2 / 2
        weights = np.exp(log_weights - log_weights.max())
        marginals = np.array([marginal[:, 1:-1] for _, marginal in found])
        return Thresholds(self._points[1:-1], self._noise, weights / weights.sum(), marginals)

    def _links(self, i: int, likelihood: AnchorLikelihood) -> Iterator[Floats]:
        """Per level, the logarithm of its factor under the i-th noise: what is possible, seen and believed of it."""
        anchors = likelihood.anchors
        open_ones = open_levels(anchors, self.n_levels) if self._shares is None else ()
        width = log_width_density(self._points, self.measures, self._sd, anchors) if open_ones else 0.0
        for level, prior in enumerate(self._prior(i, likelihood)):
            link = self._possible[level] + likelihood.links[i, level] + prior
            yield link + width if level in open_ones else link

    def _prior(self, i: int, likelihood: AnchorLikelihood) -> Iterator[Floats | float]:
        """Per level, the logarithm of what is believed of it beside its anchors' likelihood, but for its width."""
        cohort, levels = self._cohort[i], likelihood.anchors.levels
        low, high = int(levels.min()), int(levels.max())
        for level in range(self.n_levels):
            prior: Floats | float = 0.0
            if self._shares is not None:
                n_anchors = int(np.count_nonzero(levels == level))
                prior += self._about_share(cohort, level, n_anchors, likelihood.links[i, level])
            # The density of the boundary above a level belongs to it.
            if level < self.n_levels - 1 and (self._shares is not None or low <= level < high):
                prior += cohort.log_density[None, :]
            if self._shares is None and level == low > 0:
                prior += np.log(np.maximum(cohort.below, TINY))[None, :]
            if self._shares is None and level == high - 1 < self.n_levels - 2:
                prior += np.log(np.maximum(cohort.above, TINY))[None, :]
            yield prior

    def _about_share(self, cohort: "_Cohort", level: int, n_anchors: int, link: Floats) -> Floats:
        """Log-density of the cohort's share of a level, and the share that picking anchors by grade put in taken out.

        The anchors belong to the cohort, so its share is no less than theirs (by means, the geometric below the
        arithmetic one); without this bound a share too small for the machine would make anchors seem certain.
        """
        assert self._shares is not None  # noqa: S101 (asked for only then)
        share = log_between(cohort.below, cohort.above)
        if n_anchors:
            share = np.maximum(share, link / n_anchors + np.log(n_anchors / len(self.measures)))
        return np.asarray((self._shares.weight * self._shares.shares[level] - n_anchors) * share)

    def _cohort_under(self, noise: float) -> "_Cohort":
        """Where the cohort lies if it is seen with this noise."""
        keep = np.argsort(self.measures)[:: max(1, len(self.measures) // _MOST_IN_COHORT)]
        reach = np.sqrt(noise**2 + self.variances[keep])[:, None]
        z = (self._points[None, :] - self.measures[keep][:, None]) / reach
        density = np.mean(np.exp(-(z**2) / 2) / reach, axis=0)
        return _Cohort(ndtr(z).mean(axis=0), ndtr(-z).mean(axis=0), np.log(np.maximum(density, TINY)))
