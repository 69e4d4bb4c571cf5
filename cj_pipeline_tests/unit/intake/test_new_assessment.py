# ruff: noqa: D103 - the names of the tests say it
"""`cj init`: what is found in a folder, what is made of it, and that nothing is overwritten."""

from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.intake.new_assessment import NewAssessment, Wishes, make_assessment
from cj_pipeline_tests.support.essay_documents import word
from cj_pipeline_tests.support.folders import SAMPLES, essay_text

SWEDISH = (
    "Jag tycker att skolan borde börja senare på morgonen, eftersom många elever är trötta. {}\n\n"
    "Det är också viktigt att maten är god och att lärarna lyssnar på oss när vi har något att säga."
)


def source(root: Path, **files: str | bytes) -> Path:
    """A folder of three essays, and of files by name (a double underscore stands for the dot)."""
    folder = root / "my_class essays"
    folder.mkdir()
    for number in (1, 2, 3):
        (folder / f"text {number}.txt").write_text(essay_text(number), "utf-8")
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def made(root: Path, folder: Path, wishes: Wishes | None = None) -> NewAssessment:
    """Make the assessment `new` of a folder, and see that it can be read."""
    new = make_assessment(root / "assessments", "new", folder, wishes)
    assert read_assessment_folder(root / "assessments", "new").assessment == new.assessment
    return new


def test_a_folder_of_texts_is_enough(tmp_path: Path) -> None:
    new = made(tmp_path, source(tmp_path))
    text = (new.folder / "assessment.yaml").read_text("utf-8")

    assert (new.n_essays, new.n_students, new.n_anchors) == (3, 0, 0)
    assert new.assessment.title == "My class essays"
    assert new.assessment.language == "en"
    assert new.assessment.max_cost_usd is not None
    assert [line.split(":")[0] for line in new.to_write] == ["task", "rubric"]
    assert "# REPLACE: the writing task" in text
    assert "# Hard stop on spending" in text
    assert not list((tmp_path / "assessments").glob(".*"))


def test_what_lies_there_is_used(tmp_path: Path) -> None:
    folder = source(
        tmp_path,
        uppgift__docx=word(["Skriv om skolan.", "Minst 200 ord."]),
        rubric__txt="Clear is better.\n",
        klasslista__csv="Namn;Elev-ID;Klass\nAnna Ek;S100;9B\nPer Alm;S200;9B\n".encode("latin-1"),
        betyg__csv="file,grade\ntext 1.txt,B\ntext 2,C+\nother,A\n",
        notes__xyz="x",
    )
    new = made(tmp_path, folder)
    roster = new.folder / "roster.csv"

    assert new.assessment.task == "Skriv om skolan.\n\nMinst 200 ord."
    assert new.assessment.rubric == "Clear is better."
    assert (new.n_students, new.n_anchors) == (2, 2)
    assert new.assessment.grade_scale == "swedish_8_anchor"
    assert new.passed_over == {"notes.xyz": "is of a kind that holds no essay."}
    assert new.to_write == []
    assert (new.folder / "anchors.csv").read_text() == "essay_id,grade\ntext 1,B\ntext 2,C+\n"
    assert roster.read_text("utf-8") == "Namn,Elev-ID,Klass\nAnna Ek,S100,9B\nPer Alm,S200,9B\n"
    assert roster.stat().st_mode & 0o777 == 0o600
    assert new.folder.stat().st_mode & 0o777 == 0o700


def test_the_scale_is_the_one_that_has_the_grades(tmp_path: Path) -> None:
    new = made(tmp_path, source(tmp_path, grades__csv="essay_id,grade\ntext 1,E-\ntext 2,B\n"))

    assert new.assessment.grade_scale == "eng5_np_legacy_9_step"


def test_grades_on_no_scale_are_left_where_they_are(tmp_path: Path) -> None:
    new = made(tmp_path, source(tmp_path, grades__csv="essay_id,grade\ntext 1,3.5\ntext 2,B\n"))

    assert new.n_anchors == 0
    assert "they are on no scale that is known" in new.passed_over["grades"]
    assert not (new.folder / "anchors.csv").exists()


