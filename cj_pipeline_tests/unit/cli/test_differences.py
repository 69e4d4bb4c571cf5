"""Two judging sessions beside each other, through ledger and terminal."""

# ruff: noqa: D103 - the name of a test is its sentence

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from cj_pipeline.cli import differences
from cj_pipeline.cli.differences import print_difference, summary
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.records import SessionRecord
from cj_pipeline.engine.session_difference import compare_sessions, find_session
from cj_pipeline.errors import ConfigurationError, NotReadyError
from cj_pipeline_tests.support.benches import Rig, environment
from cj_pipeline_tests.support.folders import make_assessment, write_settings


@pytest.fixture
def sessions(tmp_path: Path, rig: Rig) -> tuple[SessionRecord, SessionRecord]:
    """The same essays judged with two rubrics."""
    folder = make_assessment(tmp_path, n_essays=8, comparisons_per_essay=6)
    for rubric in ("The better essay says more.", "The better essay has fewer mistakes."):
        write_settings(folder, rubric=rubric, comparisons_per_essay=6)
        rig.submit()
        assert isinstance(rig.finish(), Ranking)
    one, other = sorted(rig.engine.ledger.sessions("small"), key=lambda s: s.created_at)
    return one, other


def test_sessions_are_compared_essay_by_essay_and_figure_by_figure(
    rig: Rig, sessions: tuple[SessionRecord, SessionRecord]
) -> None:
    found = compare_sessions(rig.engine, *sessions)
    assert set(found.essays["essay_id"]) == {f"essay-{i:02d}" for i in range(1, 9)}
    size = (found.essays["change"] / found.essays["change_error"]).abs()
    assert size.is_monotonic_decreasing
    figures = found.figures.set_index("figure")
    one = figures["one"].astype(float).to_dict()
    assert one["n_verdicts"] == figures["other"].astype(float)["n_verdicts"] == 24
    assert one["usd_per_verdict"] == pytest.approx(one["spent_usd"] / 24)
    assert found.verdicts.n > 0
    lines = summary(found)
    assert "8 essays in common" in lines[0]
    assert "synthetic judge" in lines[-1]


def test_a_session_beside_itself_has_not_changed(rig: Rig, sessions: tuple[SessionRecord, SessionRecord]) -> None:
    found = compare_sessions(rig.engine, sessions[0], sessions[0])
    assert not found.essays["beyond_error"].any()
    assert found.verdicts.value == 1
    out = StringIO()
    print_difference(Console(file=out, width=120), found)
    assert "0 of 8 changed their place" in out.getvalue()
    assert "reliability" in out.getvalue()


def test_a_session_is_found_by_the_beginning_of_its_name_or_its_assessment(
    rig: Rig, sessions: tuple[SessionRecord, SessionRecord]
) -> None:
    one, other = sessions
    assert find_session(rig.engine, ["small"], one.session_id[:8]) == one
    assert find_session(rig.engine, ["small"], "small") == other
    with pytest.raises(ConfigurationError, match="no judging session or assessment") as caught:
        find_session(rig.engine, ["small"], "zzzz")
    assert one.session_id in str(caught.value)
    with pytest.raises(ConfigurationError):
        find_session(rig.engine, ["small"], one.session_id[:2])


def test_a_session_without_answers_cannot_be_compared(
    tmp_path: Path, rig: Rig, sessions: tuple[SessionRecord, SessionRecord]
) -> None:
    write_settings(tmp_path / "assessments" / "small", rubric="Anything else.")
    rig.plan()
    with pytest.raises(NotReadyError, match="no ranking"):
        compare_sessions(rig.engine, sessions[0], find_session(rig.engine, ["small"], "small"))


def test_the_command_prints_and_writes(
    tmp_path: Path,
    rig: Rig,
    sessions: tuple[SessionRecord, SessionRecord],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment(tmp_path, rig.emulator.url).items():
        monkeypatch.setenv(name, value)
    differences.show_difference(sessions[0].session_id[:8], "small", tmp_path / "out")
    assert "essays in common" in capsys.readouterr().out
    assert len(pd.read_csv(tmp_path / "out" / "essays.csv")) == 8
    assert "position_effect" in set(pd.read_csv(tmp_path / "out" / "figures.csv")["figure"])
