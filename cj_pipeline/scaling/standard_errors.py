"""Standard errors of the measures in the gauge of the scale, exactly from the whole information matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.steps import held


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of everything that was fitted.

    Attributes:
        standard_errors: Of the measures, logits, shape (n_essays,).
        covariance: Of the measures, shape (n_essays, n_essays); None where it was not computed.
        common: Covariance of the common parameters, shape (n_common, n_common).
        method: How they were computed.
        monte_carlo: Relative Monte-Carlo error of the standard errors, root mean square; 0 where exact.
        log_determinant: Of the whole information matrix, natural log; None where it did not come along.
    """

    standard_errors: Floats
    covariance: Floats | None
    common: Floats
    method: Literal["exact", "probe", "none"]
    monte_carlo: float = 0.0
    log_determinant: float | None = None


def exact_errors(info: Information) -> Errors:
    """Invert the whole information matrix; time grows with the cube of the number of essays.

    The measures' covariance is that of the measures minus their mean, unless measures are fixed: then it is that of
    the measures, zero for the fixed ones.

    Raises:
        EstimationError: The matrix is singular.
    """
    n, free = len(info.likelihood_diagonal), info.posterior.free
    inverse, log_determinant = _inverse(held(info))
    covariance = inverse[:n, :n]
    if free is None:
        means = covariance.mean(axis=0)
        covariance = covariance - means
        covariance -= (means - means.mean())[:, None]
    else:
        covariance = np.where(free & free[:, None], covariance, 0.0)
    return Errors(
        np.sqrt(np.diagonal(covariance)), covariance, inverse[n:, n:], "exact", log_determinant=log_determinant
    )


def no_errors(info: Information) -> Errors:
    """Errors that were not asked for: NaN."""
    n, n_common = info.border.shape
    return Errors(np.full(n, np.nan), None, np.full((n_common, n_common), np.nan), "none")


def _inverse(matrix: Floats) -> tuple[Floats, float]:
    """Inverse and log-determinant of a positive definite matrix, which is overwritten."""
    factor, singular = linalg.lapack.dpotrf(matrix, lower=True, overwrite_a=True)
    if singular:
        raise EstimationError(
            "the comparisons do not determine all parameters: standard errors do not exist. Fit fewer judge effects, "
            "or give the measures a prior (prior_sd above 0)."
        )
    log_determinant = 2.0 * float(np.log(np.diagonal(factor)).sum())
    lower, _ = linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    # Above the diagonal there are zeros: the factor was cleaned, and only its lower half is inverted.
    inverse: Floats = lower + lower.T
    inverse[np.diag_indices(len(inverse))] /= 2
    return inverse, log_determinant
