# ruff: noqa: D103 - the names of the tests say it
"""`prompts/` and `pairs.csv` of an assessment folder."""

from pathlib import Path

import pytest

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline_tests.support.folders import make_assessment

OWN = "{task} {rubric} {reason_max} {strengths}"


def faults(root: Path) -> str:
    """Return what is said of the assessment."""
    with pytest.raises(ConfigurationError) as caught:
        read_assessment_folder(root / "assessments", "small")
    return "\n".join(caught.value.faults)


def test_prompt_files_take_the_place_of_the_defaults(tmp_path: Path) -> None:
    prompts = make_assessment(tmp_path) / "prompts"
    prompts.mkdir()
    (prompts / "system.md").write_text("You judge.\n")
    (prompts / "context.md").write_text(OWN)

    read = read_assessment_folder(tmp_path / "assessments", "small").assessment
    wished = read_assessment_folder(
        tmp_path / "assessments", "small", RunOverrides(system_prompt="Be bold.")
    ).assessment

    assert (read.system_prompt, read.context_template) == ("You judge.", OWN)
    assert wished.system_prompt == "Be bold."


def test_prompt_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    prompts = make_assessment(tmp_path, system_prompt="You judge.") / "prompts"
    prompts.mkdir()
    (prompts / "system.md").write_text("You judge, too.")
    (prompts / "kontext.md").write_text(OWN)

    assert "system.md: system_prompt is set in assessment.yaml too; keep one of them." in faults(tmp_path)
    assert "kontext.md: is no prompt file; known files: system.md, context.md." in faults(tmp_path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("the secret")
    folder = make_assessment(tmp_path)
    (folder / "prompts").mkdir()
    (folder / "prompts" / "system.md").symlink_to(tmp_path / "secret.md")

    assert "system.md: is a link; put the file itself here." in faults(tmp_path)

    (folder / "prompts" / "system.md").unlink()
    (folder / "prompts").rmdir()
    (folder / "prompts").symlink_to(tmp_path)
    assert "prompts: is a link; put the folder itself here." in faults(tmp_path)


def test_a_template_file_that_cannot_be_filled_in_is_named(tmp_path: Path) -> None:
    prompts = make_assessment(tmp_path) / "prompts"
    prompts.mkdir()
    (prompts / "context.md").write_text("Only {task}.")

    assert "context.md: lacks {rubric}, {reason_max}, {strengths}." in faults(tmp_path)


def test_fixed_pairs_are_read_in_their_order(tmp_path: Path) -> None:
    folder = make_assessment(tmp_path, n_essays=3, pair_design="pre_specified")
    (folder / "pairs.csv").write_text("first,second,times\nessay-02, essay-01 ,3\nessay-01,essay-03,1\n")

    read = read_assessment_folder(tmp_path / "assessments", "small")

    assert read.prescribed == (("essay-02", "essay-01", 3), ("essay-01", "essay-03", 1))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("essay-01,essay-09,1", "pairs.csv:2: no essay 'essay-09' in essays/"),
        ("essay-01,essay-01,1", "pairs.csv:2: essay 'essay-01' cannot be compared with itself"),
        ("essay-01,essay-02,0", "pairs.csv:2: times is '0'; give a whole number from 1 to 1000"),
        ("essay-01,essay-02,many", "pairs.csv:2: times is 'many'"),
        ("", "holds no pair; add at least one line"),
    ],
)
def test_a_row_that_cannot_be_put_is_named_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    folder = make_assessment(tmp_path, n_essays=3, pair_design="pre_specified")
    (folder / "pairs.csv").write_text(f"first,second,times\n{rows}\n")

    assert said in faults(tmp_path)


def test_the_file_and_the_design_belong_together(tmp_path: Path) -> None:
    folder = make_assessment(tmp_path, n_essays=3, pair_design="pre_specified")

    assert "pairs.csv: is missing, and pair_design is pre_specified" in faults(tmp_path)
    (folder / "pairs.csv").write_text("first,second\nessay-01,essay-02\n")
    assert "pairs.csv:1: expected the columns first,second,times" in faults(tmp_path)


def test_another_design_has_no_such_file(tmp_path: Path) -> None:
    folder = make_assessment(tmp_path, n_essays=3)
    (folder / "pairs.csv").write_text("first,second,times\n")

    assert "is not used by pair_design 'regular'" in faults(tmp_path)
