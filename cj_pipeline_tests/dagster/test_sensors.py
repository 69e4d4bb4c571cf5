# ruff: noqa: D103 - the names of the tests say it
"""Sensors: they add partitions, watch jobs, ask for collections; never twice, never lost, never spending."""

from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from cj_pipeline.defs import work
from cj_pipeline.defs.collecting import MAX_TRIES, PastRun, Step, decide
from cj_pipeline.defs.holding import ASSESSMENT_TAG, GROUP_TAG, HOLD_TAG
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline.wiring import SystemClock
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import STAGES, MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment


def test_a_new_folder_becomes_a_partition_and_nothing_else_happens(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root, "one")
    (rig.root / "assessments" / "half-copied" / "essays").mkdir(parents=True)

    daemon.tick("assessment_folder_sensor")
    second = daemon.tick("assessment_folder_sensor")

    assert daemon.instance.get_dynamic_partitions("assessments") == ["one"]
    assert not second.dynamic_partitions_requests
    assert rig.emulator.journal() == []
    assert daemon.instance.get_runs() == []


def test_a_folder_that_disappears_keeps_its_partition(rig: Rig, daemon: MiniDaemon) -> None:
    folder = make_assessment(rig.root, "one")
    daemon.tick("assessment_folder_sensor")
    (folder / "assessment.yaml").unlink()

    daemon.tick("assessment_folder_sensor")

    assert daemon.instance.get_dynamic_partitions("assessments") == ["one"]


def test_a_collection_that_failed_comes_back(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.emulator.script_faults({"kind": "http_error", "status": 403, "path": "/content$", "method": "GET"})

    daemon.tick("batch_job_sensor")
    rig.clock.time = SystemClock().now()  # runs carry the machine's time, and so must the decision about them
    at_once = daemon.tick("batch_job_sensor")
    rig.emulator.clear_faults()
    rig.clock.advance(3600)
    later = daemon.tick("batch_job_sensor")

    assert not at_once.run_requests
    assert len(later.run_requests or []) == 1
    assert daemon.materialised("small") == set(STAGES)


def test_many_assessments_finish_at_once(rig: Rig, daemon: MiniDaemon) -> None:
    names = [f"class-{i}" for i in range(6)]
    for name in names:
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)
    daemon.tick("assessment_folder_sensor")
    for name in names:
        daemon.run("submit_assessment", name)
    rig.advance(A_DAY_S)

    daemon.tick("batch_job_sensor")

    assert all("rankings" in daemon.materialised(name) for name in names)


def test_a_tick_asks_for_a_bounded_number_of_runs_and_the_next_one_for_the_rest(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["one", "three", "two"]
    for name in names:
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)
        rig.submit(name)
    daemon.tick("assessment_folder_sensor")
    rig.advance(A_DAY_S)
    monkeypatch.setattr(work, "MOST_AT_ONCE", 2)

    first, second = daemon.tick("batch_job_sensor"), daemon.tick("batch_job_sensor")

    assert [request.partition_key for request in first.run_requests or []] == names[:2]
    assert [request.partition_key for request in second.run_requests or []] == names[2:]


@pytest.mark.parametrize(
    ("status", "n_asked"),
    [(DagsterRunStatus.NOT_STARTED, 0), (DagsterRunStatus.STARTED, 0), (DagsterRunStatus.SUCCESS, 1)],
)
def test_one_collection_of_an_assessment_at_a_time(
    rig: Rig, daemon: MiniDaemon, status: DagsterRunStatus, n_asked: int
) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    rig.submit()
    tags = {ASSESSMENT_TAG: "small", GROUP_TAG: "jobs that had ended before"}
    daemon.instance.add_run(dg.DagsterRun(job_name="collect_assessment", status=status, tags=tags))
    rig.advance(A_DAY_S)

    assert len(daemon.tick("batch_job_sensor").run_requests or []) == n_asked


def test_nothing_is_read_of_what_is_under_way(rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    rig.submit()

    def read(_self: TableFiles, name: str) -> None:
        raise AssertionError(f"the snapshot of {name} was read")

    monkeypatch.setattr(TableFiles, "load_snapshot", read)

    assert "0 ended" in str(daemon.tick("batch_job_sensor").skip_reason)
    assert "none due now" in str(daemon.tick("continuation_sensor").skip_reason)


def test_one_assessment_in_trouble_does_not_hold_up_the_others(rig: Rig, daemon: MiniDaemon) -> None:
    for name in ("good", "bad"):
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "bad")
    daemon.run("submit_assessment", "good")
    rig.advance(A_DAY_S)
    rig.emulator.script_faults({"kind": "http_error", "status": 500, "method": "GET", "path": "batches/"})

    daemon.tick("batch_job_sensor")
    finished = [name for name in ("good", "bad") if "rankings" in daemon.materialised(name)]
    rig.clock.advance(3600)
    daemon.tick("batch_job_sensor")

    assert len(finished) == 1
    assert all("rankings" in daemon.materialised(name) for name in ("good", "bad"))


