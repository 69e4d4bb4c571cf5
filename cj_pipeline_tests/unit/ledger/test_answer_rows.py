"""The account of every attempt: when it was sent and answered, by whom, for how much."""

# ruff: noqa: D103 - the name of a test is its sentence

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.engine.records import AttemptOutcome, CollectionCounts
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.records import SESSION_ID, asking, at, ended, expired, ok, submitted

A, B = "job1-000000", "job1-000001"


def test_an_answer_asked_at_once_has_its_own_times(ledger: SqlLedger) -> None:
    asking(ledger)
    ledger.mark_sent(A, at(2))
    ledger.record_answer(ok(A, response_s=1.5))

    first, second = ledger.answers(SESSION_ID)

    assert (first.custom_id, first.comparison_id, first.number) == (A, "c0", 1)
    assert (first.started_at, first.completed_at, first.latency_s) == (at(2), at(3.5), 1.5)
    assert (first.provider, first.asked_model, first.model) == ("openai", "gpt-4.1", "gpt-4.1-2025-04-14")
    assert (first.outcome, first.cost_usd, first.usage.cached_input_tokens) == (Outcome.OK, 0.01, 80)
    assert (second.outcome, second.completed_at, second.response_id) == (None, None, "")
    assert second.started_at == at(1)


def test_rows_of_a_batch_job_have_the_times_of_their_job(ledger: SqlLedger) -> None:
    ended(ledger)
    refused = AttemptOutcome(B, Outcome.ERRORED, error="HTTP 500", error_type=ErrorType.SERVER_ERROR)
    ledger.record_results("job1", [ok(A), refused], CollectionCounts, (), at(90))

    first, second = ledger.answers(SESSION_ID)

    assert {(a.started_at, a.completed_at, a.latency_s) for a in (first, second)} == {(at(1), at(60), None)}
    assert (first.error_type, second.error_type, second.response_id) == ("", "server_error", "")


def test_second_tries_follow_the_first_and_other_sessions_are_left_out(ledger: SqlLedger) -> None:
    ended(ledger, asked=(0,))
    ledger.record_results("job1", [expired(A)], CollectionCounts, (), at(90))
    submitted(ledger, "job2", (0,), number=2)

    assert [(a.number, a.outcome) for a in ledger.answers(SESSION_ID)] == [(1, Outcome.EXPIRED), (2, None)]
    assert ledger.answers("another") == []
