"""What is known about the boundaries between grades, and the grades that follow for essays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.projection import Projection

_BLOCK: Final = 5000
"""Essays graded at once, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Distribution of the boundaries.

    Attributes:
        points: The grid, logits, shape (n_points,).
        noise: The noises considered, logits, some of them several times, shape (n_cases,).
        noise_weights: Probability of each case, same shape.
        marginals: Probability of every point for every boundary in each case, shape (n_cases, n_levels - 1, n_points).
    """

    points: Floats
    noise: Floats
    noise_weights: Floats
    marginals: Floats

    @property
    def expected_noise(self) -> float:
        """Noise as expected, logits."""
        return float(self.noise_weights @ self.noise)

    @property
    def distribution(self) -> Floats:
        """Probability of every point for every boundary, shape (n_levels - 1, n_points)."""
        return np.asarray(np.einsum("s,skm->km", self.noise_weights, self.marginals))

    def project(self, measures: Floats, variances: Floats) -> Projection:
        """Grades of essays.

        Args:
            measures: Logits, shape (n_essays,).
            variances: Their error variances, same shape.
        """
        parts = [
            self._at_least(measures[i : i + _BLOCK], variances[i : i + _BLOCK]) for i in range(0, len(measures), _BLOCK)
        ]
        means = self.distribution @ self.points
        spread = self.distribution @ np.square(self.points) - np.square(means)
        return Projection(np.concatenate(parts), means, np.sqrt(np.maximum(spread, 0.0)))

    def _at_least(self, measures: Floats, variances: Floats) -> Floats:
        found = np.zeros((len(measures), self.marginals.shape[1] + 1))
        found[:, 0] = 1.0
        for noise, weight, marginal in zip(self.noise, self.noise_weights, self.marginals, strict=True):
            reach = np.sqrt(noise**2 + variances)[:, None]
            found[:, 1:] += weight * (ndtr((measures[:, None] - self.points) / reach) @ marginal.T)
        return np.asarray(np.minimum.accumulate(np.minimum(found, 1.0), axis=1))
