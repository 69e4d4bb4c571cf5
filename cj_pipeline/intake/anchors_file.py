"""`anchors.csv`: which essays have a known grade."""

import csv
from collections.abc import Collection
from io import StringIO
from pathlib import Path

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.essay_files import EssayTexts, stem_of
from cj_pipeline.intake.located_yaml import read_text

ANCHORS_FILE = "anchors.csv"
COLUMNS = ("essay_id", "grade")


def known_grades(path: Path, essays: EssayTexts, grades: tuple[str, ...]) -> dict[str, str]:
    """Grades of the anchor essays, from `anchors.csv` or from the table that holds the essays.

    Args:
        path: The CSV file.
        essays: The essays that were found. A line about one that was left out is passed over.
        grades: Labels of the assessment's grade scale.

    Raises:
        ConfigurationError: With every fault; or grades stand in both places.
    """
    if not essays.grades:
        return read_anchors(path, essays.texts, grades, left_out={stem_of(name) for name in essays.left_out})
    if path.exists():
        raise ConfigurationError(f"{path}: essay_table names a column of grades already; keep one of them.")
    wrong = sorted(set(essays.grades.values()) - set(grades))
    if wrong:
        raise ConfigurationError(
            f"{path.parent}: essay_table.grade: {', '.join(map(repr, wrong))} not on the scale; use one of: "
            f"{', '.join(grades)}."
        )
    return essays.grades


def read_anchors(
    path: Path, essay_ids: Collection[str], grades: tuple[str, ...], *, left_out: Collection[str] = ()
) -> dict[str, str]:
    """Read the grades of the anchor essays; no file means no anchors.

    Args:
        path: The CSV file with the columns `essay_id,grade`.
        essay_ids: Ids of the essays that were found.
        grades: Labels of the assessment's grade scale.
        left_out: Ids of essays that were left out; lines about them are passed over.

    Raises:
        ConfigurationError: With every fault, each with file and line.
    """
    if not path.exists():
        return {}
    rows = csv.DictReader(StringIO(read_text(path)))
    if rows.fieldnames is None or not set(COLUMNS) <= set(rows.fieldnames):
        raise ConfigurationError(f"{path}:1: expected the columns {','.join(COLUMNS)}.")
    found: dict[str, str] = {}
    faults: list[str] = []
    for row in rows:
        essay_id, grade = (row["essay_id"] or "").strip(), (row["grade"] or "").strip()
        if essay_id in left_out:
            continue
        fault = _fault(essay_id, grade, found, essay_ids, grades)
        if fault:
            faults.append(f"{path}:{rows.line_num}: {fault}")
        else:
            found[essay_id] = grade
    if faults:
        raise ConfigurationError(faults)
    return found


def _fault(
    essay_id: str, grade: str, found: dict[str, str], essay_ids: Collection[str], grades: tuple[str, ...]
) -> str | None:
    if essay_id not in essay_ids:
        return f"no essay {essay_id!r} in essays/; add the file or remove this line."
    if essay_id in found:
        return f"essay {essay_id!r} has a grade already ({found[essay_id]}); keep one line."
    if grade not in grades:
        return f"grade {grade!r} is not on the scale; use one of: {', '.join(grades)}."
    return None
