# ruff: noqa: D103 - the name of a test is its sentence
"""Events of jobs and failed calls: added, never undone."""

import pytest
import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobStatus
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.ledger.tables import job_events
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import (
    asking,
    at,
    ended,
    ok,
    only_job,
    prepared,
    ref,
    submitted,
    submitting,
)
from cj_pipeline_tests.unit.ledger.together import both

Events = list[tuple[str, str, int, float | None]]


@pytest.fixture
def events(engine: sa.Engine) -> "EventReader":
    return EventReader(engine)


class EventReader:
    """Reads what was kept.

    Args:
        engine: The database.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def __call__(self) -> Events:
        """Job, event, requests and seconds, in the order of their happening."""
        c = job_events.c
        query = sa.select(c.job_id, c.event, c.n_requests, c.seconds).order_by(c.event_id)
        with self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(query)]


def test_what_was_only_prepared_has_not_happened(ledger: SqlLedger, events: EventReader) -> None:
    prepared(ledger)
    submitting(ledger, "job2", (2, 3))

    assert events() == []


def test_a_job_is_accepted_and_ends(ledger: SqlLedger, events: EventReader) -> None:
    ended(ledger)

    assert events() == [("job1", "scheduled", 2, None), ("job1", "completed", 2, 59.0)]


@pytest.mark.parametrize("status", [s for s in BatchJobStatus if s.is_terminal])
def test_every_end_is_kept_by_its_name_and_once(ledger: SqlLedger, events: EventReader, status: BatchJobStatus) -> None:
    ended(ledger, status=status)
    ledger.record_poll("job1", ref("job1", status), at(99), at(99))

    assert [event for _, event, _, _ in events()] == ["scheduled", status.value]


def test_polls_before_the_end_are_no_events(ledger: SqlLedger, events: EventReader) -> None:
    submitted(ledger)
    for status in (BatchJobStatus.SCHEDULED, BatchJobStatus.RUNNING, BatchJobStatus.INDETERMINATE):
        ledger.record_poll("job1", ref("job1", status), at(60), at(60))

    assert [event for _, event, _, _ in events()] == ["scheduled"]


def test_a_job_that_the_provider_forgot_ends_as_indeterminate(ledger: SqlLedger, events: EventReader) -> None:
    submitted(ledger)
    ledger.end_lost_job("job1", "not found", at(101))
    ledger.end_lost_job("job1", "not found", at(102))

    assert events()[1:] == [("job1", "indeterminate", 2, 100.0)]


def test_a_create_call_that_was_refused_is_kept_and_one_that_was_never_made_is_not(
    ledger: SqlLedger, events: EventReader
) -> None:
    submitting(ledger)
    ledger.mark_rejected("job1", "no such model")
    ledger.mark_rejected("job1", "no such model")
    prepared(ledger, "job2", (2, 3))
    ledger.mark_rejected("job2", "never sent")

    assert events() == [("job1", "rejected", 2, None)]


def test_events_stay_when_the_job_is_prepared_anew_in_another_mode(ledger: SqlLedger, events: EventReader) -> None:
    ended(ledger, status=BatchJobStatus.FAILED)
    ledger.release_job("job1", "token_limit_exceeded")
    asking(ledger)

    assert [event for _, event, _, _ in events()] == ["scheduled", "failed", "scheduled"]
    assert (only_job(ledger).mode, only_job(ledger).started_at) == ("per_request", None)


def test_a_bundle_is_taken_and_asked_to_its_end(ledger: SqlLedger, events: EventReader) -> None:
    asking(ledger, "job1", (0, 1, 2))
    ledger.mark_sent("job1-000000", at(2))
    ledger.record_answer(ok("job1-000000"))
    ledger.end_asking("job1", at(11))
    ledger.end_asking("job1", at(12))

    assert events() == [("job1", "scheduled", 3, None), ("job1", "completed", 1, 10.0)]


def test_a_bundle_of_which_nothing_was_sent_has_no_end(ledger: SqlLedger, events: EventReader) -> None:
    asking(ledger)
    ledger.end_asking("job1", at(11))

    assert events() == [("job1", "scheduled", 2, None)]


@pytest.mark.parametrize("status", [BatchJobStatus.RUNNING, BatchJobStatus.COMPLETED])
def test_a_job_was_started_when_it_was_first_seen_at_work(ledger: SqlLedger, status: BatchJobStatus) -> None:
    submitted(ledger)
    ledger.record_poll("job1", ref("job1", BatchJobStatus.SCHEDULED), at(60), at(60))
    before = only_job(ledger).queue_wait_s
    ledger.record_poll("job1", ref("job1", status), at(90), at(90))
    ledger.record_poll("job1", ref("job1", status), at(99), at(99))

    assert before is None
    assert only_job(ledger).queue_wait_s == 90.0


def test_a_clock_that_runs_behind_makes_no_negative_times(ledger: SqlLedger, events: EventReader) -> None:
    submitted(ledger)
    ledger.record_poll("job1", ref("job1", BatchJobStatus.COMPLETED), at(-5), at(-5))

    assert only_job(ledger).queue_wait_s == 0.0
    assert events()[1:] == [("job1", "completed", 2, 0.0)]


def test_failed_calls_are_counted_by_provider_and_kind(ledger: SqlLedger, engine: sa.Engine) -> None:
    for provider, kind in [("openai", ErrorType.RATE_LIMIT)] * 3 + [("anthropic", ErrorType.RATE_LIMIT)]:
        ledger.count_call_error(provider, kind)

    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT provider, error_type, n FROM call_errors ORDER BY n").all()
    assert [tuple(row) for row in rows] == [("anthropic", "rate_limit", 1), ("openai", "rate_limit", 3)]


def test_two_that_count_the_same_for_the_first_time_count_two(
    ledger: SqlLedger, open_ledger: OpenLedger, engine: sa.Engine
) -> None:
    other = open_ledger()

    both(
        lambda: ledger.count_call_error("openai", ErrorType.OVERLOADED),
        lambda: other.count_call_error("openai", ErrorType.OVERLOADED),
    )

    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT n FROM call_errors").scalars().all() == [2]
