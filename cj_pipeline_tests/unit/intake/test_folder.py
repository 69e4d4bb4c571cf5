"""A whole assessment folder: what is read, and that every fault is named in one go."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.domain.essays import Essay
from cj_pipeline.intake.folder import find_assessments, read_assessment_folder
from cj_pipeline_tests.unit.intake.folders import NAME, YAML, faults, write_folder

SCALED = YAML.replace("eng5_np_legacy_9_step", "[F, E, A]")


def test_a_folder_is_read(tmp_path: Path) -> None:
    write_folder(tmp_path, anchors="essay_id,grade\nb,C+\n")
    snapshot = read_assessment_folder(tmp_path, NAME)

    assert snapshot.name == NAME
    assert snapshot.assessment.title == "Holidays"
    assert snapshot.essays == (Essay("a", "One."), Essay("b", "Two.", "C+"), Essay("c", "Three."))


def test_known_measures_are_read_with_the_essays(tmp_path: Path) -> None:
    write_folder(tmp_path, anchors="essay_id,grade,measure,standard_error\nb,,1.5,0.2\n")
    essay = read_assessment_folder(tmp_path, NAME).essay("b")

    assert essay == Essay("b", "Two.", None, 1.5, 0.2)
    assert essay.is_anchor


def test_a_boundary_called_at_an_essay_that_is_not_there_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, yaml=SCALED + "grading:\n  method: boundary_call\n  boundaries: {A: z, E: b}\n")

    (fault,) = faults(tmp_path)

    assert fault == (
        "assessment.yaml: grading.boundaries: no essay in essays/ has the id z; name the lowest essay that still has "
        "the grade."
    )


def test_reading_again_gives_the_same_digest(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    before = read_assessment_folder(tmp_path, NAME).digest
    (folder / "essays" / "a.txt").write_bytes(b"One.  \r\n\r\n")
    same = read_assessment_folder(tmp_path, NAME).digest
    (folder / "essays" / "a.txt").write_bytes(b"One!")

    assert same == before
    assert read_assessment_folder(tmp_path, NAME).digest != before


def test_a_folder_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    write_folder(tmp_path)

    assert faults(tmp_path, "nothing") == ["ROOT: there is no assessment 'nothing'; found: holidays."]


@pytest.mark.parametrize("name", ["../holidays", "", ".hidden", "with space", "x" * 61, "a/b"])
def test_a_name_that_cannot_be_a_partition_is_not_looked_for(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path / "inside")

    assert "there is no assessment" in faults(tmp_path / "inside", name)[0]


def test_an_empty_root_holds_no_assessment(tmp_path: Path) -> None:
    assert find_assessments(tmp_path) == []
    assert find_assessments(tmp_path / "missing") == []
    assert faults(tmp_path, "x") == ["ROOT: there is no assessment 'x'; found: none."]


def test_assessments_are_the_folders_with_an_assessment_file(tmp_path: Path) -> None:
    for name in ("beta", "Alpha-2.b_c", ".hidden", "with space", "x" * 61, "x" * 60):
        (tmp_path / name).mkdir()
        (tmp_path / name / "assessment.yaml").touch()
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "file").touch()

    assert find_assessments(tmp_path) == ["Alpha-2.b_c", "beta", "x" * 60]


@pytest.mark.parametrize(("cap", "n"), [(1, 3), (2, 4), (8, 10)])
def test_a_cap_that_cannot_connect_the_essays_is_refused_with_the_number_needed(
    tmp_path: Path, cap: int, n: int
) -> None:
    yaml = YAML.replace("max_pairs_cap: 10", f"max_pairs_cap: {cap}")
    write_folder(tmp_path, yaml=yaml, essays={f"{k}.txt": f"Text {k}." for k in range(n)})

    (fault,) = faults(tmp_path)

    assert fault == (
        f"assessment.yaml: max_pairs_cap: is {cap}, but {n} essays need at least {n - 1} comparisons to be connected; "
        f"raise it to {n - 1} or more."
    )


def test_a_cap_that_just_connects_the_essays_is_accepted(tmp_path: Path) -> None:
    write_folder(tmp_path, yaml=YAML.replace("max_pairs_cap: 10", "max_pairs_cap: 2"))

    assert read_assessment_folder(tmp_path, NAME).assessment.max_pairs_cap == 2


def test_faults_of_both_settings_and_essays_are_named_together(tmp_path: Path) -> None:
    yaml = YAML.replace("language: en", "language: english").replace("gpt-4.1", "gpt-0") + "colour: red\n"
    write_folder(tmp_path, yaml=yaml, essays={"a.txt": "", "b.pdf": "x", "c.txt": "One.", "d.txt": "One."})
    found = faults(tmp_path)

    assert [fault.split(": ")[0] for fault in found] == [
        "assessment.yaml:4",
        "assessment.yaml:8",
        "assessment.yaml:10",
        "essays/a.txt",
        "essays/b.pdf",
        "essays",
    ]


def test_an_empty_folder_lacks_settings_and_essays(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()

    assert faults(tmp_path) == [
        "assessment.yaml: the file is missing; create it.",
        "essays: the folder is missing; create it and put one .txt file per essay there.",
    ]
