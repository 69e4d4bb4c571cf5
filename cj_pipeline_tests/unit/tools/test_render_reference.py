"""The pages are rendered from the code, and a page that is not as the code would have it is found."""

from pathlib import Path

import pytest

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.judges import JudgeParameters, JudgeSpec
from cj_pipeline.domain.models import model_table
from cj_pipeline.settings import settings_table
from tools import render_reference

MARK = "<!-- Generated from the code by tools/render_reference.py."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all pages freshly rendered."""
    assert render_reference.main(["--folder", str(tmp_path / "reference")]) == 0
    return tmp_path / "reference"


def check(folder: Path) -> int:
    """Run `--check` on a folder."""
    return render_reference.main(["--check", "--folder", str(folder)])


def test_fresh_pages_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was just rendered is up to date, and nothing is said."""
    assert check(folder) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("page", sorted(render_reference.PAGES))
def test_a_changed_page_is_named_with_the_remedy(folder: Path, page: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The line names the file and the command; nothing is written."""
    path = folder / page
    path.write_text(path.read_text("utf-8") + "x", "utf-8")
    assert check(folder) == 1
    assert capsys.readouterr().out == f"{path}: is stale; run: {render_reference.COMMAND}\n"
    assert path.read_text("utf-8").endswith("x")


def test_missing_and_superfluous_pages_are_stale(folder: Path) -> None:
    """A page that was deleted, or that nothing renders, is a fault; rendering mends both."""
    (folder / "cli.md").unlink()
    (folder / "old.md").write_text("old", "utf-8")
    assert render_reference.REFERENCE.stale(folder) == ["cli.md", "old.md"]
    render_reference.main(["--folder", str(folder)])
    assert render_reference.REFERENCE.stale(folder) == []


def test_every_page_says_that_it_is_generated(folder: Path) -> None:
    """The first line names the script."""
    assert all(path.read_text("utf-8").startswith(MARK) for path in folder.glob("*.md"))


def test_pages_do_not_depend_on_the_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A narrow terminal breaks no line, and the width it had is left as it was."""
    monkeypatch.setenv("COLUMNS", "40")
    assert check(folder) == 0
    monkeypatch.delenv("COLUMNS")
    assert check(folder) == 0


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("settings.md", [name for name, _, _ in settings_table()]),
        ("assessment-yaml.md", [*Assessment.model_fields, *JudgeSpec.model_fields, *JudgeParameters.model_fields]),
        ("models.md", [model for _, model in model_table()]),
        ("asset-checks.md", ["`pair_set_is_connected` | yes", "`comparisons_have_verdicts` | no"]),
        ("cli.md", ["cj run [OPTIONS] ASSESSMENT...", "--no-wait", "--frozen-clock", "-h, --help"]),
        ("dagster.md", ["### rankings", "### submit_assessment", "### batch_job_sensor"]),
        ("tables.md", ["`standard_error`", "`winner_position`"]),
    ],
)
def test_a_page_holds_everything_there_is(folder: Path, page: str, words: list[str]) -> None:
    """No variable, key, model, check, verb, asset or column is left out."""
    text = (folder / page).read_text("utf-8")
    assert [word for word in words if word not in text] == []


def test_the_committed_pages_are_up_to_date() -> None:
    """`docs/reference` is as the code has it."""
    assert render_reference.REFERENCE.stale(render_reference.REFERENCE.folder) == []
