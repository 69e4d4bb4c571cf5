"""The sheets of a workbook: the tables of a report, with every number as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.reporting.columns import REPORT_COLUMNS
from cj_pipeline.reporting.grade_columns import PER_GRADE
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.reporting.shown_numbers import look, rounded_table

DICTIONARY: Final = "Dictionary"
DICTIONARY_COLUMNS: Final = ("sheet", "column", "type", "meaning", "shown_as")
_NAMED: Final = ("Ranking", "Grades", "Anchors", "Feedback")


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
    return [*made, Sheet(DICTIONARY, dictionary(data.levels)), Sheet("Manifest", _manifest(data))]


def _shown(name: str, table: pd.DataFrame, data: ReportData) -> pd.DataFrame:
    """The table rounded, with what essays are called where that is not their id."""
    found = rounded_table(table)
    if name in _NAMED and data.names and not found.empty:
        names = [data.name_of(str(essay_id)) for essay_id in found["essay_id"]]
        found.insert(list(found.columns).index("essay_id") + 1, "name", names)
    return found


def dictionary(levels: tuple[str, ...]) -> pd.DataFrame:
    """What every column means, and how its numbers are shown."""
    rows = [
        (sheet, column.replace(PER_GRADE, level), kind, meaning, _looks(column, kind))
        for sheet, columns in REPORT_COLUMNS.items()
        for column, kind, meaning in columns
        for level in (levels if PER_GRADE in column else ("",))
        if column != f"at_least_{PER_GRADE}" or level != levels[0]
    ]
    return pd.DataFrame(rows, columns=list(DICTIONARY_COLUMNS))


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
