"""Small tables of grades for Dagster's pages."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from cj_pipeline.defs.previews import markdown_table


def grades_preview(table: pd.DataFrame) -> str:
    """Grades, best first."""
    rows = (
        (
            r["rank"],
            r["essay_id"],
            f"{r['grade']}{r['mark']}",
            _percent(r["probability"]),
            _runner_up(r),
            r["known_grade"],
        )
        for r in _rows(table)
    )
    return markdown_table(("rank", "essay", "grade", "probability", "or", "known grade"), rows, len(table))


def _runner_up(row: dict[str, Any]) -> str:
    near = ", close" if row["near_boundary"] else ""
    return f"{row['runner_up']} {_percent(row['runner_up_probability'])}{near}"


def boundaries_preview(table: pd.DataFrame) -> str:
    """Where each grade begins, highest first."""
    rows = (
        (r["grade"], _signed(r["from_measure"]), r["standard_error"], r["n_anchors"], _percent(r["expected_share"]))
        for r in _rows(table.iloc[::-1])
    )
    return markdown_table(("grade", "begins at (logits)", "standard error", "anchors", "share of the essays"), rows)


def anchors_preview(table: pd.DataFrame) -> str:
    """The anchors, lowest grade first, each beside what the others say of it."""
    columns = (
        ("essay_id", "anchor"),
        ("grade", "grade"),
        ("foretold_grade", "by the others"),
        ("own_grade_probability", "probability of its grade"),
        ("inverted_by_measure", "inverted by measure with"),
        ("inverted_in_verdicts", "in verdicts with"),
    )
    rows = ([row[name] for name, _ in columns] for row in _rows(table))
    return markdown_table([title for _, title in columns], rows, len(table))


def _rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    return ({str(name): value for name, value in row.items()} for row in table.to_dict("records"))


def _signed(number: float) -> str:
    return f"{number:+.2f}" if math.isfinite(number) else ""


def _percent(share: float) -> str:
    return f"{share:.0%}"
