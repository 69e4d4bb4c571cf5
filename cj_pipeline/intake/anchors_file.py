"""`anchors.csv`: which essays have a known grade, or a known measure on another scale."""

import csv
import math
from collections.abc import Collection
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cj_pipeline.domain.grade_scales import GradeScale
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.located_yaml import read_text

COLUMNS = ("essay_id", "grade")
MEASURE_COLUMNS = ("measure", "standard_error")
"""Columns that may be there besides: the known measure, and its standard error (0 where it is left out)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of an essay beforehand.

    Attributes:
        grade: Its grade; None where only the measure is known.
        measure: Its measure on another scale; None where only the grade is known.
        measure_error: Standard error of that measure.
    """

    grade: str | None
    measure: float | None = None
    measure_error: float = 0.0


def read_anchors(path: Path, essay_ids: Collection[str], scale: GradeScale) -> dict[str, Anchor]:
    """Read what is known of the anchor essays; no file means no anchors.

    Args:
        path: The CSV file with the columns `essay_id,grade` and where wanted `measure,standard_error`.
        essay_ids: Ids of the essays that were found.
        scale: The assessment's grade scale.

    Raises:
        ConfigurationError: With every fault, each with file and line.
    """
    if not path.exists():
        return {}
    rows = csv.DictReader(StringIO(read_text(path)))
    if rows.fieldnames is None or not set(COLUMNS) <= set(rows.fieldnames):
        raise ConfigurationError(f"{path}:1: expected the columns {','.join(COLUMNS)}.")
    found: dict[str, Anchor] = {}
    faults: list[str] = []
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *MEASURE_COLUMNS)}
        essay_id = cells["essay_id"]
        try:
            _require_new(essay_id, found, essay_ids)
            found[essay_id] = _anchor(cells, scale)
        except ValueError as fault:
            faults.append(f"{path}:{rows.line_num}: {fault}")
    if faults:
        raise ConfigurationError(faults)
    return found


def _require_new(essay_id: str, found: dict[str, Anchor], essay_ids: Collection[str]) -> None:
    """Make sure that this is an essay, and named for the first time.

    Raises:
        ValueError: It is not; with the remedy.
    """
    if essay_id not in essay_ids:
        raise ValueError(f"no essay {essay_id!r} in essays/; add the file or remove this line.")
    if essay_id in found:
        raise ValueError(f"essay {essay_id!r} has a grade already ({found[essay_id].grade}); keep one line.")


def _anchor(cells: dict[str, str], scale: GradeScale) -> Anchor:
    """What a line says.

    Raises:
        ValueError: It cannot be used; with the remedy.
    """
    measure, error = (_number(name, cells[name]) for name in MEASURE_COLUMNS)
    if error is not None and (error < 0 or measure is None):
        raise ValueError("standard_error belongs to a measure and is not below 0.")
    grade = _grade(cells["grade"], scale) if cells["grade"] or measure is None else None
    return Anchor(grade, measure, error or 0.0)


def _grade(text: str, scale: GradeScale) -> str:
    """The grade's label.

    Raises:
        ValueError: It is not on the scale; with the labels that are.
    """
    try:
        return scale.read(text)
    except ValueError:
        known = "a number from 0 to 100" if scale.bands_from else f"one of: {', '.join(scale.levels)}"
        raise ValueError(f"grade {text!r} is not on the scale; use {known}.") from None


def _number(name: str, text: str) -> float | None:
    """A number, or None where nothing stands.

    Raises:
        ValueError: It is no number.
    """
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name} {text!r} is no number; write it with a decimal point, like -0.45.")
    return value