def test_a_table_of_essays_is_mapped(tmp_path: Path) -> None:
    folder = tmp_path / "table"
    folder.mkdir()
    rows = "".join(f'e{n};"{essay_text(n)}";4.0\n' for n in range(4))
    (folder / "essays.csv").write_text(f"Essay_ID;Full text;Overall\n{rows}", "utf-8")

    new = made(tmp_path, folder)

    assert new.assessment.essay_table is not None
    assert new.assessment.essay_table.model_dump(exclude_none=True) == {
        "file": "essays.csv",
        "text": "Full text",
        "id": "Essay_ID",
    }
    assert new.n_essays == 4


def test_answers_to_a_form_are_essays_and_a_class_list(tmp_path: Path) -> None:
    folder = tmp_path / "form"
    folder.mkdir()
    people = (("Anna Ek", "anna@s.example"), ("Per Alm", "per@s.example"), ("Ida Holm", "ida@s.example"))
    rows = "".join(
        f'2026-11-0{n};{e};{p};"{essay_text(n) * 2} {p} wrote it.";yes\n' for n, (p, e) in enumerate(people, 1)
    )
    header = "Timestamp;Email Address;Name;Write about something that matters to you.;Done?"
    (folder / "answers.csv").write_text(f"{header}\n{rows}", "utf-8")

    new = made(tmp_path, folder)
    snapshot = read_assessment_folder(tmp_path / "assessments", "new")

    assert new.n_students == 3
    assert new.assessment.essay_table is not None
    assert new.assessment.essay_table.text == "Write about something that matters to you."
    assert new.assessment.essay_table.id == "Email Address"
    assert (new.folder / "roster.csv").read_text().splitlines()[0] == "Email Address,Name"
    assert {essay.essay_id for essay in snapshot.essays} == {"person-01", "person-02", "person-03"}
    assert all("[person-0" in essay.text for essay in snapshot.essays)


def test_the_language_is_found_out_and_the_rest_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "klass"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(SWEDISH.format(f"Text {n}."), "latin-1")

    new = made(tmp_path, folder)

    assert new.assessment.language == "sv"
    assert new.assessment.task.startswith("Skrivuppgiften är inte angiven.")


def test_what_is_said_counts_more_than_what_is_found(tmp_path: Path) -> None:
    folder = source(tmp_path, task__txt="Found.")
    new = made(tmp_path, folder, Wishes(task="Said: one\n  two", rubric="# Rubric", language="da"))

    assert new.assessment.task == "Said: one\n  two"
    assert new.assessment.rubric == "# Rubric"
    assert new.assessment.language == "da"


def test_essays_that_cannot_be_read_come_along_and_are_named(tmp_path: Path) -> None:
    folder = source(tmp_path, empty__docx=b"", photo__jpg=b"\xff\xd8\xff\xe0")
    new = make_assessment(tmp_path / "assessments", "new", folder)

    assert set(new.unusable) == {"empty.docx", "photo.jpg"}
    assert {path.name for path in (new.folder / "essays").iterdir()} >= {"empty.docx", "photo.jpg"}
    with pytest.raises(ConfigurationError, match=r"empty\.docx: the essay is empty"):
        read_assessment_folder(tmp_path / "assessments", "new")


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = source(tmp_path)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")

    new = made(tmp_path, folder)

    assert new.passed_over == {"link.txt": "is a link or a folder; put the files themselves there."}


def test_samples_can_be_made_anew(tmp_path: Path) -> None:
    new = made(tmp_path, SAMPLES / "lower5")

    assert (new.n_essays, new.n_anchors) == (5, 3)
    assert new.assessment.grade_scale == "eng5_np_legacy_9_step"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = source(tmp_path)
    there = tmp_path / "assessments" / "new"
    there.mkdir(parents=True)

    with pytest.raises(ConfigurationError, match="exists already, and is not overwritten; choose another name"):
        make_assessment(tmp_path / "assessments", "new", folder)
    assert list(there.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"), [("a b", "cannot name an assessment"), ("../up", "cannot name an assessment")]
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        make_assessment(tmp_path / "assessments", name, source(tmp_path))


def test_a_folder_without_essays_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.txt").write_text("x")

    for name, said in (("empty", "holds no essays"), ("one", "needs at least 2"), ("gone", "there is no such folder")):
        with pytest.raises(ConfigurationError, match=said):
            make_assessment(tmp_path / "assessments", "new", tmp_path / name)
    assert not (tmp_path / "assessments").exists()
