"""`roster.csv` or `roster.xlsx`: who is in the class."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from cj_pipeline.domain.roster import Student
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.column_names import ROSTER, matched
from cj_pipeline.intake.document_texts import read_table_file
from cj_pipeline.intake.readers.rows import Table

ROSTER_FILES: Final = ("roster.csv", "roster.xlsx")
_CONTACTS: Final = ("email", "phone", "address")


def read_roster(folder: Path) -> tuple[Student, ...]:
    """Read the roster of an assessment; no file means that nobody is known by name.

    Args:
        folder: The assessment's folder.

    Raises:
        ConfigurationError: Two files, no column of names, rows without a name, or two students that cannot be told
            apart.
    """
    found = [folder / name for name in ROSTER_FILES if (folder / name).is_symlink() or (folder / name).exists()]
    if not found:
        return ()
    if len(found) > 1:
        raise ConfigurationError(f"{folder}: has {' and '.join(ROSTER_FILES)}; keep one of them.")
    [path] = found
    students, faults = students_of(read_table_file(path))
    if faults:
        raise ConfigurationError([f"{path}: {fault}" for fault in faults])
    return students


def roster_columns(columns: Sequence[str]) -> dict[str, str]:
    """Which columns hold what, by our word for it; empty where they cannot be a roster's."""
    found = {word: column for word, names in ROSTER.items() if (column := matched(columns, names)) is not None}
    has_name = "name" in found or {"given", "surname"} <= set(found)
    return found if has_name else {}


def students_of(table: Table) -> tuple[tuple[Student, ...], list[str]]:
    """Students of a table, and what is wrong with it."""
    columns = roster_columns(table.columns)
    if not columns:
        names = ", ".join(table.columns)
        return (), [f"has no column of names; call it name, or first name and last name (found: {names})."]
    students: dict[str, Student] = {}
    faults = []
    for number, row in enumerate(table.rows, 2):
        student = _student(row, columns)
        if not student.name:
            faults.append(f"row {number} has no name; add it or remove the row.")
        elif students.setdefault(student.key, student) != student or _again(students, student, row, columns):
            faults.append(f"row {number}: {student.key.split(chr(0x1F))[0]!r} stands there already; give each an id.")
    return tuple(students.values()), faults


def _again(
    students: Mapping[str, Student], student: Student, row: Mapping[str, str], columns: Mapping[str, str]
) -> bool:
    """Whether a row without an id repeats another: two people, or one twice, nobody can tell."""
    return students[student.key] is not student and not row.get(columns.get("id", ""), "").strip()


def _student(row: Mapping[str, str], columns: Mapping[str, str]) -> Student:
    values = {word: " ".join(row[column].split()) for word, column in columns.items()}
    # A surname in a column of its own may have several words: the comma keeps it apart.
    in_two = {"given", "surname"} <= set(values) and values["given"] and values["surname"]
    both = f"{values.get('surname')}, {values.get('given')}" if in_two else ""
    return Student(
        name=both or values.get("name", ""),
        student_id=values.get("id", ""),
        class_name=values.get("class", ""),
        school=values.get("school", ""),
        contacts=tuple(values[word] for word in _CONTACTS if values.get(word)),
    )
