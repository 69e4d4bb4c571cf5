# ruff: noqa: D103 - the names of the tests say it
"""Nights: everything pending is submitted once, as one backfill, and never beyond the night's budget."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from cj_pipeline.defs import resources
from cj_pipeline.defs.nights import NIGHT_TAG, SUBMITTED_AT_NIGHT
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.engine.night import Night, begun, night_usd
from cj_pipeline.engine.night_settings import NightOptions
from cj_pipeline.engine.plan import current_session, load_snapshot
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import ConfigurationError, LeaseHeldError, NightBudgetError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import SystemClock
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import add_essay, make_assessment, write_settings

A_DAY = 24 * 3600


def at_night(rig: Rig, monkeypatch: pytest.MonkeyPatch, budget: float | None = 100.0) -> None:
    """The clock stands at a full hour; nights begin at that hour and have this budget."""
    now = rig.clock.now()
    rig.advance(3600 - (now.minute * 60 + now.second + now.microsecond / 1e6))
    options = NightOptions(hour=rig.clock.now().hour, budget_usd=budget)
    bench = replace(rig.bench, settings=replace(rig.bench.settings, night=options))
    monkeypatch.setattr(resources, "_bench", lambda _environment: bench)


def small_ones(rig: Rig, *names: str) -> None:
    for name in names:
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)


def submitted(result: dg.SensorResult) -> list[str]:
    """Partitions of the backfill that was asked for."""
    requests = result.run_requests or []
    subsets = [s for r in requests for s in r.asset_graph_subset.partitions_subsets_by_asset_key.values()]  # type: ignore[union-attr] # a night asks for backfills only
    return sorted({key for subset in subsets for key in subset.get_partition_keys()})


def night_tick(daemon: MiniDaemon) -> list[str]:
    return submitted(daemon.tick("nightly_submission_sensor"))


def switched_on(rig: Rig, daemon: MiniDaemon) -> None:
    """The sensor is switched on, and a day passes."""
    daemon.tick("assessment_folder_sensor")
    assert night_tick(daemon) == []
    rig.advance(A_DAY)


def reserved(rig: Rig, name: str) -> float:
    snapshot = load_snapshot(rig.engine, name)
    session = current_session(rig.engine, snapshot)
    assert session is not None
    totals = rig.engine.ledger.totals(session.session_id)
    return totals.spent_usd + totals.reserved_usd


def test_it_is_off_until_somebody_switches_it_on_and_sets_a_budget(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_ones(rig, "one")
    at_night(rig, monkeypatch, budget=None)
    daemon.tick("assessment_folder_sensor")
    sensor = daemon.definitions.resolve_sensor_def("nightly_submission_sensor")

    said = daemon.tick("nightly_submission_sensor").skip_reason
    rig.advance(A_DAY)

    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
    assert "CJ_NIGHT_BUDGET_USD is not set" in str(said)
    assert night_tick(daemon) == []
    assert rig.emulator.journal("job") == []


def test_a_night_submits_everything_pending_as_one_backfill_and_nothing_twice(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"class-{i}" for i in range(4)]
    small_ones(rig, *names)
    at_night(rig, monkeypatch)
    switched_on(rig, daemon)

    first, again = night_tick(daemon), night_tick(daemon)
    rig.advance(A_DAY)
    next_night = night_tick(daemon)
    daemon.tick("batch_job_sensor")
    rig.advance(A_DAY)
    night_after = night_tick(daemon)

    assert first == names
    assert again == next_night == night_after == []
    [backfill] = daemon.backfills
    assert backfill.asset_graph_subset is not None
    assert {key.to_user_string() for key in backfill.asset_graph_subset.asset_keys} == set(SUBMITTED_AT_NIGHT)
    assert all("rankings" in daemon.materialised(name) for name in names)
    assert rig.billed() == sum(len(rig.comparisons(name)) for name in names)


def test_what_a_person_stopped_or_a_fault_paused_waits_for_a_person(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_ones(rig, "cancelled", "faulty", "new")
    at_night(rig, monkeypatch)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "cancelled")
    cancel(rig.engine, "cancelled")
    rig.emulator.script_faults({"kind": "http_error", "status": 401, "path": "/files$", "method": "POST", "times": 1})
    daemon.run("submit_assessment", "faulty")
    standing = rig.engine.ledger.standing("faulty")
    switched_on(rig, daemon)

    assert standing is not None
    assert standing.standing is Standing.PAUSED
    assert night_tick(daemon) == ["new"]


def test_a_finished_assessment_is_pending_again_when_an_essay_came(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_ones(rig, "done", "grown")
    at_night(rig, monkeypatch)
    switched_on(rig, daemon)
    night_tick(daemon)
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    before = rig.billed()

    add_essay(rig.root / "assessments" / "grown", 4)
    grown = night_tick(daemon)
    n_planned = len(rig.comparisons("done")) + len(rig.comparisons("grown"))
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")

    assert grown == ["grown"]
    assert before < rig.billed() == n_planned


def test_a_folder_that_cannot_be_read_does_not_hold_up_the_others(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_ones(rig, "bad", "good")
    at_night(rig, monkeypatch)
    switched_on(rig, daemon)
    (rig.root / "assessments" / "bad" / "essays" / "essay-01.txt").write_text("")

    assert night_tick(daemon) == ["good"]


@pytest.mark.parametrize(("hours", "made_up_for"), [(11.5, True), (12.5, False)])
def test_a_missed_night_is_made_up_for_within_twelve_hours(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch, hours: float, *, made_up_for: bool
) -> None:
    small_ones(rig, "one")
    at_night(rig, monkeypatch)
    switched_on(rig, daemon)
    rig.advance(2 * A_DAY + hours * 3600)  # the daemon was down for two nights

    late, again = night_tick(daemon), night_tick(daemon)
    rig.advance(A_DAY / 2)

    assert (late, again) == (["one"] if made_up_for else [], [])
    assert night_tick(daemon) == ([] if made_up_for else ["one"])


def test_the_nights_budget_stops_all_assessments_together(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_ones(rig, "a", "b", "c")
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "a")
    one = reserved(rig, "a")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    small_ones(rig, "d")
    at_night(rig, monkeypatch, budget=2.5 * one)
    switched_on(rig, daemon)

    asked = night_tick(daemon)
    [session] = {s.session_id: s for s in rig.engine.ledger.sessions("d")}.values()
    stopped = rig.engine.ledger.standing("d")
    name = begun(rig.clock.now(), rig.clock.now().hour, ZoneInfo("UTC"))[0]
    cost = night_usd(rig.engine, name)
    rig.advance(A_DAY)
    daemon.tick("batch_job_sensor")

    assert asked == ["b", "c", "d"]
    assert cost <= 2.5 * one
    assert rig.engine.ledger.totals(session.session_id).n_attempts == 0
    assert stopped is not None
    assert "the night of" in stopped.reason
    assert night_tick(daemon) == ["d"]
    assert rig.engine.ledger.totals(session.session_id).n_attempts > 0


def test_a_person_may_go_on_where_the_nights_budget_stopped(rig: Rig) -> None:
    small_ones(rig, "one")
    rig.plan("one")
    with pytest.raises(NightBudgetError, match="Nothing was sent"):
        submit(rig.engine, "one", night=Night("2026-11-22", 1e-9))

    assert len(submit(rig.engine, "one").sent) == 1
    assert night_usd(rig.engine, "2026-11-22") == 0.0


def test_what_is_asked_again_later_counts_against_its_night(rig: Rig) -> None:
    small_ones(rig, "one")
    rig.plan("one")
    rig.emulator.script_faults({"kind": "item_errors", "share": 1.0, "status": 500})
    night = Night("2026-11-22", 100.0)
    submit(rig.engine, "one", night=night)
    at_first = night_usd(rig.engine, night.name)
    rig.finish_quietly("one")
    between = night_usd(rig.engine, night.name)

    submit(rig.engine, "one", continues=True)

    assert at_first > between
    assert night_usd(rig.engine, night.name) == pytest.approx(between + at_first)


def test_submissions_at_the_same_moment_keep_the_budget(rig: Rig) -> None:
    names = [f"class-{i}" for i in range(6)]
    small_ones(rig, *names)
    for name in names:
        rig.plan(name)
    submit(rig.engine, names[0])
    night = Night("2026-11-22", 2.5 * reserved(rig, names[0]))
    outcomes: list[str] = []
    engine = replace(rig.engine, clock=SystemClock())  # a clock on which waiting takes time

    def go(name: str) -> None:
        try:
            submit(engine, name, night=night)
            outcomes.append("sent")
        except NightBudgetError:
            outcomes.append("stopped")

    at_once([partial(go, name) for name in names[1:]])

    assert Counter(outcomes) == {"sent": 2, "stopped": 3}
    assert night_usd(rig.engine, night.name) <= night.budget_usd


def at_once(calls: list[Callable[[], None]]) -> None:
    """Make calls at the same moment."""
    barrier = threading.Barrier(len(calls))

    def go(call: Callable[[], None]) -> None:
        barrier.wait(timeout=60)
        call()

    threads = [threading.Thread(target=go, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_partition_submitted_four_ways_at_once_is_paid_once(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.plan()
    engine = replace(rig.engine, clock=SystemClock())  # a clock on which waiting takes time

    def go(*, continues: bool = False, night: Night | None = None) -> None:
        with suppress(LeaseHeldError):
            submit(engine, "small", continues=continues, night=night)

    at_once([partial(go, night=Night("2026-11-22", 5.0)), go, go, partial(go, continues=True)])
    submit(rig.engine, "small")
    rig.finish()

    assert rig.billed() == 12
    assert len(rig.emulator.journal("job")) == 1


def test_one_partition_launched_three_ways_in_turn_is_paid_once(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root)
    at_night(rig, monkeypatch)
    switched_on(rig, daemon)

    assert night_tick(daemon) == ["small"]
    assert daemon.run("submit_assessment", "small").success
    assert daemon.run("continue_submission", "small").success
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")

    assert rig.billed() == 12
    assert len(rig.emulator.journal("job")) == 1
    assert "rankings" in daemon.materialised("small")


def test_a_run_of_a_night_without_a_budget_sends_nothing(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")

    result = daemon.materialise("small", *SUBMITTED_AT_NIGHT, tags={NIGHT_TAG: "2026-11-22"})

    assert not result.success
    assert rig.emulator.journal("job") == []


@pytest.mark.parametrize(
    ("now", "night", "began"),
    [
        ("2026-11-22T01:59:59+00:00", "2026-11-22", "2026-11-22T01:00:00+00:00"),
        ("2026-11-22T00:59:59+00:00", "2026-11-21", "2026-11-21T01:00:00+00:00"),
        ("2026-07-01T00:00:00+00:00", "2026-07-01", "2026-07-01T00:00:00+00:00"),
        # Two o'clock does not exist in Stockholm on the last Sunday of March, and exists twice in October.
        ("2026-03-29T01:30:00+00:00", "2026-03-29", "2026-03-29T01:00:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25", "2026-10-25T00:00:00+00:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25", "2026-10-25T00:00:00+00:00"),
    ],
)
def test_a_night_begins_at_its_hour_in_its_zone(now: str, night: str, began: str) -> None:
    found = begun(datetime.fromisoformat(now).astimezone(UTC), 2, ZoneInfo("Europe/Stockholm"))

    assert found == (night, datetime.fromisoformat(began))


def test_the_variables_of_a_night_are_checked() -> None:
    variables = {"CJ_NIGHT_HOUR": "3", "CJ_NIGHT_TIME_ZONE": "Europe/Stockholm", "CJ_NIGHT_BUDGET_USD": "20"}

    assert load_settings(variables).night == NightOptions(3, ZoneInfo("Europe/Stockholm"), 20.0)
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"CJ_NIGHT_HOUR": "24", "CJ_NIGHT_TIME_ZONE": "Stockholm", "CJ_NIGHT_BUDGET_USD": "0"})
    assert len(caught.value.faults) == 3


def test_finished_assessments_are_scored_again_by_the_calendar_and_nothing_is_asked(
    rig: Rig, daemon: MiniDaemon
) -> None:
    small_ones(rig, "one", "unfinished")
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "one")
    rig.advance(A_DAY_S)
    daemon.tick("batch_job_sensor")
    write_settings(rig.root / "assessments" / "one", title="Changed")
    journal = rig.emulator.journal()
    schedule = daemon.definitions.resolve_schedule_def("nightly_rescoring")

    with dg.build_schedule_context(
        instance=daemon.instance,
        scheduled_execution_time=datetime(2026, 11, 24, 4, tzinfo=UTC),
        resources={"pipeline": daemon.pipeline},
    ) as context:
        requests = list(cast("Iterator[dg.RunRequest]", schedule(context)))
    results = [daemon.run("rescore_assessment", str(request.partition_key)) for request in requests]

    assert [(r.run_key, r.partition_key) for r in requests] == [("2026-11-24:one", "one")]
    assert all(result.success for result in results)
    assert {e.asset_key.to_user_string() for e in results[0].get_asset_check_evaluations()} == {
        "human_decisions",
        "rankings",
        "grade_projections",
        "report",
    }
    assert rig.emulator.journal() == journal
