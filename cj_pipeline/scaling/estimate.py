"""Fit a scale to comparisons: the one function that everything else calls.

The model is that of `scale_fit`; `ordinal` turns advantages into answers. What is most likely (with a prior: has the
highest posterior density) is found by Newton's method (`newton`), whose equations are solved by a dense factor up to
120 essays and by preconditioned conjugate gradients above (`steps`). A prior's spread that is not given is estimated by
marginal likelihood (`evidence`). The log-determinant in it comes from a dense factor up to 500 essays, and above, at
any size, from stochastic Lanczos quadrature with probes that all candidates share (`determinant`); the spread is then
within 1 % of the exact one. Standard errors are exact up to `ScaleOptions.exact_up_to` essays and estimated by probes
above (`probe_errors`).
"""

from typing import Final

import numpy as np

from cj_pipeline.errors import EstimationError, NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.evidence import (
    estimate_prior,
    log_marginal_likelihood,
    probes_for,
    whole_log_determinant,
)
from cj_pipeline.scaling.existence import require_connected, require_not_separated
from cj_pipeline.scaling.fitted import Fitted, scale_fit
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.newton import GRADIENT_TOLERANCE, Summit, climb
from cj_pipeline.scaling.posterior import Posterior, posterior
from cj_pipeline.scaling.probe_errors import probe_errors
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions
from cj_pipeline.scaling.separation import refuse_separated, require_bounded
from cj_pipeline.scaling.standard_errors import Errors, exact_errors, no_errors

FALL_BACK_UP_TO: Final = 8000
"""Most essays for which "auto" inverts the whole matrix where probes are unreliable: it then takes 0.5 GB twice."""
DEFAULT: Final = ScaleOptions()
SEED: Final = 20261125
"""Seed of the probes where no generator is given: the same comparisons then give the same digits."""


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
    model, rng = posterior(data, options), rng or np.random.default_rng(SEED)
    require_connected(data, model)
    if options.prior_sd == 0:
        require_not_separated(data, options.fixed_measures)
    probes = probes_for(model.layout.n_essays, rng)
    prior_sd, summit = _climbed(model, options, probes)
    _require_converged(summit)
    errors = _errors(summit.info, options, rng)
    evidence = np.nan
    if prior_sd > 0:
        known = errors.log_determinant
        evidence = log_marginal_likelihood(
            summit, prior_sd, whole_log_determinant(summit, probes) if known is None else known
        )
    return scale_fit(data, Fitted(summit, prior_sd, options.prior_sd is None, evidence), errors)


def information_of(data: ComparisonData, options: ScaleOptions, fit: ScaleFit) -> Information:
    """The information matrix at a fit, for what needs more than its errors (`ranks.rank_intervals` at any size).

    Args:
        data: The comparisons.
        options: How the fit was made.
        fit: The fit.
    """
    model, precision = posterior(data, options), fit.prior_sd**-2 if fit.prior_sd > 0 else 0.0
    start = model.start(precision)
    start[: data.n_essays] = fit.measures
    return climb(model, start, precision).info


def _climbed(model: Posterior, options: ScaleOptions, probes: Floats | None) -> tuple[float, Summit]:
    """The prior's standard deviation and the top of the log-posterior with it."""
    if options.prior_sd is None:
        estimate = estimate_prior(model, probes)
        return estimate.prior_sd, estimate.summit
    if options.prior_sd == 0:
        return 0.0, _most_likely(model)
    precision = options.prior_sd**-2
    return options.prior_sd, climb(model, model.start(precision), precision)


def _most_likely(model: Posterior) -> Summit:
    """The fit without a prior, where there is one."""
    try:
        summit = climb(model, model.start(0.0), 0.0)
    except NotConvergedError:
        refuse_separated(model)
        raise
    require_bounded(model, summit.at.x)
    return summit


def _errors(info: Information, options: ScaleOptions, rng: np.random.Generator) -> Errors:
    n = info.posterior.layout.n_essays
    if options.errors == "none":
        return no_errors(info)
    if options.errors == "exact" or (options.errors == "auto" and n <= options.exact_up_to):
        return exact_errors(info)
    try:
        return probe_errors(info, rng)
    except EstimationError:
        if options.errors == "probe" or n > FALL_BACK_UP_TO:
            raise
        return exact_errors(info)


def _require_converged(summit: Summit) -> None:
    if not summit.has_converged:
        raise NotConvergedError(
            f"the fit stopped at a scaled gradient of {summit.scaled_gradient:.1e} after {summit.n_steps} steps "
            f"(needed: {GRADIENT_TOLERANCE:.0e}). Check the comparisons for impossible values."
        )
