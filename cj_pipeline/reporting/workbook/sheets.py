"""The sheets of a workbook: the tables of a report, with every number as it is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.columns import REPORT_COLUMNS, Column
from cj_pipeline.reporting.grade_columns import PER_GRADE
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.reporting.shown_numbers import look, rounded_table

DICTIONARY: Final = "Dictionary"
DICTIONARY_COLUMNS: Final = ("sheet", "column", "type", "meaning", "shown_as")
_NAMES_OF: Final = {"essay_id": "name", "preferred": "preferred_name", "other": "other_name"}
"""Columns with ids of essays, and what the column with their names beside them is called."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        name: Its name.
        table: What it holds, rounded as shown.
        note: Said in its place where the table is empty; may be empty.
    """

    name: str
    table: pd.DataFrame
    note: str = ""


def sheets(data: ReportData) -> list[Sheet]:
    """All sheets in their order."""
    tables: Mapping[str, tuple[pd.DataFrame, str]] = {
        "Ranking": (data.ranking, ""),
        "Grades": (data.grades, f"No grades are given out. {data.why_no_grades}"),
        "Boundaries": (data.boundaries, f"No grades are given out. {data.why_no_grades}"),
        "Anchors": (data.anchors, "There are no anchors, or none that can be used."),
        "Judges": (data.judges, ""),
        "Disagreements": (data.disagreements, "No person decided against most models or against the scale."),
        "Decisions": (data.decisions, ""),
        "Feedback": (data.feedback, "The judges' reasons name no strengths or weaknesses that could be sorted."),
    }
    made = [Sheet(name, _shown(name, table, data), note) for name, (table, note) in tables.items()]
    return [
        *made,
        Sheet(DICTIONARY, dictionary(data.levels, with_names=bool(data.names))),
        Sheet("Manifest", _manifest(data)),
    ]


def _shown(name: str, table: pd.DataFrame, data: ReportData) -> pd.DataFrame:
    """The table rounded, with what essays are called where that is not their id."""
    found = rounded_table(table)
    for column, named in _NAMES_OF.items():
        if data.names and not found.empty and _is_named(name, column):
            names = [data.name_of(str(essay_id)) for essay_id in found[column]]
            found.insert(list(found.columns).index(column) + 1, named, names)
    return found


def _is_named(sheet: str, column: str) -> bool:
    return column in _NAMES_OF and any(column == known for known, *_ in REPORT_COLUMNS.get(sheet, ()))


def dictionary(levels: tuple[str, ...], *, with_names: bool) -> pd.DataFrame:
    """What every column means, and how its numbers are shown.

    Args:
        levels: Labels of the grade scale, lowest first.
        with_names: Whether names stand beside ids of essays.
    """
    rows = [
        (sheet, column.replace(PER_GRADE, level), kind, meaning, _looks(column, kind))
        for sheet, columns in REPORT_COLUMNS.items()
        for column, kind, meaning in _with_names(sheet, columns, with_names=with_names)
        for level in (levels if PER_GRADE in column else ("",))
        if column != f"at_least_{PER_GRADE}" or level != levels[0]
    ]
    return pd.DataFrame(rows, columns=list(DICTIONARY_COLUMNS))


def _with_names(sheet: str, columns: Sequence[Column], *, with_names: bool) -> Iterator[Column]:
    for column in columns:
        yield column
        if with_names and _is_named(sheet, column[0]):
            yield _NAMES_OF[column[0]], "string", f"Name of the student who wrote {column[0]}, from the class list."


def _looks(column: str, kind: str) -> str:
    if kind != "float":
        return ""
    how = look(column)
    return f"per cent, {how.decimals} decimals" if how.percent else f"{how.decimals} decimals"


def _manifest(data: ReportData) -> pd.DataFrame:
    if not data.is_synthetic:
        return data.manifest
    notice = pd.DataFrame([("notice", "synthetic judge", SYNTHETIC_NOTICE)], columns=data.manifest.columns)
    return pd.concat([notice, data.manifest], ignore_index=True)
