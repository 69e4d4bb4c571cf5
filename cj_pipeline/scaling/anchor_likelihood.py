"""How likely the anchors' grades are, given where the boundaries lie."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats

TINY = 1e-300
"""Stands for probabilities too small to be told from zero, so that they have a logarithm."""


@dataclass(frozen=True, slots=True)
class AnchorLikelihood:
    """The anchors' likelihood for every noise and level, from which any anchor can be taken out again.

    Attributes:
        anchors: The anchors.
        points: Where a boundary may lie, logits, shape (n_points,); the first and last infinite.
        noise: Noises considered, logits, shape (n_noise,).
        measures: Measures of the anchors, logits, shape (n_anchors,).
        variances: Their error variances, same shape.
        links: Log-likelihood of each level's anchors given its lower boundary (row) and upper one (column), shape
            (n_noise, n_levels, n_points, n_points).
    """

    anchors: Anchors
    points: Floats
    noise: Floats
    measures: Floats
    variances: Floats
    links: Floats

    def without(self, i: int) -> "AnchorLikelihood":
        """The likelihood of all anchors but the i-th."""
        links = self.links.copy()
        links[:, self.anchors.levels[i]] -= _link(self.points, self.noise, self.measures[i], self.variances[i])
        kept = np.delete(np.arange(len(self.measures)), i)
        measures, variances = self.measures[kept], self.variances[kept]
        return replace(self, anchors=self.anchors.without(i), measures=measures, variances=variances, links=links)


def anchor_likelihood(
    points: Floats, noise: Floats, measures: Floats, variances: Floats, anchors: Anchors, *, n_levels: int
) -> AnchorLikelihood:
    """Likelihood of the anchors' grades.

    Args:
        points: Where a boundary may lie, logits, shape (n_points,); the first and last infinite.
        noise: Noises considered, logits, shape (n_noise,).
        measures: Of all essays, logits, shape (n_essays,).
        variances: Their error variances, same shape.
        anchors: The anchors.
        n_levels: Number of levels of the scale.
    """
    own, errors = measures[anchors.places], variances[anchors.places]
    links = np.zeros((len(noise), n_levels, len(points), len(points)))
    for level, measure, variance in zip(anchors.levels, own, errors, strict=True):
        links[:, level] += _link(points, noise, measure, variance)
    return AnchorLikelihood(anchors, points, noise, own, errors, links)


def _link(points: Floats, noise: Floats, measure: float, variance: float) -> Floats:
    """Log-probability that one essay lies between two points, shape (n_noise, n_points, n_points)."""
    z = (points - measure) / np.sqrt(noise**2 + variance)[:, None]
    return log_between(ndtr(z), ndtr(-z))


def log_between(below: Floats, above: Floats) -> Floats:
    """Logarithm of the probability between any two points, from those below and above each, shape (..., n, n).

    Of the two differences that give it, the one of small numbers is taken: one minus nearly one keeps no digits.
    """
    lower = below[..., None, :] - below[..., :, None]
    upper = above[..., :, None] - above[..., None, :]
    between = np.where(below[..., :, None] < above[..., :, None], lower, upper)
    return np.asarray(np.log(np.maximum(between, TINY)))
