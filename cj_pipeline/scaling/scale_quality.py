"""Everything that is said about the quality of a fitted scale, in one call.

What does not belong here: essays' and judges' names, and what follows from a figure (engine, defs).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data
from cj_pipeline.scaling.consistency import CircularTriads, Flips, circular_triads, flips
from cj_pipeline.scaling.epsilon_adjusted import fit_epsilon_adjusted
from cj_pipeline.scaling.fit_statistics import Misfit, Surprises, essay_misfit, judge_misfit, surprises
from cj_pipeline.scaling.judge_agreement import Agreement, ScaleAgreement, agreement_between, agreement_with_scale
from cj_pipeline.scaling.misfit_bands import Bands, misfit_bands
from cj_pipeline.scaling.reliability import Separation, model_reliability, separation
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.split_half import SplitHalf, split_half_by_comparison, split_half_by_judge

N_SURPRISES: Final = 10
"""Most surprising comparisons that are named."""

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class ScaleQuality:
    """How well answers fit the scale, and how reliable it is.

    Attributes:
        essays: Infit and outfit of every essay.
        essay_bands: Where they lie by chance alone.
        judges: Infit and outfit of every judge.
        judge_bands: Where they lie by chance alone.
        with_scale: Agreement of every judge with the scale, by judge index.
        between: Agreement between every two judges that judged a common pair.
        surprises: The most surprising comparisons.
        triads: Circular triads.
        flips: Verdicts of one judge that changed with the order.
        reliability: By marginal likelihood: the headline; NaN for a scale that was fitted without a prior.
        ssr: Scale separation as No More Marking and sirt print it; NaN where their estimate does not exist.
        split_by_comparison: Halves of the comparisons; None where they cannot be split.
        split_by_judge: Halves of the judges; None with fewer than two.
    """

    essays: Misfit
    essay_bands: Bands
    judges: Misfit
    judge_bands: Bands
    with_scale: tuple[ScaleAgreement, ...]
    between: tuple[Agreement, ...]
    surprises: Surprises
    triads: CircularTriads
    flips: Flips
    reliability: float
    ssr: Separation
    split_by_comparison: SplitHalf | None
    split_by_judge: SplitHalf | None


def scale_quality(fit: ScaleFit, data: ComparisonData, rng: np.random.Generator) -> ScaleQuality:
    """Judge a fitted scale by the comparisons it was fitted to.

    Args:
        fit: The scale, with standard errors.
        data: The comparisons.
        rng: Source of randomness, for bands and split halves.

    Raises:
        NotConvergedError: A fit to simulated or divided answers stopped short.
    """
    essay_bands, judge_bands = misfit_bands(fit, data, rng)
    return ScaleQuality(
        essays=essay_misfit(fit, data),
        essay_bands=essay_bands,
        judges=judge_misfit(fit, data),
        judge_bands=judge_bands,
        with_scale=tuple(agreement_with_scale(fit, data)),
        between=tuple(agreement_between(data)),
        surprises=surprises(fit, data, N_SURPRISES),
        triads=circular_triads(fit, data),
        flips=flips(fit, data),
        reliability=_reliability(fit),
        ssr=_established(data),
        split_by_comparison=split_half_by_comparison(fit, data, rng),
        split_by_judge=split_half_by_judge(fit, data, rng),
    )


def _reliability(fit: ScaleFit) -> float:
    return float("nan") if fit.prior_sd == 0 and not fit.prior_estimated else model_reliability(fit)


def _established(data: ComparisonData) -> Separation:
    """Scale separation in the established sense: who was preferred counts, how clearly does not."""
    share = _HALF + _HALF * np.sign(data.share - _HALF)
    preferred = binary_data(data.first, data.second, share, data.n_essays, weight=data.weight)
    try:
        found = fit_epsilon_adjusted(preferred)
    except EstimationError:
        return Separation(float("nan"), float("nan"), float("nan"))
    return separation(found.measures, found.standard_errors)
