"""Columns of the assets for Dagster's pages: what they mean, and what they come from."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dagster as dg

from cj_pipeline.reporting.columns import COLUMNS, Column
from cj_pipeline.reporting.grade_columns import PER_GRADE
from cj_pipeline.reporting.kept_columns import KEPT_COLUMNS

_FROM_VERDICTS: Final = ("comparisons.winner", "comparisons.strength", "human_decisions.winner")
_FROM_COUNTS: Final = ("comparisons.outcome", "human_decisions.winner")
_FROM_MEASURES: Final = ("rankings.measure", "rankings.standard_error", "rankings.anchor_grade")
_MEASURED: Final = (
    *("rank", "measure", "standard_error", "interval_low", "interval_high", "diagonal_error", "rank_low", "rank_high"),
    *("infit", "infit_low", "infit_high", "outfit", "outfit_low", "outfit_high", "misfit"),
)
_GRADED: Final = ("grade", "mark", "probability", "runner_up", "runner_up_probability", "near_boundary")

LINEAGE: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "pair_set": {"first": ["essays.essay_id"], "second": ["essays.essay_id"]},
    "batch_submissions": {"judge": ["pair_set.judge"], "n_requests": ["pair_set.comparison_id"]},
    "raw_results": {
        "comparison_id": ["pair_set.comparison_id"],
        "job_id": ["batch_submissions.job_id"],
    },
    "comparisons": {
        **{name: [f"pair_set.{name}"] for name in ("comparison_id", "wave", "judge", "first", "second")},
        **{name: [f"raw_results.{name}"] for name in ("outcome", "strength", "reason", "error")},
        "winner": ["raw_results.winner", "pair_set.first", "pair_set.second"],
        "winner_position": ["raw_results.winner"],
        "answered_by": ["pair_set.judge"],
        "n_attempts": ["raw_results.number"],
    },
    "human_decisions": {
        "first": ["essays.essay_id"],
        "second": ["essays.essay_id"],
        "winner": ["essays.essay_id"],
        "models_prefer": ["raw_results.winner", "pair_set.first", "pair_set.second"],
    },
    "rankings": {
        **{name: [f"essays.{name}"] for name in ("essay_id", "n_words", "anchor_grade")},
        **dict.fromkeys(_MEASURED, _FROM_VERDICTS),
        **dict.fromkeys(("n_comparisons", "n_wins"), _FROM_COUNTS),
        "made_by": ["comparisons.answered_by", "human_decisions.judge"],
    },
    "grade_projections": {
        **{name: [f"rankings.{name}"] for name in ("rank", "essay_id", "measure", "standard_error", "made_by")},
        "known_grade": ["rankings.anchor_grade"],
        "beyond_anchors": _FROM_MEASURES,
        **dict.fromkeys((*_GRADED, f"p_{PER_GRADE}", f"at_least_{PER_GRADE}"), _FROM_MEASURES),
    },
}
"""Where columns come from: by asset and column, `asset.column` of assets before it."""


def columns_of(table: str) -> tuple[Column, ...]:
    """Columns of a published table, or of what an asset keeps elsewhere."""
    return COLUMNS.get(table) or KEPT_COLUMNS[table]


def column_metadata(asset: str, grades: Sequence[str] = ()) -> dict[str, Any]:
    """Column schema and lineage of an asset, under the names that Dagster's pages look for.

    Args:
        asset: Its name, which is also its table's.
        grades: Labels of the grade scale, for columns that there is one of per grade.
    """
    columns = [
        dg.TableColumn(name.replace(PER_GRADE, grade), kind, description=text)
        for name, kind, text in columns_of(asset)
        for grade in _grades(name, grades)
    ]
    deps = {
        name.replace(PER_GRADE, grade): [dg.TableColumnDep(*source.split(".")) for source in sources]
        for name, sources in LINEAGE.get(asset, {}).items()
        for grade in _grades(name, grades)
    }
    lineage = {"dagster/column_lineage": dg.TableColumnLineage(deps)} if deps else {}
    return {"dagster/column_schema": dg.TableSchema(columns), **lineage}


def _grades(name: str, grades: Sequence[str]) -> Sequence[str]:
    return grades if PER_GRADE in name else ("",)
