"""Requests asked one by one: intent, answer, end; nothing twice, nothing forgotten."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.batches import JobPhase, Outcome
from cj_pipeline.engine.records import CollectionCounts
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.records import (
    SESSION_ID,
    asking,
    at,
    attempts,
    by_id,
    expired,
    job,
    ok,
    only_job,
    prepared,
    submitted,
    unclear,
)

A, B = "job1-000000", "job1-000001"


def test_one_worker_takes_a_job(ledger: SqlLedger) -> None:
    prepared(ledger)

    assert ledger.begin_asking("job1", at(1)) is True
    assert ledger.begin_asking("job1", at(2)) is False
    assert ledger.begin_submitting("job1", at(2), "", at(3)) is False
    assert only_job(ledger).phase is JobPhase.ASKING
    assert only_job(ledger).intent_at == at(1)
    assert ledger.jobs(due_at=at(10**6)) == []


def test_an_intent_is_kept_and_can_be_taken_back(ledger: SqlLedger) -> None:
    asking(ledger)

    ledger.mark_sent(A, at(2))
    sent = ledger.attempts("job1")
    ledger.withdraw(A)

    assert (sent[A].sent_at, sent[B].sent_at) == (at(2), None)
    assert ledger.attempts("job1")[A].sent_at is None


def test_an_answer_is_recorded_once(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.mark_sent(A, at(2))

    assert ledger.record_answer(ok(A)) is True
    assert ledger.record_answer(expired(A)) is False
    assert ledger.attempts("job1")[A].outcome is Outcome.OK
    assert by_id(ledger, 0).status == "ok"
    assert by_id(ledger, 0).winner == "first"
    assert by_id(ledger, 1).status == "in_flight"


def test_a_request_with_an_outcome_is_not_sent_again(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.record_answer(ok(A))

    with pytest.raises(ValueError, match="is not to be sent"):
        ledger.mark_sent(A, at(2))


def test_requests_of_a_batch_job_are_not_asked(ledger: SqlLedger) -> None:
    submitted(ledger)

    with pytest.raises(ValueError, match="is not to be sent"):
        ledger.mark_sent(A, at(2))
    assert ledger.record_answer(ok(A)) is False


def test_what_was_not_sent_leaves_the_job_when_it_ends(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.mark_sent(A, at(2))
    ledger.record_answer(ok(A))

    ledger.end_asking("job1", at(3))

    assert only_job(ledger).phase is JobPhase.ENDED
    assert only_job(ledger).n_requests == 1
    assert (by_id(ledger, 1).status, by_id(ledger, 1).n_attempts) == ("planned", 0)
    assert set(ledger.attempts("job1")) == {A}


def test_a_job_of_which_nothing_was_sent_never_happened(ledger: SqlLedger) -> None:
    asking(ledger)

    ledger.end_asking("job1", at(3))

    assert only_job(ledger).phase is JobPhase.REJECTED
    assert only_job(ledger).reserved_usd == 0.0
    assert ledger.prepare_job(job("job1", 2), attempts("job1", [0, 1])) is True


def test_a_job_does_not_end_while_a_request_is_in_doubt(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.mark_sent(A, at(2))

    with pytest.raises(ValueError, match="1 requests were sent and have no outcome"):
        ledger.end_asking("job1", at(3))

    assert only_job(ledger).phase is JobPhase.ASKING
    assert set(ledger.attempts("job1")) == {A, B}


def test_an_asked_job_is_closed_without_further_outcomes(ledger: SqlLedger) -> None:
    asking(ledger)
    for name in (A, B):
        ledger.mark_sent(name, at(2))
        ledger.record_answer(ok(name))
    ledger.end_asking("job1", at(3))

    assert ledger.record_results("job1", (), CollectionCounts, (), at(4)) is True
    assert ledger.record_results("job1", (), CollectionCounts, (), at(5)) is False
    assert only_job(ledger).collected_at == at(4)
    assert ledger.n_outcomes(SESSION_ID) == 2


def test_what_was_possibly_paid_is_added_up_apart(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.mark_sent(A, at(2))
    ledger.record_answer(unclear(A))
    totals = ledger.totals(SESSION_ID)

    assert (totals.n_possibly_paid, totals.possible_usd, totals.n_unpriced) == (1, 0.25, 0)
    assert by_id(ledger, 0).n_possibly_paid == 1


def test_after_two_unclear_answers_nothing_is_to_be_asked(ledger: SqlLedger) -> None:
    before = ledger.n_to_ask(SESSION_ID, 3)
    for number in (1, 2):
        record = job(f"job{number}", 1, mode="per_request")
        ledger.prepare_job(record, attempts(f"job{number}", [0], number))
        ledger.begin_asking(f"job{number}", at(1))
        ledger.mark_sent(f"job{number}-000000", at(2))
        ledger.record_answer(unclear(f"job{number}-000000"))
        ledger.end_asking(f"job{number}", at(3))
        left = ledger.n_to_ask(SESSION_ID, 3)
        assert left == before - (number == 2)


def test_what_is_held_for_an_asked_job_is_free_when_it_ends(ledger: SqlLedger) -> None:
    asking(ledger)
    while_asking = ledger.totals(SESSION_ID).reserved_usd
    for name in (A, B):
        ledger.record_answer(ok(name))
    ledger.end_asking("job1", at(3))

    assert while_asking == 0.5
    assert ledger.totals(SESSION_ID).reserved_usd == 0.0
