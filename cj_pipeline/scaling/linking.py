"""Linking: measures of this scale in units of another one, through anchors whose measures are known there.

References:
    Kolen and Brennan (2014), Test Equating, Scaling, and Linking, chapter 6, https://doi.org/10.1007/978-1-4939-0317-7.
    DerSimonian and Laird (1986), Controlled Clinical Trials 7, 177-188, https://doi.org/10.1016/0197-2456(86)90046-2
    (scatter beyond the stated errors).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.projection import Projection

FEWEST_FOR_SLOPE = 3
"""Anchors needed to estimate how many units of the other scale a logit of this one is; with fewer it is one."""

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """How this scale maps to the known one: known = shift + slope * measure.

    Attributes:
        shift: Known measure at measure zero.
        slope: Units of the known scale per logit.
        covariance: Of shift and slope, shape (2, 2).
        scatter: Standard deviation of the essays about the line beyond all stated errors, units of the known scale.
    """

    shift: float
    slope: float
    covariance: Floats
    scatter: float

    def known(self, measures: Floats, variances: Floats) -> tuple[Floats, Floats]:
        """Measures on the known scale and their variances: errors of measure and of the link, and the scatter."""
        line = np.stack([np.ones_like(measures), measures], axis=1)
        linking = np.einsum("ni,ij,nj->n", line, self.covariance, line)
        return line @ np.array([self.shift, self.slope]), self.slope**2 * variances + linking + self.scatter**2

    def back(self, boundaries: Floats) -> tuple[Floats, Floats]:
        """Places of known values on this scale, logits, and their standard errors."""
        places = (boundaries - self.shift) / self.slope
        line = np.stack([np.ones_like(places), places], axis=1)
        return places, np.sqrt(np.einsum("ni,ij,nj->n", line, self.covariance, line)) / self.slope


def link(known: Floats, known_errors: Floats, places: Ints, measures: Floats, variances: Floats) -> Link:
    """Link two scales by weighted least squares of the known measures on the fitted ones.

    The fitted measures are posterior means, so their errors do not flatten the line. What the anchors scatter about it
    beyond all stated errors is estimated and counted as error of every essay.

    Args:
        known: Known measures of the anchors, shape (n_anchors,), n_anchors at least 1.
        known_errors: Their standard errors, same shape.
        places: Places of the anchors among the essays, same shape.
        measures: Fitted measures of all essays, logits, shape (n_essays,).
        variances: Their error variances, same shape.

    Returns:
        The link; its slope is 1 with fewer than `FEWEST_FOR_SLOPE` anchors or where their measures do not differ.

    Raises:
        ValueError: There is no anchor, or the known measures fall where the fitted ones rise: the two do not measure
            the same.
    """
    x, error = measures[places], variances[places]
    if not len(x):
        raise ValueError("a link needs an anchor")
    sloped = len(x) >= FEWEST_FOR_SLOPE and float(np.ptp(x)) > 0
    design = np.stack([np.ones_like(x), x], axis=1)[:, : 1 + sloped]
    slope, scatter = 1.0, 0.0
    coefficients, covariance = np.zeros(1), np.zeros((1, 1))
    for _ in range(_ROUNDS):
        stated = known_errors**2 + slope**2 * error
        target = known if sloped else known - x
        coefficients, covariance, scatter = _least_squares(design, target, stated)
        slope = float(coefficients[1]) if sloped else 1.0
        if slope <= 0:
            raise ValueError("the known measures fall where the fitted measures rise")
    full = np.zeros((2, 2))
    full[: len(covariance), : len(covariance)] = covariance
    return Link(float(coefficients[0]), slope, full, scatter)


def _least_squares(design: Floats, target: Floats, stated: Floats) -> tuple[Floats, Floats, float]:
    """Weighted least squares; returns coefficients, their covariance, and the scatter beyond the stated variances."""
    stated = np.maximum(stated, np.finfo(float).eps)
    scatter = _excess(design, target, stated)
    weights = 1 / (stated + scatter)
    covariance = np.asarray(np.linalg.inv(design.T @ (weights[:, None] * design)), dtype=np.float64)
    return covariance @ (design.T @ (weights * target)), covariance, float(np.sqrt(scatter))


def _excess(design: Floats, target: Floats, stated: Floats) -> float:
    """Variance about the line beyond the stated one, by the method of moments; 0 where nothing is left over."""
    weights = 1 / stated
    hat = np.linalg.inv(design.T @ (weights[:, None] * design))
    residual = target - design @ (hat @ (design.T @ (weights * target)))
    free = len(target) - design.shape[1]
    trace = weights.sum() - np.trace(hat @ (design.T @ (weights[:, None] ** 2 * design)))
    return max(0.0, float((weights @ residual**2 - free) / trace)) if free > 0 else 0.0


def project_linked(linked: Link, boundaries: Floats, measures: Floats, variances: Floats) -> Projection:
    """Grades by boundaries that are set on the known scale.

    Args:
        linked: The link.
        boundaries: Where each level but the lowest begins, units of the known scale, shape (n_levels - 1,), rising.
        measures: Fitted measures, logits, shape (n_essays,).
        variances: Their error variances, same shape.
    """
    known, variance = linked.known(measures, variances)
    reach = np.sqrt(np.maximum(variance, np.finfo(float).eps))[:, None]
    at_least = ndtr((known[:, None] - boundaries) / reach)
    places, errors = linked.back(boundaries)
    return Projection(np.concatenate([np.ones((len(known), 1)), at_least], axis=1), places, errors)
