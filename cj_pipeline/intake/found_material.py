"""What a folder that somebody has at hand holds: essays, a class list, grades, the task. Nothing is changed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cj_pipeline.domain.assessment import EssayTable
from cj_pipeline.domain.roster import bare
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.column_names import ESSAY_ID, ESSAY_TEXT, GRADE, ROSTER, matched
from cj_pipeline.intake.document_texts import read_documents, read_table_file, usable
from cj_pipeline.intake.essay_files import essay_paths
from cj_pipeline.intake.readers.kinds import ESSAY_SUFFIXES, TABLE_SUFFIXES
from cj_pipeline.intake.readers.rows import Table
from cj_pipeline.intake.roster_file import roster_columns

_TASK_NAMES: Final = {"task", "assignment", "prompt", "instruction", "instructions", "uppgift", "skrivuppgift"}
_RUBRIC_NAMES: Final = {"rubric", "criteria", "matris", "kriterier", "bedömningsmatris", "bedömningsstöd"}
_ALSO_ESSAYS: Final = {".doc", ".pages", ".wps", ".docm", ".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff", ""}
"""Not read, and taken along all the same: such a file is somebody's essay, and is to be named until it is mended."""

_ESSAY_CHARS: Final = 100
_UNNAMED_CHARS: Final = 300
_BESIDE_NAME: Final = {"id", "class", "email", "school"}


@dataclass
class FoundMaterial:
    """What was found.

    Attributes:
        folder: Where.
        essays: Files that hold an essay each, or ought to.
        table: The table that holds the essays, where no such files are there.
        roster: The class list.
        grades: Known grade by the name of the essay's file.
        task: The writing task; empty if none was found.
        rubric: The criteria; empty if none were found.
        passed_over: What was not used, and why, by name.
    """

    folder: Path
    essays: list[Path] = field(default_factory=list)
    table: EssayTable | None = None
    roster: Path | None = None
    grades: dict[str, str] = field(default_factory=dict)
    task: str = ""
    rubric: str = ""
    passed_over: dict[str, str] = field(default_factory=dict)


def look_through(folder: Path) -> FoundMaterial:
    """Look through a folder, and through the folder `essays` in it if there is one.

    Raises:
        ConfigurationError: It is no folder, or holds no essays.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: there is no such folder; name the one that holds the essays.")
    found = FoundMaterial(folder)
    inner = folder / "essays"
    paths = [path for path in essay_paths(folder) if path != inner]
    paths += essay_paths(inner) if inner.is_dir() and not inner.is_symlink() else []
    tables: dict[Path, Table] = {}
    for path in paths:
        if path.is_symlink() or not path.is_file():
            found.passed_over[path.name] = "is a link or a folder; put the files themselves there."
        elif path.suffix.lower() in TABLE_SUFFIXES:
            _try_table(found, tables, path)
        elif bare(path.stem) in {bare(name) for name in _TASK_NAMES | _RUBRIC_NAMES}:
            _take_text(found, path)
        elif path.suffix.lower() in ESSAY_SUFFIXES or path.suffix.lower() in _ALSO_ESSAYS:
            found.essays.append(path)
        else:
            found.passed_over[path.name] = "is of a kind that holds no essay."
    for path, table in tables.items():
        _sort_in(found, path, table)
    if not found.essays and found.table is None:
        raise ConfigurationError(
            f"{folder}: holds no essays; put one file per essay there, or a table with a column text."
        )
    return found


def _try_table(found: FoundMaterial, tables: dict[Path, Table], path: Path) -> None:
    try:
        tables[path] = read_table_file(path)
    except ConfigurationError as error:
        found.passed_over[path.name] = str(error).removeprefix(f"{path}: ")


def _take_text(found: FoundMaterial, path: Path) -> None:
    try:
        text = usable(read_documents([path])[0]).strip()
    except ConfigurationError as error:
        found.passed_over[path.name] = str(error)
        return
    if bare(path.stem) in {bare(name) for name in _TASK_NAMES}:
        found.task = text
    else:
        found.rubric = text


def _sort_in(found: FoundMaterial, path: Path, table: Table) -> None:
    """Use a table as what it is: essays, a class list, grades, or a class list with grades."""
    text = _text_column(table)
    if text is not None:
        if found.essays or found.table is not None:
            found.passed_over[path.name] = "holds essays too; name it under essay_table, or keep the files."
            return
        found.table = EssayTable(file=path.name, text=text, id=_id_column(table))
    columns = roster_columns(table.columns)
    is_roster = bool(columns) and (bool(_BESIDE_NAME & set(columns)) or "given" in columns)
    if is_roster and found.roster is None:
        found.roster = path
    if text is not None:
        return
    grades = _grades(found.essays, table)
    found.grades |= grades
    if not grades and not (is_roster and found.roster == path):
        found.passed_over[path.name] = "is neither a class list nor a list of grades of these essays."


def _text_column(table: Table) -> str | None:
    """The column that holds essays, by its name, or, as in answers to a form, by being the longest by far."""
    if not table.rows:
        return None
    usual = {column: sum(len(row[column]) for row in table.rows) / len(table.rows) for column in table.columns}
    named = matched(table.columns, ESSAY_TEXT)
    if named is not None and usual[named] > _ESSAY_CHARS:
        return named
    longest = max(table.columns, key=lambda column: usual[column])
    return longest if usual[longest] > _UNNAMED_CHARS else None


def _id_column(table: Table) -> str | None:
    """The column that tells the rows apart."""
    for names in (ESSAY_ID, ROSTER["id"], ROSTER["email"], ROSTER["name"]):
        column = matched(table.columns, names)
        values = [row[column].strip() for row in table.rows] if column else []
        if values and all(values) and len(set(values)) == len(values):
            return column
    return None


def _grades(essays: Sequence[Path], table: Table) -> dict[str, str]:
    """Grades of those essays whose names stand in one of the columns that name a person or a file."""
    grade = matched(table.columns, GRADE)
    naming = [column for names in (ESSAY_ID, ROSTER["id"], ROSTER["name"]) if (column := matched(table.columns, names))]
    if grade is None:
        return {}
    stems = {bare(essay.stem): essay.stem for essay in essays}
    stems |= {bare(essay.name): essay.stem for essay in essays}
    rows = ((_named(row, naming, stems), row[grade].strip()) for row in table.rows)
    return {stem: value for stem, value in rows if stem and value}


def _named(row: Mapping[str, str], columns: Sequence[str], stems: Mapping[str, str]) -> str | None:
    return next((stems[bare(row[column])] for column in columns if bare(row[column]) in stems), None)
