"""People's decisions from files: read once, kept while the file holds them, in any of the field's conventions."""

# ruff: noqa: D103 - the name of a test is its sentence

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cj_pipeline.engine.people import decide_pair
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline.errors import ConfigurationError
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment

NMM = """judgeName,timeTaken,chosen,notChosen,createdAt
Anna,41000,essay-01,essay-02,2026-03-01T10:00:00Z
Anna,39000,essay-03,essay-02,2026-03-01T10:01:00Z
Bo,12000,essay-01,essay-02,2026-03-01T11:00:00Z
Bo,12000,essay-01,essay-02,2026-03-01T11:00:00Z
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small assessment with a folder for decisions."""
    made = make_assessment(tmp_path)
    (made / "decisions").mkdir()
    return made


def _gather(rig: Rig) -> tuple[int, list[HumanDecision]]:
    rig.read("small")
    snapshot = rig.bench.read("small")
    return rig.bench.gather_people(snapshot), current_decisions(rig.engine, snapshot)


def test_an_export_is_read_with_judges_and_times(rig: Rig, folder: Path) -> None:
    (folder / "decisions" / "export.csv").write_text(NMM, "utf-8")
    n_changed, kept = _gather(rig)

    assert n_changed == 4
    assert sorted((d.judge, d.first_id, d.second_id, d.winner, d.time_ms) for d in kept) == [
        ("Anna", "essay-01", "essay-02", "first", 41_000),
        ("Anna", "essay-03", "essay-02", "first", 39_000),
        ("Bo", "essay-01", "essay-02", "first", 12_000),
        ("Bo", "essay-01", "essay-02", "first", 12_000),
    ]
    assert {d.ordered for d in kept} == {False}
    assert datetime(2026, 3, 1, 10, 0, tzinfo=UTC) in {d.decided_at for d in kept}


def test_reading_again_changes_nothing_even_where_lines_were_moved(rig: Rig, folder: Path) -> None:
    path = folder / "decisions" / "export.csv"
    path.write_text(NMM, "utf-8")
    before = _gather(rig)[1]
    head, *lines = NMM.splitlines()
    path.write_text("\n".join([head, *reversed(lines)]), "utf-8")

    n_changed, kept = _gather(rig)
    assert n_changed == 0
    assert {d.decision_id for d in kept} == {d.decision_id for d in before}


def test_a_line_that_is_removed_no_longer_counts_and_the_page_is_left_alone(rig: Rig, folder: Path) -> None:
    path = folder / "decisions" / "export.csv"
    path.write_text(NMM, "utf-8")
    _gather(rig)
    snapshot = rig.bench.read("small")
    decide_pair(rig.engine, snapshot, "Cleo", ("essay-04", "essay-05"), winner="second", time_ms=9000)
    path.write_text("\n".join(NMM.splitlines()[:3]), "utf-8")

    n_changed, kept = _gather(rig)
    assert n_changed == 2
    assert sorted(d.judge for d in kept) == ["Anna", "Anna", "Cleo"]
    path.unlink()
    assert [d.judge for d in _gather(rig)[1]] == ["Cleo"]


def test_ties_are_kept_as_ties(rig: Rig, folder: Path) -> None:
    text = "item_1_id,item_2_id,outcome\nessay-01,essay-02,2\nessay-02,essay-03,0\n"
    (folder / "decisions" / "ties.csv").write_text(text, "utf-8")

    assert {(d.winner, d.ties_allowed) for d in _gather(rig)[1]} == {("tie", True), ("first", True)}


def test_unknown_names_and_unknown_columns_are_named_with_their_lines(rig: Rig, folder: Path) -> None:
    (folder / "decisions" / "a.csv").write_text(NMM.replace("essay-03", "essay-33"), "utf-8")
    with pytest.raises(ConfigurationError, match=r"a\.csv:3: there is no essay 'essay-33'"):
        _gather(rig)
    (folder / "decisions" / "b.csv").write_text("one,two\n1,2\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"b\.csv"):
        _gather(rig)


def test_many_unknown_names_are_counted(rig: Rig, folder: Path) -> None:
    rows = "".join(f"Anna,1,x{i},essay-02,\n" for i in range(9))
    (folder / "decisions" / "a.csv").write_text(NMM.splitlines()[0] + "\n" + rows, "utf-8")
    with pytest.raises(ConfigurationError, match="4 more names are unknown"):
        _gather(rig)
