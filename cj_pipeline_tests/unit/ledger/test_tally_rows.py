# ruff: noqa: D103 - the name of a test is its sentence
"""Sums over the whole ledger, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.engine.records import AttemptOutcome, CollectionCounts, StandingRecord
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.ledger.tallies import Bounds, FlagTally
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import (
    SESSION,
    SESSION_ID,
    asking,
    at,
    attempts,
    comparison,
    ended,
    expired,
    job,
    ok,
    prepared,
    submitted,
    submitting,
    unclear,
)

BOUNDS = Bounds(items=(1, 2, 10), job_s=(10, 60), wait_s=(1, 5), response_s=(0.5,))


def collect(ledger: SqlLedger, *outcomes: AttemptOutcome) -> None:
    """Collect a job with these outcomes."""
    assert ledger.record_results(outcomes[0].custom_id.split("-")[0], outcomes, CollectionCounts, (), at(99))


def test_an_empty_ledger_comes_to_nothing(empty_ledger: SqlLedger) -> None:
    tallies = empty_ledger.tallies(BOUNDS)

    assert (tallies.models, tallies.events, tallies.attempts, tallies.open_jobs) == ((), (), (), ())
    assert (tallies.started, tallies.decisions, tallies.standings, tallies.call_errors) == ({}, {}, {}, {})
    assert tallies.flags == FlagTally()


def test_events_fall_into_buckets_whose_bounds_belong_to_them(ledger: SqlLedger) -> None:
    ended(ledger, "job1", (0,))
    ended(ledger, "job2", (1, 2))
    ended(ledger, "job3", (3, 4, 5))

    found = {(e.event, e.items_bucket, e.seconds_bucket): e for e in ledger.tallies(BOUNDS).events}

    assert {key: (e.n, e.n_requests, e.duration_us) for key, e in found.items()} == {
        ("scheduled", 0, None): (1, 1, 0),
        ("scheduled", 1, None): (1, 2, 0),
        ("scheduled", 2, None): (1, 3, 0),
        ("completed", 0, 1): (1, 1, 59_000_000),
        ("completed", 1, 1): (1, 2, 59_000_000),
        ("completed", 2, 1): (1, 3, 59_000_000),
    }
    assert {(e.mode, e.provider, e.model) for e in found.values()} == {("provider_batch_api", "openai", "gpt-4.1")}


def test_attempts_are_summed_by_what_they_have_in_common(ledger: SqlLedger) -> None:
    ended(ledger, "job1", (0, 1, 2, 3))
    collect(
        ledger,
        ok("job1-000000", queue_wait_s=1.0, synthetic=True),
        ok("job1-000001", queue_wait_s=0.25, synthetic=True),
        ok("job1-000002", queue_wait_s=6.0, synthetic=True, cost_usd=None),
        expired("job1-000003"),
    )

    [fast, slow, late] = sorted(ledger.tallies(BOUNDS).attempts, key=lambda a: (a.outcome == "expired", a.wait_us))

    assert (fast.n, fast.wait_bucket, fast.wait_us, fast.response_bucket) == (2, 0, 1_250_000, None)
    assert (fast.input_tokens, fast.output_tokens, fast.cached_input_tokens) == (200, 40, 160)
    assert (fast.cache_write_tokens, fast.reasoning_tokens) == (14, 10)
    assert (fast.cost_nano_usd, fast.n_unpriced, fast.synthetic) == (20_000_000, 0, True)
    assert (slow.n, slow.wait_bucket, slow.cost_nano_usd, slow.n_unpriced) == (1, 2, 0, 1)
    assert (late.n, late.outcome, late.wait_bucket, late.n_unpriced, late.synthetic) == (1, "expired", None, 0, False)


def test_kinds_of_errors_and_response_times_of_what_was_asked_at_once(ledger: SqlLedger) -> None:
    asking(ledger, "job1", (0, 1, 2))
    for k, outcome in enumerate(
        (
            ok("job1-000000", response_s=0.5, queue_wait_s=0.1),
            replace(unclear("job1-000001"), error_type=ErrorType.NO_CLEAR_ANSWER, queue_wait_s=0.2),
        )
    ):
        ledger.mark_sent(f"job1-00000{k}", at(2))
        ledger.record_answer(outcome)

    found = {a.error_type: a for a in ledger.tallies(BOUNDS).attempts}

    assert set(found) == {"", "no_clear_answer"}
    assert (found[""].mode, found[""].response_bucket, found[""].response_us) == ("per_request", 0, 500_000)
    assert (found["no_clear_answer"].possibly_paid, found["no_clear_answer"].response_bucket) == (True, None)


def test_money_is_added_up_exactly_in_whatever_order(ledger: SqlLedger) -> None:
    ended(ledger, "job1", (0, 1, 2))
    collect(ledger, *(ok(f"job1-00000{k}", cost_usd=cost) for k, cost in enumerate((0.1, 0.2, 0.000_000_001))))

    [found] = ledger.tallies(BOUNDS).attempts

    assert found.cost_nano_usd == 300_000_001


def test_a_session_counts_once_in_a_mode_and_its_canary_with_its_batches(ledger: SqlLedger) -> None:
    ledger.open_session(replace(SESSION, session_id="other", key="o" * 64))
    ledger.add_comparisons([comparison(7, "other")])
    canary = job("job9", 1, mode="canary")
    assert ledger.prepare_job(canary, attempts("job9", (5,)))
    assert ledger.begin_asking("job9", at(1))
    submitted(ledger, "job1", (0,))
    submitted(ledger, "job2", (1,))
    asking(ledger, "job3", (2,))
    submitting(ledger, "job4", (3,))
    assert ledger.prepare_job(job("job5", 1, session_id="other"), attempts("job5", (7,)))

    assert ledger.tallies(BOUNDS).started == {"provider_batch_api": 1, "per_request": 1}


def test_open_jobs_by_phase_with_the_oldest_of_each(ledger: SqlLedger) -> None:
    prepared(ledger, "job0", (5,))
    submitting(ledger, "job1", (0,))
    submitted(ledger, "job2", (1,))
    asking(ledger, "job3", (2,))
    ended(ledger, "job4", (3,))
    ended(ledger, "job5", (4,))
    collect(ledger, ok("job5-000000"))

    found = {o.phase: o for o in ledger.tallies(BOUNDS).open_jobs}

    assert {phase: (o.mode, o.n, o.n_requests, o.since, o.poll_due_at) for phase, o in found.items()} == {
        JobPhase.SUBMITTING: ("provider_batch_api", 1, 1, at(1), at(2)),
        JobPhase.SUBMITTED: ("provider_batch_api", 1, 1, at(1), at(30)),
        JobPhase.ASKING: ("per_request", 1, 1, at(1), None),
        JobPhase.ENDED: ("provider_batch_api", 1, 1, at(60), None),
    }


@pytest.mark.parametrize("decision", ["FINALIZE_SCORING", "FINALIZE_FAILURE"])
def test_flags_count_for_final_decisions(ledger: SqlLedger, decision: str) -> None:
    flags = {"bt_se_inflated": True, "comparison_coverage_sparse": False, "has_isolated_items": True}
    for made in (decision, decision, "REQUEST_MORE_COMPARISONS"):
        ledger.record_decision(SESSION_ID, 1, made, {"bt_quality_flags": flags}, at(1))
    ledger.record_decision(SESSION_ID, 1, decision, {"made by": "an earlier version"}, at(2))

    tallies = ledger.tallies(BOUNDS)

    assert tallies.flags == FlagTally(2, 0, 2)
    assert tallies.decisions == {decision: 3, "REQUEST_MORE_COMPARISONS": 1}


def test_assessments_by_standing_and_failed_calls(ledger: SqlLedger) -> None:
    for name, standing in (("a", Standing.ACTIVE), ("b", Standing.PAUSED), ("c", Standing.PAUSED)):
        ledger.set_standing(StandingRecord(name, standing, "", at(1)))
    ledger.count_call_error("openai", ErrorType.CONNECTION)

    tallies = ledger.tallies(BOUNDS)

    assert tallies.standings == {"active": 1, "paused": 2}
    assert tallies.call_errors == {("openai", "connection"): 1}


def test_reading_waits_for_no_writer_and_keeps_none_waiting(
    ledger: SqlLedger, open_ledger: OpenLedger, engine: sa.Engine
) -> None:
    ended(ledger, "job1", (0,))
    reader = open_ledger()
    with engine.begin() as writing:
        writing.exec_driver_sql("UPDATE batch_jobs SET message = 'a write that is not committed'")
        during_a_write = reader.tallies(BOUNDS)

    with reader._snapshot() as snapshot:
        before = snapshot.exec_driver_sql("SELECT count(*) FROM job_events").scalar()
        submitted(ledger, "job2", (1,))
        after = snapshot.exec_driver_sql("SELECT count(*) FROM job_events").scalar()

    assert len(during_a_write.events) == 2
    assert before == after == 2
    assert sum(event.n for event in reader.tallies(BOUNDS).events) == 3


def test_only_outcomes_are_counted(ledger: SqlLedger) -> None:
    submitted(ledger)

    assert ledger.tallies(BOUNDS).attempts == ()
