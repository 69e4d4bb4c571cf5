"""A new assessment folder from what somebody has at hand: everything that can be told from it is filled in."""

import csv
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.anchors_file import ANCHORS_FILE, COLUMNS
from cj_pipeline.intake.document_texts import read_table_file
from cj_pipeline.intake.essay_files import EssayTexts, read_listed, stem_of
from cj_pipeline.intake.essay_table import read_essay_table
from cj_pipeline.intake.folder import ASSESSMENT_FILE, ESSAYS, is_assessment_name
from cj_pipeline.intake.found_material import FoundMaterial, look_through
from cj_pipeline.intake.languages import language_of
from cj_pipeline.intake.roster_file import ROSTER_FILES, roster_columns, students_of
from cj_pipeline.intake.starting_file import starting_file

_DEFAULT_LANGUAGE: Final = "en"
_DEFAULT_SCALE: Final = "swedish_8_anchor"
_OWNER_ONLY: Final = 0o600
_OWNERS_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was said rather than found; empty where nothing was said.

    Attributes:
        task: The writing task.
        rubric: The criteria.
        language: Language of the essays, ISO 639-1.
    """

    task: str = ""
    rubric: str = ""
    language: str = ""


@dataclass
class NewAssessment:
    """What was made.

    Attributes:
        folder: The assessment's folder.
        assessment: Its settings.
        n_essays: Essays that can be used.
        n_anchors: Essays whose grade is known.
        n_students: Students of the class list.
        unusable: Essays that cannot be used yet, and why, by name.
        passed_over: What was left where it was, and why, by name.
        to_write: What could not be told from the folder and has to be written into `assessment.yaml`.
    """

    folder: Path
    assessment: Assessment
    n_essays: int
    n_anchors: int = 0
    n_students: int = 0
    unusable: dict[str, str] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)
    to_write: list[str] = field(default_factory=list)


def make_assessment(root: Path, name: str, source: Path, wishes: Wishes | None = None) -> NewAssessment:
    """Make an assessment folder; nothing that exists is touched.

    Args:
        root: The folder that holds the assessments.
        name: Name of the new one.
        source: The folder with essays and whatever belongs to them.
        wishes: What is known better than it can be found.

    Raises:
        ConfigurationError: The name is taken or cannot be used, or the source holds fewer than two usable essays.
    """
    folder, said = root / name, wishes or Wishes()
    if not is_assessment_name(name):
        raise ConfigurationError(f"{name!r} cannot name an assessment: use letters, digits, dot, dash, underscore.")
    if folder.exists():
        raise ConfigurationError(f"{folder}: exists already, and is not overwritten; choose another name.")
    found = look_through(source)
    found.task, found.rubric = said.task or found.task, said.rubric or found.rubric
    essays = _read(found)
    settings = starting_file(found, essays, language=said.language or _language(essays), scale=_scale(found))
    made = NewAssessment(folder, settings.assessment, len(essays.texts), unusable=essays.left_out)
    made.passed_over, made.to_write = found.passed_over, settings.to_write
    root.mkdir(parents=True, exist_ok=True)
    draft = root / f".{name}.part"
    draft.mkdir()
    try:
        _fill(draft, found, made)
        if found.roster is not None:
            # Files are named after students, and known grades stand beside their names.
            draft.chmod(_OWNERS_FOLDER)
        (draft / ASSESSMENT_FILE).write_text(settings.text, encoding="utf-8")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made


def _read(found: FoundMaterial) -> EssayTexts:
    if found.table is not None:
        inner = found.folder / ESSAYS
        at = found.folder if (found.folder / found.table.file).exists() else inner
        return read_essay_table(at, found.table, skip_unreadable=True)
    return read_listed(found.folder, found.essays, skip_unreadable=True)


def _language(essays: EssayTexts) -> str:
    counts = Counter(language_of(text).code for text in essays.texts.values())
    del counts[""]
    return counts.most_common(1)[0][0] if counts else _DEFAULT_LANGUAGE


def _scale(found: FoundMaterial) -> str:
    """The first scale that has all grades; without one the grades are of no use here."""
    grades = set(found.grades.values())
    fitting = [name for name, scale in GRADE_SCALES.items() if grades <= set(scale.levels)]
    if not fitting:
        found.passed_over["grades"] = f"{', '.join(sorted(grades)[:5])} ...: they are on no scale that is known."
        found.grades.clear()
    return fitting[0] if fitting else _DEFAULT_SCALE


def _fill(draft: Path, found: FoundMaterial, made: NewAssessment) -> None:
    if found.table is not None:
        source = next(p for p in (found.folder, found.folder / ESSAYS) if (p / found.table.file).exists())
        shutil.copyfile(source / found.table.file, draft / found.table.file)
    else:
        (draft / ESSAYS).mkdir()
        for path in found.essays:
            shutil.copyfile(path, draft / ESSAYS / path.name)
    if found.roster is not None:
        made.n_students = _copy_roster(draft, found.roster, made)
    anchors = {stem: grade for stem, grade in found.grades.items() if stem not in map(stem_of, made.unusable)}
    if anchors:
        _write_csv(draft / ANCHORS_FILE, COLUMNS, sorted(anchors.items()))
        made.n_anchors = len(anchors)


def _copy_roster(draft: Path, path: Path, made: NewAssessment) -> int:
    """Copy what a class list needs as CSV, readable by its owner only; returns the number of students."""
    table = read_table_file(path)
    students, faults = students_of(table)
    target = draft / ROSTER_FILES[0]
    needed = set(roster_columns(table.columns).values())
    columns = [column for column in table.columns if column in needed]
    _write_csv(target, columns, [[row[column] for column in columns] for row in table.rows])
    target.chmod(_OWNER_ONLY)
    made.passed_over |= {f"{path.name}, line {i}": fault for i, fault in enumerate(faults, 1)}
    return len(students)


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