def test_a_waiting_backfill_is_kept_open_by_one_held_run(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small", tags={"dagster/backfill": "abc", "dagster/partition": "small"})

    daemon.seen_run_keys.add("hold:abc:small")  # the queue would hold it
    asked = daemon.tick("batch_job_sensor")

    [held] = asked.run_requests or []
    assert held.run_key == "hold:abc:small"
    assert held.tags["dagster/backfill"] == "abc"
    assert held.tags[HOLD_TAG] == "waiting"


def test_a_held_run_is_let_go_when_nothing_runs_any_more(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    tags = {HOLD_TAG: "waiting", "cj/assessment": "small", "dagster/backfill": "abc"}
    job = daemon.definitions.resolve_job_def("collect_assessment")
    held = daemon.instance.create_run_for_job(job, tags=tags)

    daemon.tick("batch_job_sensor")
    waiting = daemon.instance.get_run_by_id(held.run_id)
    rig.finish()  # collected and ranked another way
    daemon.tick("batch_job_sensor")
    released = daemon.instance.get_run_by_id(held.run_id)

    assert waiting is not None
    assert released is not None
    assert waiting.tags[HOLD_TAG] == "waiting"
    assert released.tags[HOLD_TAG] == "released"


def test_a_single_run_needs_no_held_run(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small")

    assert not daemon.tick("batch_job_sensor").run_requests


def test_nothing_goes_on_that_nobody_submitted(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.materialise("small", "essays", "pair_set")

    for sensor in ("batch_job_sensor", "continuation_sensor", "cancel_sensor"):
        assert not daemon.tick(sensor).run_requests
    assert rig.emulator.journal() == []


def test_what_failed_is_asked_again_without_a_person(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    rig.emulator.script_faults({"kind": "item_errors", "share": 0.25, "status": 500})
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    after_one = daemon.materialised("small")

    went_on = daemon.tick("continuation_sensor")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    done = daemon.tick("continuation_sensor")

    assert "rankings" not in after_one
    assert len(went_on.run_requests or []) == 1
    assert daemon.materialised("small") == set(STAGES)
    assert not done.run_requests
    assert rig.billed() == 12


def test_a_backfill_is_held_until_nothing_goes_on_any_more(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    rig.emulator.script_faults({"kind": "item_errors", "share": 0.25, "status": 500})
    daemon.materialise("small", tags={"dagster/backfill": "abc", "dagster/partition": "small"})
    job = daemon.definitions.resolve_job_def("collect_assessment")
    tags = {HOLD_TAG: "waiting", "cj/assessment": "small", "dagster/backfill": "abc"}
    held = daemon.instance.create_run_for_job(job, tags=tags)

    def is_held() -> bool:
        run = daemon.instance.get_run_by_id(held.run_id)
        assert run is not None
        return run.tags[HOLD_TAG] == "waiting"

    states = []
    for sensor in ("batch_job_sensor", "continuation_sensor", "batch_job_sensor", "batch_job_sensor"):
        rig.advance(A_DAY_S)
        daemon.tick(sensor)
        states.append(is_held())

    assert states == [True, True, True, False]


def test_a_cancellation_that_could_not_be_finished_is_finished_later(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.emulator.script_faults({"kind": "http_error", "path": "/cancel$", "method": "POST", "status": 503})

    first = daemon.run("cancel_assessment", "small")
    asked = daemon.tick("cancel_sensor")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    later = daemon.tick("cancel_sensor")

    assert not first.success
    assert len(asked.run_requests or []) == 1
    assert not later.run_requests
    assert rig.billed() < 12
    assert {c.status for c in rig.comparisons()} <= {"ok", "cancelled"}


@pytest.mark.parametrize(
    ("runs", "now", "step"),
    [
        ([], 0, Step.LAUNCH),
        ([PastRun(DagsterRunStatus.NOT_STARTED, None)], 10**6, Step.RUNNING),
        ([PastRun(DagsterRunStatus.QUEUED, None)], 10**6, Step.RUNNING),
        ([PastRun(DagsterRunStatus.STARTED, None)], 10**6, Step.RUNNING),
        ([PastRun(DagsterRunStatus.FAILURE, 100.0)], 159, Step.BACKING_OFF),
        ([PastRun(DagsterRunStatus.FAILURE, 100.0)], 160, Step.LAUNCH),
        ([PastRun(DagsterRunStatus.FAILURE, 100.0)] * 2, 339, Step.BACKING_OFF),
        ([PastRun(DagsterRunStatus.FAILURE, 100.0)] * 2, 340, Step.LAUNCH),
        # A run that ended well without collecting (it was not ready) must not be taken for the end of the matter.
        ([PastRun(DagsterRunStatus.SUCCESS, 100.0)], 160, Step.LAUNCH),
        ([PastRun(DagsterRunStatus.CANCELED, 100.0)], 160, Step.LAUNCH),
        ([PastRun(DagsterRunStatus.FAILURE, 100.0)] * MAX_TRIES, 10**9, Step.GAVE_UP),
    ],
)
def test_the_decision_about_a_collection(runs: list[PastRun], now: float, step: Step) -> None:
    assert decide(runs, now) is step


def test_the_sensor_says_what_it_saw(rig: Rig, daemon: MiniDaemon, tmp_path: Path) -> None:
    assert tmp_path == rig.root

    result = daemon.tick("batch_job_sensor")

    assert isinstance(result.skip_reason, dg.SkipReason | str)
    assert "0 job(s) asked for" in str(result.skip_reason)
