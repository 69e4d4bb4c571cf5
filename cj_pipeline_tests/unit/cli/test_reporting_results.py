"""`cj report` and `cj export` on a ledger, as a person calls them."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from cj_pipeline.cli import main
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment


@pytest.fixture
def small(tmp_path: Path, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """A submitted assessment, and an environment without the emulator that answers."""
    make_assessment(tmp_path)
    rig.submit()
    monkeypatch.setenv("CJ_DATA_DIR", str(tmp_path))
    return rig


def test_results_of_the_emulator_are_reported_without_it(small: Rig, tmp_path: Path) -> None:
    small.finish()
    done = CliRunner().invoke(main, ["report", "small", "--language", "sv", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert '<html lang="sv">' in page
    assert "syntetisk bedömare" in page

    done = CliRunner().invoke(main, ["export", "small"])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(tmp_path / "work" / "reports" / "small" / "export" / "workbook.xlsx")
    assert book["Ranking"].max_row == 7


def test_what_is_not_there_yet_is_said_in_a_line(small: Rig) -> None:
    waiting = CliRunner().invoke(main, ["report", "small"])
    assert waiting.exit_code == 1
    assert "there is no ranking yet" in waiting.output
    assert "Traceback" not in waiting.output
    unknown = CliRunner().invoke(main, ["export", "nowhere"])
    assert unknown.exit_code == 2
    assert small.engine.ledger.decisions(small.engine.ledger.sessions("small")[0].session_id) == []


def test_making_a_report_keeps_no_decision(small: Rig) -> None:
    small.finish_quietly()
    session = small.engine.ledger.sessions("small")[0].session_id
    before = small.engine.ledger.decisions(session)
    assert CliRunner().invoke(main, ["report", "small"]).exit_code == 0
    assert small.engine.ledger.decisions(session) == before


def test_a_look_at_the_cost_hides_no_result(small: Rig) -> None:
    """Without the emulator's address, `cj plan` plans a session at the real provider; nothing is asked there."""
    small.finish()
    planned = CliRunner().invoke(main, ["plan", "small"])
    assert planned.exit_code == 0, planned.output
    assert len(small.engine.ledger.sessions("small")) == 2
    reported = CliRunner().invoke(main, ["report", "small"])
    assert reported.exit_code == 0, reported.output
