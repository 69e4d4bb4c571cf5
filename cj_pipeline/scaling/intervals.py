"""Intervals of measures that cover the truth as often as they say, at the ends of the scale too.

A prior draws measures towards the middle, most where they are extreme, and its errors do not know it: around a fit
with an estimated prior, intervals of 95 % hold only about 70 % of the truths in the top and bottom twelfth. Intervals
therefore come from a second fit whose prior is weak: `WEAKNESS` times the standard deviation of the first fit's prior,
and at least `WEAK_PRIOR_SD` logits, for spreads that came out near zero by chance. So weak a prior takes back about
what few comparisons stretch a scale, no more. A fit without a prior is its own second fit.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import ndtri

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions

WEAK_PRIOR_SD: Final = 1.75
"""Least standard deviation of the weak prior, logits."""
WEAKNESS: Final = 1.75
"""Least ratio of the weak prior's standard deviation to that of the prior of the fit."""


def measure_intervals(
    data: ComparisonData,
    options: ScaleOptions,
    fit: ScaleFit,
    *,
    coverage: float = 0.95,
    rng: np.random.Generator | None = None,
) -> tuple[Floats, Floats]:
    """Interval of every measure, from a fit with a weak prior (see the module).

    Args:
        data: The comparisons.
        options: How `fit` was made.
        fit: The scale the intervals are for.
        coverage: Share of the truths that intervals hold, for essays as they come.
        rng: Source of randomness for probes, which only large scales need.

    Returns:
        Lower and upper ends, logits, each of shape (n_essays,), always containing the measure; both are NaN where the
        options ask for no errors.

    Raises:
        EstimationError: As `estimate.fit_scale`.
    """
    weak = weakly_fitted(data, options, fit, rng=rng)
    reach = ndtri((1 + coverage) / 2) * weak.standard_errors
    return np.minimum(weak.measures - reach, fit.measures), np.maximum(weak.measures + reach, fit.measures)


def weakly_fitted(
    data: ComparisonData, options: ScaleOptions, fit: ScaleFit, *, rng: np.random.Generator | None = None
) -> ScaleFit:
    """The same comparisons with a weak prior; the fit itself if it has none."""
    if fit.prior_sd == 0:
        return fit
    weak_sd = max(WEAK_PRIOR_SD, WEAKNESS * fit.prior_sd)
    return fit_scale(data, replace(options, prior_sd=weak_sd), rng)
