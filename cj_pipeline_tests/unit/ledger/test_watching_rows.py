"""Where a job stands: since when, what the provider adds up, and what it does not have any more."""

# ruff: noqa: D103 - the name of a test is its sentence

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase, Usage
from cj_pipeline.engine.records import CollectionCounts
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.records import (
    SESSION_ID,
    at,
    by_id,
    ended,
    ok,
    only_job,
    prepared,
    ref,
    submitted,
    submitting,
)

RUNNING = BatchJobStatus.RUNNING
A, B = "job1-000000", "job1-000001"


def test_the_time_of_a_status_counts_from_when_it_was_first_seen(ledger: SqlLedger) -> None:
    submitted(ledger)
    seen = []
    for second, word in ((10, "in_progress"), (20, "in_progress"), (30, "finalizing"), (40, "finalizing")):
        ledger.record_poll("job1", ref("job1", RUNNING, provider_status=word), at(99), at(second))
        seen.append(only_job(ledger).status_since)

    assert seen == [at(10), at(10), at(30), at(30)]


def test_the_providers_own_sum_stands_beside_ours(ledger: SqlLedger) -> None:
    submitted(ledger)
    usage = Usage(250, 40, cached_input_tokens=160)
    ledger.record_poll("job1", ref("job1", BatchJobStatus.COMPLETED, usage=usage), at(60), at(60))
    ended(ledger, "job2", [2])
    ledger.record_results("job1", [ok(A), ok(B)], CollectionCounts, [], at(70))
    ledger.record_results("job2", [ok("job2-000000")], CollectionCounts, [], at(70))

    [found] = ledger.job_usage(SESSION_ID)

    assert (found.reported_input, found.reported_output) == (250, 40)
    assert (found.recorded_input, found.recorded_output) == (200, 40)
    assert not found.agrees


def test_the_first_wish_to_cancel_counts(ledger: SqlLedger) -> None:
    submitted(ledger)

    ledger.request_cancel("job1", at(5))
    ledger.request_cancel("job1", at(6))

    assert only_job(ledger).cancel_requested_at == at(5)


def test_a_job_that_is_found_again_was_not_gone(ledger: SqlLedger) -> None:
    submitted(ledger)
    ledger.record_gone("job1", at(5), "HTTP 404")
    ledger.record_gone("job1", at(6), "HTTP 404 again")
    gone = only_job(ledger)

    ledger.record_poll("job1", ref("job1", RUNNING), at(99), at(7))

    assert (gone.gone_since, gone.message) == (at(5), "HTTP 404")
    assert only_job(ledger).gone_since is None


def test_a_lost_job_ends_and_waits_to_be_collected(ledger: SqlLedger) -> None:
    submitted(ledger)

    ledger.end_lost_job("job1", "not known", at(9))
    lost = only_job(ledger)

    assert (lost.phase, lost.status, lost.ended_at) == (JobPhase.ENDED, BatchJobStatus.INDETERMINATE, at(9))


def test_only_a_submitted_job_can_be_lost(ledger: SqlLedger) -> None:
    submitting(ledger)

    ledger.end_lost_job("job1", "not known", at(9))

    assert only_job(ledger).phase is JobPhase.SUBMITTING


def test_a_job_that_was_never_queued_never_happened(ledger: SqlLedger) -> None:
    ended(ledger, status=BatchJobStatus.FAILED)

    ledger.release_job("job1", "token_limit_exceeded")

    assert only_job(ledger).phase is JobPhase.REJECTED
    assert only_job(ledger).reserved_usd == 0.0
    assert (by_id(ledger, 0).status, by_id(ledger, 0).n_attempts) == ("planned", 0)
    assert ledger.attempts("job1") == {}


def test_a_collected_job_is_not_released(ledger: SqlLedger) -> None:
    ended(ledger)
    ledger.record_results("job1", [ok(A), ok(B)], CollectionCounts, [], at(70))

    ledger.release_job("job1", "late")

    assert only_job(ledger).phase is JobPhase.COLLECTED
    assert by_id(ledger, 0).status == "ok"


def test_purging_is_kept_once(ledger: SqlLedger) -> None:
    ended(ledger)

    ledger.mark_purged("job1", at(5))
    ledger.mark_purged("job1", at(6))

    assert only_job(ledger).purged_at == at(5)


def test_ids_at_an_account_are_those_of_its_jobs_only(ledger: SqlLedger) -> None:
    submitted(ledger)
    prepared(ledger, "job2", [2])

    assert ledger.provider_batch_ids("openai", "emulator") == {"batch_job1"}
    assert ledger.provider_batch_ids("openai", "another") == set()
    assert ledger.provider_batch_ids("anthropic", "emulator") == set()


def test_jobs_can_be_asked_for_by_the_time_of_their_intent(ledger: SqlLedger) -> None:
    submitting(ledger)  # at(1)
    prepared(ledger, "job2", [2])

    assert [job.job_id for job in ledger.jobs(intent_since=at(1))] == ["job1"]
    assert ledger.jobs(intent_since=at(2)) == []
