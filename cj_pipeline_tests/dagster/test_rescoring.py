# ruff: noqa: D103 - the names of the tests say it
"""Re-scoring: what people decide and what is known of anchors reaches the scale by itself, once, and costs nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from cj_pipeline.defs.people_sensing import next_ones
from cj_pipeline.engine.people import decide_pair, undo_last
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.wiring import SystemClock
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment

FILE = "first,second,winner,judge\nessay-01,essay-02,first,Anna\nessay-03,essay-04,second,Anna\n"


def finish(rig: Rig, daemon: MiniDaemon, *names: str) -> None:
    """Let assessments be submitted, answered, collected and ranked."""
    daemon.tick("assessment_folder_sensor")
    for name in names:
        daemon.run("submit_assessment", name)
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    # Runs carry the machine's time, and so must the decisions about them.
    rig.clock.time = SystemClock().now()


def decide(rig: Rig, name: str = "small", winner: str = "essay-01") -> None:
    """A person decides on the judging page, and leaves it."""
    other = "essay-02" if winner == "essay-01" else "essay-01"
    decide_pair(rig.engine, load_snapshot(rig.engine, name), "Anna", (winner, other), winner="first", time_ms=9000)
    rig.clock.advance(180)


def asked(daemon: MiniDaemon) -> list[tuple[str, str]]:
    """What the sensor asks for, and gets done: job and assessment."""
    requests = daemon.tick("people_sensor").run_requests or []
    return [(str(r.job_name), str(r.partition_key)) for r in requests]


def rankings_of(rig: Rig, name: str = "small") -> pd.DataFrame:
    return pd.read_parquet(str(rig.bench.tables.path(name, "rankings", "parquet")))


def test_a_decision_on_the_page_scores_again_once_and_costs_nothing(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    finish(rig, daemon, "small")
    journal, before = rig.emulator.journal(), rankings_of(rig)

    decide(rig)

    assert asked(daemon) == [("rescore_assessment", "small")]
    assert asked(daemon) == []
    assert "1 person" in set(rankings_of(rig)["made_by"]).pop()
    assert not rankings_of(rig)["measure"].equals(before["measure"])
    assert rig.emulator.journal() == journal


def test_a_decision_that_is_taken_back_scores_again(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    finish(rig, daemon, "small")
    before = rankings_of(rig)

    decide(rig)
    scored = asked(daemon)
    undo_last(rig.engine, load_snapshot(rig.engine, "small"), "Anna")
    taken_back = asked(daemon)

    assert scored == taken_back == [("rescore_assessment", "small")]
    pd.testing.assert_frame_equal(rankings_of(rig), before)


def test_while_somebody_is_judging_the_sensor_waits(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    finish(rig, daemon, "small")

    decide(rig)
    decide(rig)
    rig.clock.advance(-120)
    early = asked(daemon)
    rig.clock.advance(60)

    assert early == []
    assert asked(daemon) == [("rescore_assessment", "small")]


def test_a_file_of_decisions_scores_again_when_it_comes_and_when_it_goes(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    finish(rig, daemon, "small")
    journal = rig.emulator.journal()
    (folder / "decisions").mkdir()

    (folder / "decisions" / "export.csv").write_text(FILE, "utf-8")
    came = asked(daemon)
    same = asked(daemon)
    (folder / "decisions" / "export.csv").unlink()
    went = asked(daemon)

    assert (came, same, went) == ([("rescore_assessment", "small")], [], [("rescore_assessment", "small")])
    assert rig.emulator.journal() == journal


def anchored(folder: Path, *grades: str) -> None:
    lines = [f"essay-{i:02d},{grade}\n" for i, grade in enumerate(grades, start=1)]
    (folder / "anchors.csv").write_text("essay_id,grade\n" + "".join(lines), "utf-8")


def test_changed_anchors_are_read_and_scored_with_the_overrides_that_hold(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    anchored(folder, "B", "D+")
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small", run_config={"ops": {"essays": {"config": {"max_pairs_cap": 11}}}})
    finish(rig, daemon)
    journal = rig.emulator.journal()

    anchored(folder, "C+", "D+")

    assert asked(daemon) == [("reread_anchors", "small")]
    assert asked(daemon) == []
    known = rankings_of(rig).set_index("essay_id")["anchor_grade"].dropna().to_dict()
    assert known == {"essay-01": "C+", "essay-02": "D+"}
    assert load_snapshot(rig.engine, "small").assessment.max_pairs_cap == 11
    assert rig.emulator.journal() == journal


def test_an_essay_that_changed_too_is_left_to_a_person(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root)
    finish(rig, daemon, "small")

    anchored(folder, "C+", "D+")
    (folder / "essays" / "essay-03.txt").write_text("Another text.", "utf-8")

    assert asked(daemon) == []


def test_an_unfinished_assessment_is_left_alone(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.clock.time = SystemClock().now()

    decide(rig)

    assert asked(daemon) == []


def test_a_run_that_failed_comes_back_and_then_no_more(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root)
    finish(rig, daemon, "small")
    rig.clock.advance(-180)
    decide(rig)

    with monkeypatch.context() as broken:
        broken.setattr("cj_pipeline.defs.assets.rankings.rank", lambda *_: 1 / 0)
        first, at_once = asked(daemon), asked(daemon)
    rig.clock.time = SystemClock().now()
    rig.clock.advance(3600)

    assert (first, at_once) == ([("rescore_assessment", "small")], [])
    assert asked(daemon) == [("rescore_assessment", "small")]
    assert asked(daemon) == []


def test_one_assessment_in_trouble_does_not_hold_up_the_others(rig: Rig, daemon: MiniDaemon) -> None:
    names = ("bad", "good")
    for name in names:
        (make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2) / "decisions").mkdir()
    finish(rig, daemon, *names)

    (rig.root / "assessments" / "bad" / "decisions" / "x.csv").write_text("what,is,this\n1,2,3\n", "utf-8")
    decide(rig, "bad")
    decide(rig, "good")

    assert asked(daemon) == [("rescore_assessment", "good")]
    assert "bad" in str(daemon.tick("people_sensor").skip_reason)


def test_every_assessment_has_its_turn() -> None:
    names = [f"class-{i}" for i in range(5)]

    looked_at, cursor = [], None
    for _ in range(5):
        turn = next_ones(names, cursor, 2)
        looked_at.append(turn)
        cursor = turn[-1]

    assert looked_at[0] == ["class-0", "class-1"]
    assert [looked_at[1], looked_at[2]] == [["class-2", "class-3"], ["class-4", "class-0"]]
    assert next_ones(names, "gone", 9) == names
    assert next_ones([], "class-1", 9) == []


@dataclass
class Conditions:
    """Evaluates the automation conditions tick by tick, as the daemon does."""

    daemon: MiniDaemon
    cursor: Any = None

    def requested(self) -> set[tuple[str, str]]:
        """What is asked for at this tick: assets with partitions."""
        definitions = self.daemon.definitions
        result = dg.evaluate_automation_conditions(
            definitions, self.daemon.instance, cursor=self.cursor, asset_selection=dg.AssetSelection.all()
        )
        self.cursor = result.cursor
        keys = definitions.resolve_asset_graph().get_all_asset_keys()
        return {(key.to_user_string(), str(name)) for key in keys for name in result.get_requested_partitions(key)}


def test_a_ranking_is_asked_for_when_only_peoples_decisions_were_read(rig: Rig, daemon: MiniDaemon) -> None:
    for name in ("one", "two", "unfinished"):
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)
    finish(rig, daemon, "one", "two")
    daemon.materialise("unfinished", "essays", "pair_set")
    conditions = Conditions(daemon)
    at_first = conditions.requested()

    for name in ("one", "two", "unfinished"):
        daemon.materialise(name, "human_decisions")
    after, then = conditions.requested(), conditions.requested()
    daemon.run("rescore_assessment", "one")

    assert at_first == set()
    assert after == {("rankings", "one"), ("rankings", "two")}
    assert then == set()
    assert conditions.requested() == set()
