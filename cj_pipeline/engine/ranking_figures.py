"""The figures that describe a ranking as a whole, by name: one source for Dagster's pages, reports and comparisons."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.scaling.proportions import Share
from cj_pipeline.scaling.split_half import SplitHalf

Figures: TypeAlias = Mapping[str, float | None]
"""Figures by name; None where there is none."""


def ranking_figures(ranking: Ranking) -> dict[str, float | None]:
    """All figures of a ranking: its size, its quality, its cost."""
    found = {**_size(ranking), **scale_figures(ranking), **quality_figures(ranking), **_cost(ranking)}
    return {name: _known(value) for name, value in found.items()}


def _known(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else value


def _size(ranking: Ranking) -> dict[str, float | None]:
    comparisons, people = ranking.pairs.comparisons, ranking.pairs.people
    answered = [c for c in comparisons if c.status == Outcome.OK]
    return {
        "n_essays": len(ranking.table),
        "n_anchors": int(ranking.table["anchor_grade"].notna().sum()),
        "n_comparisons": len(comparisons),
        "n_verdicts": len(answered),
        "n_without_verdict": len(comparisons) - len(answered),
        "n_models": len({c.judge for c in answered}),
        "n_people": len({d.judge for d in people}),
        "n_human_decisions": len(people),
        "n_synthetic": ranking.totals.n_synthetic,
        "comparisons_per_essay": float(ranking.fit.n_comparisons.mean()),
    }


def scale_figures(ranking: Ranking) -> dict[str, float | None]:
    """What the fitted scale is like, logits."""
    fit = ranking.fit
    return {
        "mean_standard_error": float(fit.standard_errors.mean()),
        "spread_of_measures": float(fit.measures.std(ddof=1)),
        "position_effect": fit.position_effect,
        "position_effect_standard_error": fit.position_effect_se,
        "prior_sd": fit.prior_sd,
    }


def quality_figures(ranking: Ranking) -> dict[str, float | None]:
    """How reliable the scale is, and how well verdicts fit it."""
    quality, scale = ranking.quality, ranking.quality.scale
    outside = scale.essay_bands.outside(scale.essays)
    return {
        "reliability": scale.reliability,
        "scale_separation_reliability": scale.ssr.ssr,
        "separation": scale.ssr.separation,
        "strata": scale.ssr.strata,
        "split_half_by_comparison": _half(scale.split_by_comparison),
        "split_half_by_judge": _half(scale.split_by_judge),
        "expected_mean_standard_error": quality.expected.mean,
        "n_essays_above_band": int((outside == 1).sum()),
        "n_essays_above_band_by_chance": scale.essay_bands.chance_above,
        "n_essays_below_band": int((outside == -1).sum()),
        "circular_triads_share": scale.triads.circular_share,
        "circular_triads_share_expected": _over(scale.triads.by_scale, scale.triads.n_triads),
        "flip_rate": scale.flips.rate.value,
        "flip_rate_expected": scale.flips.by_scale,
        "n_reversed_repeats": int(scale.flips.rate.n),
        "people_agree_with_models": _value(quality.people_and_models),
        "n_pairs_of_people_and_models": quality.people_and_models.n if quality.people_and_models else None,
        "correlation_with_length": quality.length.value,
        "correlation_with_length_beyond_quality": quality.length_beyond_quality.value,
    }


def _cost(ranking: Ranking) -> dict[str, float | None]:
    totals = ranking.totals
    return {
        "spent_usd": totals.spent_usd,
        "possible_usd": totals.possible_usd,
        "n_unpriced": totals.n_unpriced,
        "n_attempts": totals.n_attempts,
        "input_tokens": totals.input_tokens,
        "output_tokens": totals.output_tokens,
    }


def _half(split: SplitHalf | None) -> float | None:
    return None if split is None else split.spearman_brown


def _value(share: Share | None) -> float | None:
    return None if share is None else share.value


def _over(part: float, whole: int) -> float:
    return part / whole if whole else float("nan")
