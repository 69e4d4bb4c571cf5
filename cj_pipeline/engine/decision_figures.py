"""What a fitted scale of decisions is worth: reliability, fit of essays and judges, consistency."""

from dataclasses import dataclass

import numpy as np

from cj_pipeline.engine.decisions import Decisions
from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.agreement import ScaleAgreement, agreement_with_scale
from cj_pipeline.scaling.consistency import CircularTriads, Flips, circular_triads, flips
from cj_pipeline.scaling.epsilon_adjusted import fit_epsilon_adjusted
from cj_pipeline.scaling.fit_statistics import Misfit, Surprises, essay_misfit, judge_misfit, surprises
from cj_pipeline.scaling.misfit_bands import Bands, misfit_bands
from cj_pipeline.scaling.reliability import model_reliability, separation
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.split_half import SplitHalf, split_half_by_comparison, split_half_by_judge

N_SURPRISES = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures beside a scale.

    Attributes:
        reliability: Share of the measures' variance that is not error: by marginal likelihood, or the scale separation
            with full errors where the scale was fitted without a prior.
        has_prior: Which of the two it is.
        compatible_ssr: Scale separation reliability as No More Marking and sirt print it; None where their estimates do
            not exist for these decisions.
        half_by_comparison: Split halves of the decisions; None where they cannot be made.
        half_by_judge: Split halves of the judges; None with fewer than two.
        essays: Infit and outfit of the essays.
        essay_bands: Where they lie by chance.
        judges: Infit and outfit of the judges.
        judge_bands: Where they lie by chance.
        agreement: How often every judge preferred the essay that the scale places higher.
        triads: Circular triads.
        flips: Answers to the same pair in the other order; None where the order is unknown.
        surprises: The decisions that the scale expected least.
    """

    reliability: float
    has_prior: bool
    compatible_ssr: float | None
    half_by_comparison: SplitHalf | None
    half_by_judge: SplitHalf | None
    essays: Misfit
    essay_bands: Bands
    judges: Misfit
    judge_bands: Bands
    agreement: list[ScaleAgreement]
    triads: CircularTriads
    flips: Flips | None
    surprises: Surprises


def figures(fit: ScaleFit, decisions: Decisions, rng: np.random.Generator) -> Figures:
    """Compute all of them.

    Args:
        fit: The fitted scale.
        decisions: What it was fitted to.
        rng: Source of randomness for bands and split halves.

    Raises:
        NotConvergedError: A fit to simulated or divided decisions stopped short.
    """
    data = decisions.data
    essay_bands, judge_bands = misfit_bands(fit, data, rng)
    has_prior = fit.prior_estimated or fit.prior_sd > 0
    return Figures(
        reliability=model_reliability(fit) if has_prior else separation(fit.measures, fit.standard_errors).ssr,
        has_prior=has_prior,
        compatible_ssr=_compatible_ssr(decisions),
        half_by_comparison=split_half_by_comparison(fit, data, rng),
        half_by_judge=split_half_by_judge(fit, data, rng),
        essays=essay_misfit(fit, data),
        essay_bands=essay_bands,
        judges=judge_misfit(fit, data),
        judge_bands=judge_bands,
        agreement=agreement_with_scale(fit, data),
        triads=circular_triads(fit, data),
        flips=None if decisions.order_unknown else flips(fit, data),
        surprises=surprises(fit, data, N_SURPRISES),
    )


def _compatible_ssr(decisions: Decisions) -> float | None:
    try:
        fit = fit_epsilon_adjusted(decisions.data)
    except EstimationError:
        return None
    return separation(fit.measures, fit.standard_errors).ssr
