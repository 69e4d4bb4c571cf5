"""Errors of measures without a reference: one variance per essay, such that variances of differences add up.

A measure has its error only against others, and errors of measures on a mean-zero scale are correlated. Where a grade
boundary is set against a measure, the variance of the difference counts. Quasi-variances q give it as q_i + q_j.
"""

import numpy as np

from cj_pipeline.scaling.arrays import Floats

_LEAST_SHARE = 0.05
"""Least share of its ordinary variance that an essay keeps, where the approximation would leave none."""


def error_variances(standard_errors: Floats, covariance: Floats | None) -> Floats:
    """Error variance of every measure, to be added up for differences.

    The quasi-variances fit the variances of all differences by least squares. For a design in which every essay is
    compared alike they give them exactly.

    Args:
        standard_errors: Standard errors of the measures, logits, shape (n_essays,).
        covariance: Covariance of the measures, shape (n_essays, n_essays); None where it was not computed (very many
            essays): then the squared standard errors are used, whose correlations are small.

    Returns:
        Squared logits, shape (n_essays,).

    References:
        Firth and de Menezes (2004), Biometrika 91, 65-80, https://doi.org/10.1093/biomet/91.1.65.
    """
    n = len(standard_errors)
    if covariance is None or n == 1:
        return np.square(standard_errors)
    own = np.diagonal(covariance)
    # Sums over j of Var(theta_i - theta_j), without the matrix of differences.
    sums = n * own + own.sum() - 2 * covariance.sum(axis=1)
    if n == 2:  # noqa: PLR2004 (one difference, shared between the two)
        return np.asarray(sums / 2)
    total = sums.sum() / (2 * n - 2)
    return np.asarray(np.maximum((sums - total) / (n - 2), _LEAST_SHARE * own))
