"""The common parameters once the measures are eliminated, exactly, for scales too large to invert."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.steps import solve_measures

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Elimination:
    """What elimination leaves, with the information in blocks A (measures), U (border) and G (corner).

    Attributes:
        response: A^-1 U, how measures answer to common parameters (with a minus), shape (n_essays, n_common).
        covariance: (G - U' A^-1 U)^-1, covariance of the common parameters, shape (n_common, n_common).
        log_determinant: log det (G - U' A^-1 U), natural log.
    """

    response: Floats
    covariance: Floats
    log_determinant: float


def eliminate(info: Information) -> Elimination:
    """Eliminate the measures by conjugate gradients.

    Raises:
        NotConvergedError: The equations were not solved.
        EstimationError: The comparisons do not determine the common parameters.
    """
    if not len(info.corner):
        return Elimination(info.border, info.corner, 0.0)
    response = solve_measures(info, info.border, _TOLERANCE)
    left = info.corner - info.border.T @ response
    factor, singular = linalg.lapack.dpotrf((left + left.T) / 2, lower=True)
    if singular:
        raise EstimationError(
            "the comparisons do not determine the common parameters: fit fewer judge effects, or give the measures a "
            "prior (prior_sd above 0)."
        )
    covariance = linalg.cho_solve((factor, True), np.eye(len(left)))
    return Elimination(response, covariance, 2.0 * float(np.log(np.diagonal(factor)).sum()))
