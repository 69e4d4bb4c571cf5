"""Scales that the data allow: draws from the normal distribution around a fit."""

import numpy as np
from scipy import linalg

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.elimination import eliminate
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.steps import solve_measures

_TOLERANCE = 1e-4


def drawn_from_covariance(covariance: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
    """Deviations from the measures, shape (n_draws, n_essays)."""
    n = len(covariance)
    drawn = rng.multivariate_normal(np.zeros(n), covariance, size=n_draws, method="eigh", check_valid="ignore")
    return np.asarray(drawn, dtype=np.float64)


def drawn_from_information(info: Information, n_draws: int, rng: np.random.Generator) -> Floats:
    """The same where the covariance is too large to hold, shape (n_draws, n_essays).

    The information of the measures is a sum of squares, one per comparison and one per prior; noise put into each and
    solved for gives draws with exactly its inverse as covariance (perturbation sampling). What the common parameters
    add is drawn from their own covariance.

    References:
        Papandreou and Yuille (2010), "Gaussian sampling by local perturbations", NIPS 23.
    """
    n, posterior = len(info.border), info.posterior
    noise = np.column_stack(
        [posterior.spread(np.sqrt(info.row_weight) * rng.standard_normal(len(info.row_weight))) for _ in range(n_draws)]
    )
    noise += np.sqrt(info.precision) * rng.standard_normal((n, n_draws))
    if posterior.free is not None:
        noise[~posterior.free] = 0.0
    common = eliminate(info)
    shared = linalg.cholesky(common.covariance, lower=True) @ rng.standard_normal((len(common.covariance), n_draws))
    return np.asarray((solve_measures(info, noise, _TOLERANCE) - common.response @ shared).T, dtype=np.float64)
