"""Fit a scale to comparisons: the one function that everything else calls.

The model is that of `scale_fit`; `ordinal` turns advantages into answers.
"""

from typing import Final

import numpy as np

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.evidence import estimated_prior
from cj_pipeline.scaling.existence import require_connected, require_not_separated
from cj_pipeline.scaling.fitted import Fitted, scale_fit
from cj_pipeline.scaling.newton import GRADIENT_TOLERANCE, Summit, climb
from cj_pipeline.scaling.posterior import posterior
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions
from cj_pipeline.scaling.standard_errors import exact_errors

DEFAULT: Final = ScaleOptions()


def fit_scale(
    data: ComparisonData, options: ScaleOptions = DEFAULT, rng: np.random.Generator | None = None
) -> ScaleFit:
    """Fit a scale.

    Args:
        data: The comparisons.
        options: What is fitted, and how.
        rng: Source of randomness for probes, which only large scales need; left out: one with a fixed seed.

    Returns:
        The fit, always with its certificate.

    Raises:
        DisconnectedError: Groups of essays were never compared with each other.
        SeparatedError: Without a prior no finite scale is most likely.
        NotConvergedError: The scaled gradient did not fall to `newton.GRADIENT_TOLERANCE`.
        EstimationError: The comparisons do not determine all parameters.
    """
    del rng
    fixed = options.fixed_measures
    require_connected(data, fixed)
    if options.prior_sd == 0:
        require_not_separated(data, fixed)
    model = posterior(data, options)
    if options.prior_sd is None:
        prior_sd, summit, evidence = estimated_prior(model)
    else:
        prior_sd, evidence = options.prior_sd, np.nan
        precision = prior_sd**-2 if prior_sd > 0 else 0.0
        summit = climb(model, model.start(precision), precision)
    _require_converged(summit)
    return scale_fit(data, Fitted(summit, exact_errors(summit.info), prior_sd, options.prior_sd is None, evidence))


def _require_converged(summit: Summit) -> None:
    if not summit.has_converged:
        raise NotConvergedError(
            f"the fit stopped at a scaled gradient of {summit.scaled_gradient:.1e} after {summit.n_steps} steps "
            f"(needed: {GRADIENT_TOLERANCE:.0e}). Check the comparisons for impossible values."
        )
