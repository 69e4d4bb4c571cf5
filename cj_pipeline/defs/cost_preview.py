"""The forecast on the page of the `pair_set` asset."""

from typing import Any

import dagster as dg

from cj_pipeline.engine.forecast import Forecast

_MOST_JUDGES = 6
"""Rows of the preview: a text of 1000 characters or more is not shown in place."""


def forecast_metadata(found: Forecast) -> dict[str, Any]:
    """What is still to be asked and what it will cost; amounts that are unknown are left out as numbers."""
    amounts = {
        "cost_low_usd": found.low_usd,
        "cost_expected_usd": found.expected_usd,
        "cost_high_usd": found.high_usd,
        "cost_limit_usd": found.limit_usd,
    }
    known = {name: round(amount, 6) for name, amount in amounts.items() if amount is not None}
    return {
        "n_requests_to_send": found.n_requests,
        "input_tokens_to_send": sum(judge.input_tokens for judge in found.judges),
        "n_batch_jobs_expected": sum(judge.n_jobs for judge in found.judges),
        "output_tokens_expected": sum(judge.output_tokens for judge in found.judges),
        **known,
        "cost": dg.MetadataValue.md(forecast_preview(found)),
    }


def forecast_preview(found: Forecast) -> str:
    """A small table: by judge the requests and what they will cost."""
    lines = ["| judge | requests | low USD | expected USD | high USD |", "| --- | ---: | ---: | ---: | ---: |"]
    for judge in found.judges[:_MOST_JUDGES]:
        costs = " | ".join(map(_usd, (judge.low_usd, judge.expected_usd, judge.high_usd)))
        lines.append(f"| {judge.judge} | {judge.n_requests} | {costs} |")
    n_more = len(found.judges) - _MOST_JUDGES
    if n_more > 0:
        lines.append(f"| and {n_more} more | | | | |")
    costs = " | ".join(map(_usd, (found.low_usd, found.expected_usd, found.high_usd)))
    lines.append(f"| **still to be asked** | **{found.n_requests}** | {costs} |")
    basis = "this judging session's own answers" if found.observed else "assumed lengths of answers"
    spent = f"Spent {_usd(found.spending.spent_usd)}, reserved {_usd(found.spending.reserved_usd)} USD."
    lines += ["", f"{spent} Expected figures rest on {basis}; high is the worst case, which the cost limit reserves."]
    return "\n".join(lines)


def _usd(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:.4f}"
