"""A ranking of decisions as columns: one row per essay, one row per judge."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from cj_pipeline.engine.decisions import Decisions
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.epsilon_adjusted import EpsilonFit, judge_misfit
from cj_pipeline.scaling.estimate import information_of
from cj_pipeline.scaling.intervals import measure_intervals
from cj_pipeline.scaling.ranks import rank_intervals, ranks
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions
from cj_pipeline.scaling.scale_quality import ScaleQuality

Columns: TypeAlias = dict[str, list[object]]
"""Columns of equal length by name; cells are str, int, float or None."""

MISFIT = {1: "less predictable than chance allows", 0: "", -1: "more predictable than chance allows"}
"""What the column `misfit` says."""


def scale_essays(
    fit: ScaleFit, found: ScaleQuality, decisions: Decisions, options: ScaleOptions, rng: np.random.Generator
) -> Columns:
    """The ranking, best first; intervals of measures hold 95 % of the truths, intervals of ranks 90 %."""
    data = decisions.data
    from_, to = measure_intervals(data, options, fit, rng=rng)
    info = None if fit.covariance is not None else information_of(data, options, fit)
    low, high = rank_intervals(fit, rng, info=info)
    return _best_first(
        decisions.essay_ids,
        fit.measures,
        {
            "measure": fit.measures,
            "standard_error": fit.standard_errors,
            "measure_low": from_,
            "measure_high": to,
            "rank_low": low,
            "rank_high": high,
            "n_comparisons": _whole(fit.n_comparisons),
            "n_wins": fit.n_wins,
            "infit": found.essays.infit,
            "outfit": found.essays.outfit,
            "misfit": [MISFIT[x] for x in found.essay_bands.outside(found.essays).tolist()],
            "diagonal_error": fit.diagonal_errors,
        },
    )


def compatible_essays(fit: EpsilonFit, decisions: Decisions) -> Columns:
    """The ranking as the established programs have it, best first."""
    return _best_first(
        decisions.essay_ids,
        fit.measures,
        {
            "measure": fit.measures,
            "standard_error": fit.standard_errors,
            "n_comparisons": _whole(fit.n_comparisons),
            "n_wins": fit.n_wins,
            "adjusted_score": fit.adjusted_scores,
            "infit": fit.infit,
            "outfit": fit.outfit,
        },
    )


def scale_judges(fit: ScaleFit, found: ScaleQuality, decisions: Decisions) -> Columns:
    """The judges, those with the highest infit first; empty where no judge is named."""
    bands = found.judge_bands
    columns = {
        "agreement": [a.observed.value for a in found.with_scale],
        "agreement_expected": [a.expected for a in found.with_scale],
        "infit": found.judges.infit,
        "infit_low": bands.infit_low,
        "infit_high": bands.infit_high,
        "outfit": found.judges.outfit,
        "misfit": [MISFIT[x] for x in bands.outside(found.judges).tolist()],
        "position_effect": fit.position_effect + fit.judge_position,
        "position_effect_se": fit.judge_position_se,
        "discrimination": fit.judge_discrimination,
    }
    if not np.any(fit.judge_position_se):
        del columns["position_effect"], columns["position_effect_se"]
    if not np.any(fit.judge_discrimination_se):
        del columns["discrimination"]
    return _by_infit(decisions, columns)


def compatible_judges(fit: EpsilonFit, decisions: Decisions) -> Columns:
    """The judges with their mean squares, those with the highest infit first; empty where no judge is named."""
    outfit, infit = judge_misfit(fit, decisions.data)
    return _by_infit(decisions, {"infit": infit, "outfit": outfit})


def _best_first(names: Sequence[str], measures: Floats, columns: dict[str, Floats | Ints | list[str]]) -> Columns:
    rank = ranks(measures)
    order = np.lexsort((np.arange(len(names)), rank))
    return {
        "rank": rank[order].tolist(),
        "essay_id": [names[i] for i in order],
        **{name: _ordered(values, order) for name, values in columns.items()},
    }


def _by_infit(decisions: Decisions, columns: dict[str, object]) -> Columns:
    if not decisions.names_judges:
        return {}
    data = decisions.data
    every = {
        "n_comparisons": np.bincount(data.judge, minlength=data.n_judges),
        **columns,
        "median_duration_s": _median_durations(decisions),
    }
    order = np.argsort(-np.nan_to_num(np.asarray(columns["infit"], dtype=np.float64)), kind="stable")
    return {"judge": [decisions.judges[i] for i in order], **{k: _ordered(v, order) for k, v in every.items()}}


def _median_durations(decisions: Decisions) -> list[float]:
    taken = np.array([np.nan if d.duration_s is None else d.duration_s for d in decisions.rows])
    known = ~np.isnan(taken)
    mine = [taken[known & (decisions.data.judge == judge)] for judge in range(decisions.data.n_judges)]
    return [float(np.median(times)) if len(times) else float("nan") for times in mine]


def _whole(values: Floats) -> Ints:
    return np.rint(values).astype(np.int64)


def _ordered(values: object, order: Ints) -> list[object]:
    """Cells in order, missing numbers as None."""
    return [None if isinstance(x, float) and np.isnan(x) else x for x in np.asarray(values)[order].tolist()]
