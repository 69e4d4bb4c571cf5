"""Files that are built to do harm when they are read."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.intake.located_yaml import MOST_BYTES, load_located_yaml
from cj_pipeline_tests.support.folders import make_assessment

LAUGHS = "\n".join(
    ["a: &a [x, x]"] + [f"{k}: &{k} [*{j}, *{j}, *{j}]" for j, k in zip("abcdefgh", "bcdefghi", strict=True)]
)


def refused(path: Path, text: str) -> str:
    """Return why a YAML file is refused."""
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_located_yaml(path)
    return str(caught.value)


def test_aliases_are_refused_with_their_lines(tmp_path: Path) -> None:
    found = refused(tmp_path / "a.yaml", LAUGHS).splitlines()

    assert len(found) == 24
    assert found[0] == f"{tmp_path}/a.yaml:2: the alias *a is not read here; write the value itself."


def test_a_document_that_holds_itself_is_refused(tmp_path: Path) -> None:
    assert "a.yaml:1: the alias *a is not read here" in refused(tmp_path / "a.yaml", "a: &a [*a]\n")


@pytest.mark.parametrize("depth", [21, 100_000])
def test_deep_nesting_is_refused(tmp_path: Path, depth: int) -> None:
    assert "is nested more than 20 deep" in refused(tmp_path / "a.yaml", "a: " + "[" * depth + "]" * depth)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    assert "has more than 1,000,000 bytes" in refused(tmp_path / "a.yaml", "a: " + "x" * MOST_BYTES)


def test_tags_of_python_objects_are_no_yaml_here(tmp_path: Path) -> None:
    assert "not valid YAML" in refused(tmp_path / "a.yaml", "a: !!python/object/apply:os.system [true]\n")


@pytest.mark.parametrize("name", ["assessment.yaml", "anchors.csv", "prompts/system.md"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = make_assessment(tmp_path)
    secret = tmp_path / "secret.txt"
    secret.write_text((folder / "assessment.yaml").read_text("utf-8"))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)

    with pytest.raises(ConfigurationError, match=f"{name}: is a link; put the file itself here"):
        read_assessment_folder(tmp_path / "assessments", "small")


@pytest.mark.parametrize("name", ["../small", "/etc", "a/../small", "..", "small/../../x", ".hidden"])
def test_an_assessments_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    make_assessment(tmp_path)
    with pytest.raises(ConfigurationError, match="there is no assessment"):
        read_assessment_folder(tmp_path / "assessments", name)


def test_an_override_from_a_file_is_a_person_s_own_choice_and_no_key_of_the_yaml(tmp_path: Path) -> None:
    folder = make_assessment(tmp_path, system_prompt="@/etc/passwd")

    assert read_assessment_folder(folder.parent, "small").assessment.system_prompt == "@/etc/passwd"
