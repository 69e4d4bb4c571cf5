"""Reliability: which share of the measures' variance is not error. Two kinds of measures need two formulas.

Measures fitted without a prior scatter too widely: error adds to their variance, so it is taken off (`separation`).
Measures fitted with a prior are posterior means and scatter too little: what is unknown is missing from their variance,
so it is added (`model_reliability`). Mixing the two up gives a number that means nothing.

Where pairing follows earlier answers (waves of `nearest_neighbour` or `optimal_graph`), the scale separation
reliability is inflated, and a split half is too: coin tosses come out as high as 0.9. The likelihood does not care how
the next pair was chosen from earlier answers, so the marginal-likelihood reliability stays honest there.

References:
    Wright and Masters (1982), "Rating Scale Analysis" (separation, strata). Bramley (2015), "Investigating the
    reliability of adaptive comparative judgment", Cambridge Assessment. Rubin (1976), Biometrika 63, 581-592,
    https://doi.org/10.1093/biomet/63.3.581 (ignorable designs).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.epsilon_adjusted import scale_separation_reliability
from cj_pipeline.scaling.scale_fit import ScaleFit

ADAPTIVE_WARNING: Final = (
    "Later pairs were chosen by earlier answers. The scale separation reliability and the split halves then come out "
    "too high, even for judges who toss coins: do not quote them. The reliability by marginal likelihood holds."
)
"""Stands beside every figure that adaptive pairing inflates."""


@dataclass(frozen=True, slots=True)
class Separation:
    """How far measures lie apart beside their errors.

    Attributes:
        ssr: Scale separation reliability (V - MSE) / V, with V the variance of the measures (n - 1) and MSE the mean
            squared standard error; at most 1, below 0 where errors exceed the scatter; NaN without scatter.
        separation: G = sqrt(SSR / (1 - SSR)), true spread in units of error; 0 where the SSR is not above 0.
        strata: H = (4 G + 1) / 3, levels that can be told apart.
    """

    ssr: float
    separation: float
    strata: float


def separation(measures: Floats, standard_errors: Floats) -> Separation:
    """Scale separation of measures that were fitted without a prior, or with one too wide to matter.

    Args:
        measures: Places on the scale, logits, shape (n_essays,).
        standard_errors: Their standard errors, same shape. Full-covariance errors give the honest figure; the diagonal
            ones give what No More Marking and sirt print, which is higher.
    """
    spread = float(np.ptp(measures))
    ssr = scale_separation_reliability(measures, standard_errors) if spread > 0 else float("nan")
    ratio = separation_ratio(ssr)
    return Separation(ssr, ratio, strata(ratio))


def separation_ratio(reliability: float) -> float:
    """G = sqrt(R / (1 - R)): 2 for a reliability of 0.8, 3 for 0.9; 0 where it is not above 0."""
    return float(np.sqrt(reliability / (1 - reliability))) if 0 < reliability < 1 else 0.0


def strata(ratio: float) -> float:
    """H = (4 G + 1) / 3: levels whose middles lie three errors apart; 3 for a reliability of 0.8."""
    return (4 * ratio + 1) / 3


def model_reliability(fit: ScaleFit) -> float:
    """Marginal-likelihood reliability: variance of the posterior means over itself plus the mean posterior variance.

    Both variances are taken over the essays with n, because in the sum-to-zero gauge their sum is exactly the expected
    variance of the true measures given the answers. Where the marginal likelihood puts the spread at 0, there is
    nothing that tells the essays apart, and the reliability is 0.

    Args:
        fit: A scale fitted with a prior whose spread was estimated; a fixed prior that is too wide gives a figure that
            is too high.

    Returns:
        0 to 1; NaN where no standard errors were computed.

    Raises:
        EstimationError: The scale was fitted without a prior.
    """
    if fit.prior_sd == 0 and not fit.prior_estimated:
        raise EstimationError(
            "the reliability by marginal likelihood needs a scale fitted with a prior: leave prior_sd out. "
            "For a scale without a prior there is the scale separation reliability."
        )
    spread, error = float(np.var(fit.measures)), float(np.mean(fit.standard_errors**2))
    if not np.isfinite(error):
        return float("nan")
    return spread / (spread + error) if spread > 0 else 0.0
