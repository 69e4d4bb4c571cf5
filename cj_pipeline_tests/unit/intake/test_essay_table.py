# ruff: noqa: D103 - the names of the tests say it
"""Essays from a table, with its columns mapped in `assessment.yaml`."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline_tests.support.folders import settings_of

ROWS = [
    {"nr": "a1", "uppsats": "One.\r\n\r\nMore.", "betyg": "B"},
    {"nr": "a2", "uppsats": "Två.", "betyg": ""},
    {"nr": "a3", "uppsats": "Three.", "betyg": "C+"},
]
MAPPED = {"file": "essays.csv", "text": "uppsats", "id": "nr", "grade": "betyg"}


def write(root: Path, table: dict[str, str], rows: list[dict[str, str]] = ROWS, **settings: Any) -> Path:  # noqa: ANN401
    """Write an assessment whose essays are in a table."""
    folder = root / "small"
    folder.mkdir()
    frame = pd.DataFrame(rows)
    path = folder / table["file"]
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False, sep=";", encoding="latin-1")
        case ".xlsx":
            frame.to_excel(path, index=False, sheet_name="Essays")
        case ".jsonl":
            frame.to_json(path, orient="records", lines=True)
        case _:
            frame.to_parquet(path)
    (folder / "assessment.yaml").write_text(yaml.safe_dump(settings_of(essay_table=table, **settings)))
    return folder


def faults(root: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_assessment_folder(root, "small")
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_table_holds_essays_and_known_grades(tmp_path: Path, suffix: str) -> None:
    write(tmp_path, MAPPED | {"file": f"essays.{suffix}"})

    essays = read_assessment_folder(tmp_path, "small").essays

    assert [(e.essay_id, e.text, e.anchor_grade) for e in essays] == [
        ("a1", "One.\n\nMore.", "B"),
        ("a2", "Två.", None),
        ("a3", "Three.", "C+"),
    ]


def test_without_ids_rows_are_numbered(tmp_path: Path) -> None:
    write(tmp_path, {"file": "essays.csv", "text": "uppsats"})

    assert [e.essay_id for e in read_assessment_folder(tmp_path, "small").essays] == [
        "row-0001",
        "row-0002",
        "row-0003",
    ]


def test_rows_that_cannot_be_used_are_named_or_left_out(tmp_path: Path) -> None:
    rows = [*ROWS, {"nr": "a4", "uppsats": " ", "betyg": ""}, {"nr": "a1", "uppsats": "Four.", "betyg": ""}]
    folder = write(tmp_path, MAPPED, rows)

    said = faults(tmp_path)
    assert f"{folder / 'essays.csv'}/a4: the essay is empty; add its text or remove the row." in said
    assert f"{folder / 'essays.csv'}/row 5: another file has the id 'a1' too; rename one of them." in said

    allowed = yaml.safe_dump(settings_of(essay_table=MAPPED, skip_unreadable=True))
    (folder / "assessment.yaml").write_text(allowed)
    snapshot = read_assessment_folder(tmp_path, "small")
    assert [name for name, _ in snapshot.left_out] == ["a4", "row 5"]
    assert len(snapshot.essays) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "text"}, "has no column for essay_table.text: text; found: nr, uppsats, betyg."),
        ({"file": "../secret.csv"}, "lies outside the assessment's folder; copy it into the folder."),
        ({"file": "/etc/passwd"}, "lies outside the assessment's folder"),
        ({"file": "gone.csv"}, "gone.csv: the file is missing; create it."),
        ({"colour": "red"}, "unknown key; known keys here: file, text, id, grade, sheet."),
    ],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, change: dict[str, str], said: str) -> None:
    folder = write(tmp_path, MAPPED)
    (folder / "assessment.yaml").write_text(yaml.safe_dump(settings_of(essay_table=MAPPED | change)))

    assert said in faults(tmp_path)


def test_a_linked_table_is_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path, MAPPED)
    (tmp_path / "secret.csv").write_text("nr,uppsats,betyg\n")
    (folder / "essays.csv").unlink()
    (folder / "essays.csv").symlink_to(tmp_path / "secret.csv")

    assert "lies outside the assessment's folder" in faults(tmp_path)


def test_essays_come_from_one_place(tmp_path: Path) -> None:
    (write(tmp_path, MAPPED) / "essays").mkdir()

    assert "essays: is not used, because essay_table is set in assessment.yaml; keep one of them." in faults(tmp_path)


def test_grades_come_from_one_place(tmp_path: Path) -> None:
    folder = write(tmp_path, MAPPED)
    (folder / "anchors.csv").write_text("essay_id,grade\na1,B\n")

    assert "anchors.csv: essay_table names a column of grades already; keep one of them." in faults(tmp_path)


def test_a_grade_that_is_on_no_scale_is_named(tmp_path: Path) -> None:
    write(tmp_path, MAPPED, [*ROWS, {"nr": "a4", "uppsats": "Four.", "betyg": "3.5"}])

    assert "essay_table.grade: a4: grade '3.5' is not on the scale; use one of: F, F+, E-, E+" in faults(tmp_path)
