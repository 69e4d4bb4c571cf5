"""Batch jobs and attempts: how a job changes hands, and that no request can be sent twice."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, JobRecord
from cj_pipeline.ledger import tables
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import (
    SESSION,
    SESSION_ID,
    at,
    attempts,
    by_id,
    comparison,
    ended,
    job,
    only_job,
    prepared,
    ref,
    submitted,
    submitting,
)
from cj_pipeline_tests.unit.ledger.together import both

ENDINGS = [BatchJobStatus.COMPLETED, BatchJobStatus.FAILED, BatchJobStatus.EXPIRED, BatchJobStatus.CANCELLED]
STEPS: dict[JobPhase, Callable[[SqlLedger], object]] = {
    JobPhase.PREPARED: prepared,
    JobPhase.SUBMITTING: submitting,
    JobPhase.SUBMITTED: submitted,
    JobPhase.ENDED: ended,
}


def n_attempts(engine: sa.Engine) -> int:
    """Return how many attempts the ledger holds."""
    with engine.begin() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.attempts)).scalar_one()


def test_a_prepared_job_is_read_as_it_was_kept(ledger: SqlLedger) -> None:
    record = prepared(ledger)

    assert ledger.jobs() == [record]
    assert ledger.attempts("job1") == {a.custom_id: a for a in attempts("job1", [0, 1])}
    assert ledger.attempts("nothing") == {}


def test_preparing_a_job_marks_its_comparisons_and_no_others(ledger: SqlLedger) -> None:
    prepared(ledger, asked=[0, 2])

    assert [(c.status, c.n_attempts) for c in ledger.comparisons(SESSION_ID)] == [
        (IN_FLIGHT, 1),
        (PLANNED, 0),
        (IN_FLIGHT, 1),
        (PLANNED, 0),
        (PLANNED, 0),
        (PLANNED, 0),
    ]


@pytest.mark.parametrize("phase", STEPS)
def test_a_job_that_is_known_is_not_prepared_again(ledger: SqlLedger, engine: sa.Engine, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger), ledger.comparisons(SESSION_ID)

    assert ledger.prepare_job(job(), attempts("job1", [0, 1])) is False
    assert (only_job(ledger), ledger.comparisons(SESSION_ID)) == before
    assert n_attempts(engine) == 2


def test_a_comparison_cannot_have_the_same_attempt_twice(ledger: SqlLedger, engine: sa.Engine) -> None:
    prepared(ledger, "job1", [0, 1])

    assert ledger.prepare_job(job("job2"), attempts("job2", [2, 1])) is False

    assert [each.job_id for each in ledger.jobs()] == ["job1"]
    assert n_attempts(engine) == 2
    assert by_id(ledger, 2).status == PLANNED
    assert by_id(ledger, 1).n_attempts == 1


def test_two_processes_cannot_send_the_same_attempt(ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    one, other = open_ledger(), open_ledger()

    def prepare(mine: SqlLedger, job_id: str) -> bool:
        return mine.prepare_job(job(job_id), attempts(job_id, [0, 1]))

    won = both(lambda: prepare(one, "job1"), lambda: prepare(other, "job2"))

    assert sorted(won) == [False, True]
    assert [each.job_id for each in ledger.jobs()] == ["job1" if won[0] else "job2"]
    assert [by_id(ledger, k).n_attempts for k in (0, 1, 2)] == [1, 1, 0]


@pytest.mark.parametrize("round_", range(5))
def test_of_two_processes_exactly_one_begins_to_submit(ledger: SqlLedger, open_ledger: OpenLedger, round_: int) -> None:
    prepared(ledger)
    one, other = open_ledger(), open_ledger()
    won = both(
        lambda: one.begin_submitting("job1", at(round_), "one", at(60)),
        lambda: other.begin_submitting("job1", at(round_), "other", at(60)),
    )
    found = only_job(ledger)

    assert sorted(won) == [False, True]
    assert (found.phase, found.intent_at, found.next_poll_at) == (JobPhase.SUBMITTING, at(round_), at(60))
    assert found.cursor == ("one" if won[0] else "other")


@pytest.mark.parametrize("phase", [phase for phase in STEPS if phase is not JobPhase.PREPARED])
def test_only_a_prepared_job_begins_to_be_submitted(ledger: SqlLedger, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger)

    assert ledger.begin_submitting("job1", at(99), "late", at(100)) is False
    assert only_job(ledger) == before


def test_a_job_nobody_knows_does_not_begin_to_be_submitted(ledger: SqlLedger) -> None:
    assert ledger.begin_submitting("nothing", at(0), "", at(1)) is False


def test_a_submitted_job_keeps_the_name_the_provider_gave_it(ledger: SqlLedger) -> None:
    submitting(ledger)
    ledger.mark_submitted("job1", ref("job1", BatchJobStatus.SCHEDULED, provider_status="validating"), at(30))
    found = only_job(ledger)

    assert found == replace(
        job(),
        phase=JobPhase.SUBMITTED,
        intent_at=at(1),
        cursor="newest",
        provider_batch_id="batch_job1",
        status=BatchJobStatus.SCHEDULED,
        provider_status="validating",
        next_poll_at=at(30),
    )


def test_a_job_whose_call_had_no_effect_is_prepared_again(ledger: SqlLedger) -> None:
    submitting(ledger)
    ledger.mark_not_sent("job1", "connection refused")
    found = only_job(ledger)

    assert (found.phase, found.message) == (JobPhase.PREPARED, "connection refused")
    assert [by_id(ledger, k).status for k in (0, 1)] == [IN_FLIGHT, IN_FLIGHT]
    assert ledger.begin_submitting("job1", at(50), "newer", at(110))
    assert (only_job(ledger).intent_at, only_job(ledger).next_poll_at) == (at(50), at(110))


@pytest.mark.parametrize("phase", [JobPhase.PREPARED, JobPhase.SUBMITTED, JobPhase.ENDED])
def test_only_a_job_being_submitted_is_marked_not_sent_or_submitted(ledger: SqlLedger, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger)
    ledger.mark_not_sent("job1", "too late")
    ledger.mark_submitted("job1", ref("other", BatchJobStatus.RUNNING), at(99))

    assert only_job(ledger) == before


@pytest.mark.parametrize("phase", [JobPhase.PREPARED, JobPhase.SUBMITTING])
def test_rejecting_a_job_undoes_it(ledger: SqlLedger, engine: sa.Engine, phase: JobPhase) -> None:
    before = ledger.comparisons(SESSION_ID)
    STEPS[phase](ledger)
    ledger.mark_rejected("job1", "the model does not exist")
    found = only_job(ledger)

    assert (found.phase, found.message) == (JobPhase.REJECTED, "the model does not exist")
    assert found.reserved_usd == 0.0
    assert ledger.comparisons(SESSION_ID) == before
    assert n_attempts(engine) == 0


def test_rejecting_a_job_leaves_others_alone(ledger: SqlLedger) -> None:
    prepared(ledger, "job1", [0, 1])
    prepared(ledger, "job2", [2])
    ledger.mark_rejected("job1", "refused")
    ledger.mark_rejected("job1", "refused again")

    assert list(ledger.attempts("job2")) == ["job2-000000"]
    assert [by_id(ledger, k).n_attempts for k in (0, 1, 2)] == [0, 0, 1]
    assert only_job(ledger).message == "refused"


@pytest.mark.parametrize("phase", [JobPhase.SUBMITTED, JobPhase.ENDED])
def test_a_job_the_provider_has_cannot_be_rejected(ledger: SqlLedger, engine: sa.Engine, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger), ledger.comparisons(SESSION_ID)
    ledger.mark_rejected("job1", "too late")

    assert (only_job(ledger), ledger.comparisons(SESSION_ID)) == before
    assert n_attempts(engine) == 2


def test_a_rejected_job_can_be_prepared_anew(ledger: SqlLedger, engine: sa.Engine) -> None:
    submitting(ledger)
    ledger.mark_rejected("job1", "refused")
    anew = job(reserved_usd=0.75, created_at=at(100))

    assert ledger.prepare_job(anew, attempts("job1", [0, 1])) is True
    assert only_job(ledger) == anew
    assert [(by_id(ledger, k).status, by_id(ledger, k).n_attempts) for k in (0, 1)] == [(IN_FLIGHT, 1)] * 2
    assert n_attempts(engine) == 2


@pytest.mark.parametrize("status", BatchJobStatus)
def test_a_poll_ends_a_job_exactly_when_its_status_is_terminal(ledger: SqlLedger, status: BatchJobStatus) -> None:
    submitted(ledger)
    answer = ref("job1", status, n_done=1, provider_status="their word", message="their message")
    ledger.record_poll("job1", answer, at(90), at(60))
    found = only_job(ledger)

    assert found.phase is (JobPhase.ENDED if status in ENDINGS else JobPhase.SUBMITTED)
    assert found.ended_at == (at(60) if status in ENDINGS else None)
    assert (found.status, found.provider_status, found.n_done) == (status, "their word", 1)
    assert (found.message, found.next_poll_at, found.n_polls) == ("their message", at(90), 1)


def test_polls_that_fail_are_counted_until_one_succeeds(ledger: SqlLedger) -> None:
    submitted(ledger)
    for k in (1, 2):
        ledger.record_poll_error("job1", f"failure {k}", at(100 * k))
    failed = only_job(ledger)
    ledger.record_poll("job1", ref("job1", BatchJobStatus.RUNNING), at(300), at(290))
    found = only_job(ledger)

    assert (failed.n_poll_errors, failed.message, failed.next_poll_at) == (2, "failure 2", at(200))
    assert (failed.phase, failed.n_polls) == (JobPhase.SUBMITTED, 0)
    assert (found.n_poll_errors, found.message, found.n_polls) == (0, "", 1)


@pytest.mark.parametrize("phase", [phase for phase in STEPS if phase is not JobPhase.SUBMITTED])
def test_only_a_submitted_job_is_polled(ledger: SqlLedger, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger)
    ledger.record_poll("job1", ref("job1", BatchJobStatus.RUNNING), at(500), at(400))

    assert only_job(ledger) == before


@pytest.mark.parametrize("phase", [JobPhase.PREPARED, JobPhase.ENDED])
def test_a_job_that_nobody_waits_for_has_no_failed_polls(ledger: SqlLedger, phase: JobPhase) -> None:
    STEPS[phase](ledger)
    before = only_job(ledger)
    ledger.record_poll_error("job1", "no", at(500))

    assert only_job(ledger) == before


def test_a_search_for_a_job_being_submitted_that_fails_is_counted(ledger: SqlLedger) -> None:
    submitting(ledger)
    ledger.record_poll_error("job1", "no connection", at(500))
    found = only_job(ledger)

    assert (found.phase, found.n_poll_errors) == (JobPhase.SUBMITTING, 1)
    assert (found.message, found.next_poll_at) == ("no connection", at(500))


def test_jobs_are_listed_oldest_first(ledger: SqlLedger) -> None:
    for name, created, asked in (("b", 5, 0), ("a", 5, 1), ("c", 1, 2)):
        ledger.prepare_job(job(name, 1, created_at=at(created)), attempts(name, [asked]))

    assert names(ledger.jobs()) == ["c", "a", "b"]
    assert names(ledger.jobs(limit=2)) == ["c", "a"]


def test_jobs_are_chosen_by_session_and_phase(ledger: SqlLedger) -> None:
    ledger.open_session(replace(SESSION, session_id="other", key="other"))
    ledger.add_comparisons([comparison(9, "other")])
    ledger.prepare_job(job("x", 1, session_id="other"), attempts("x", [9]))
    prepared(ledger, "p", [0])
    submitted(ledger, "s", [1])

    assert names(ledger.jobs(session_id="other")) == ["x"]
    assert names(ledger.jobs(phases=[JobPhase.SUBMITTED, JobPhase.ENDED])) == ["s"]
    assert names(ledger.jobs(session_id=SESSION_ID, phases=[JobPhase.PREPARED])) == ["p"]
    assert names(ledger.jobs(phases=[])) == []


def test_jobs_are_chosen_by_assessment(ledger: SqlLedger) -> None:
    prepared(ledger, "mine", [0])
    ledger.prepare_job(job("theirs", 1, assessment="other"), attempts("theirs", [1]))

    assert names(ledger.jobs(assessment="holidays")) == ["mine"]
    assert names(ledger.jobs(assessment="other", phases=[JobPhase.ENDED])) == []


def test_jobs_due_are_listed_longest_overdue_first(ledger: SqlLedger) -> None:
    for k, (name, due) in enumerate([("late", 10.5), ("exact", 20), ("latest", 9.999999), ("early", 20.000001)]):
        submitting(ledger, name, [k])
        ledger.mark_submitted(name, ref(name, BatchJobStatus.RUNNING), at(due))
    prepared(ledger, "never", [5])

    assert names(ledger.jobs(due_at=at(20))) == ["latest", "late", "exact"]
    assert names(ledger.jobs(due_at=at(20), limit=1)) == ["latest"]
    assert names(ledger.jobs(due_at=at(20), phases=[JobPhase.ENDED])) == []


def names(jobs: list[JobRecord]) -> list[str]:
    """Return the ids of jobs."""
    return [each.job_id for each in jobs]
