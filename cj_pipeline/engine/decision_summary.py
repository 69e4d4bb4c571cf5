"""A ranking of decisions in figures, ready for JSON."""

from dataclasses import asdict
from math import isnan
from typing import TypeAlias

from cj_pipeline.engine.decision_ranking import CompatibleRanking, ScaleRanking
from cj_pipeline.scaling.epsilon_adjusted import EpsilonFit, separation_index
from cj_pipeline.scaling.reliability import separation
from cj_pipeline.scaling.scale_fit import ScaleFit

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def summary(ranking: ScaleRanking | CompatibleRanking) -> dict[str, Json]:
    """What was read, how it was fitted, and what the fit is worth; figures that are not known are None."""
    decisions = ranking.decisions
    found: dict[str, Json] = {
        "options": _json(asdict(ranking.options)),
        "tables": [
            {
                "source": table.source,
                "convention": table.convention,
                "n_decisions": len(table.decisions),
                "left_out": {group.reason: _json(list(group.lines)) for group in table.left_out},
            }
            for table in decisions.tables
        ],
        "n_essays": len(decisions.essay_ids),
        "n_decisions": len(decisions.rows),
        "n_judges": len(decisions.judges) if decisions.names_judges else None,
        "essays_left_out": _json(list(decisions.dropped)),
    }
    if isinstance(ranking, CompatibleRanking):
        return found | {"fit": _compatible(ranking.fit)}
    return found | {"fit": _scale(ranking.fit, decisions.order_unknown), **_figures(ranking)}


def _scale(fit: ScaleFit, order_unknown: str) -> Json:
    return _json(
        {
            "prior_sd": fit.prior_sd,
            "prior_estimated": fit.prior_estimated,
            "position_effect": fit.position_effect if fit.position_effect_se else None,
            "position_effect_se": fit.position_effect_se or None,
            "order_unknown": order_unknown,
            "cut_points": [cuts.tolist() for cuts in fit.cut_points],
            "log_likelihood": fit.log_likelihood,
            "log_marginal_likelihood": fit.log_marginal_likelihood,
            "scaled_gradient": fit.scaled_gradient,
            "n_steps": fit.n_steps,
            "errors_method": fit.errors_method,
            "errors_monte_carlo": fit.errors_monte_carlo,
        }
    )


def _compatible(fit: EpsilonFit) -> Json:
    return _json(
        {
            "ssr": separation(fit.measures, fit.standard_errors).ssr,
            "separation": separation_index(fit.measures, fit.standard_errors),
            "common_step": fit.common_step,
            "scaled_gradient": fit.scaled_gradient,
            "n_steps": fit.n_steps,
        }
    )


def _figures(ranking: ScaleRanking) -> dict[str, Json]:
    found = ranking.quality
    halves = {"by_comparison": found.split_by_comparison, "by_judge": found.split_by_judge}
    return {
        "reliability": _json(ranking.reliability),
        "reliability_kind": "marginal likelihood" if ranking.has_prior else "scale separation, full errors",
        "compatible_ssr": _json(found.ssr.ssr),
        "split_half": {name: _json(asdict(half)) if half else None for name, half in halves.items()},
        "circular_triads": _json(asdict(found.triads)),
        "flips": None if ranking.decisions.order_unknown else _json(asdict(found.flips)),
    }


def _json(value: object) -> Json:
    """Plain JSON: what is not a number is None."""
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, float):
        return None if isnan(value) else float(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value)
