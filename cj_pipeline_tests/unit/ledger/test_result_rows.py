"""Outcomes and totals: every attempt gets exactly one outcome, once."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import asdict, replace
from typing import Any

import pytest
import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase, Outcome, Usage
from cj_pipeline.engine.records import IN_FLIGHT, AttemptOutcome, CollectionCounts, SessionTotals, StoredFile
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
    expired,
    job,
    ok,
    only_job,
    prepared,
    submitted,
    submitting,
)
from cj_pipeline_tests.unit.ledger.together import both

COUNTS = CollectionCounts(n_rows=4, n_duplicates=1, n_strangers=2, n_unreadable=3)
FILES = [StoredFile("holidays/job1/output-1.jsonl", "a" * 64, 10), StoredFile("holidays/job1/errors-2.jsonl", "b", 2)]
A, B = "job1-000000", "job1-000001"


def rows(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    """Return all rows of a table, by its key."""
    with engine.begin() as connection:
        query = sa.select(table).order_by(*table.primary_key.columns)
        return [dict(row) for row in connection.execute(query).mappings()]


def everything(engine: sa.Engine) -> list[list[dict[str, Any]]]:
    """Return all rows of the tables that results touch."""
    return [rows(engine, table) for table in (tables.attempts, tables.batch_jobs, tables.comparisons)]


def test_results_close_attempts_comparisons_and_job(ledger: SqlLedger, engine: sa.Engine) -> None:
    ended(ledger)
    good, bad = ok(A, synthetic=True), expired(B)

    assert ledger.record_results("job1", iter([bad, good]), lambda: COUNTS, FILES, at(70)) is True
    found = only_job(ledger)
    assert (found.phase, found.collected_at, found.ended_at) == (JobPhase.COLLECTED, at(70), at(60))
    (row,) = rows(engine, tables.batch_jobs)
    assert row["result_files"] == [asdict(file) for file in FILES]
    assert {name: row[name] for name in asdict(COUNTS)} == asdict(COUNTS)
    kept = rows(engine, tables.attempts)
    assert [row["outcome"] for row in kept] == ["ok", "expired"]
    assert {name: kept[0][name] for name in asdict(good.usage)} == asdict(good.usage)
    assert [row["cost_usd"] for row in kept] == [0.01, None]
    assert [row["synthetic"] for row in kept] == [True, False]
    assert (kept[0]["model"], kept[0]["response_id"]) == (good.model, good.response_id)


def test_each_comparison_gets_the_outcome_of_its_own_attempt(ledger: SqlLedger) -> None:
    ended(ledger)
    ledger.record_results(
        "job1",
        [expired(B), ok(A, winner="second", strength=3, reason="Å.", synthetic=True)],
        lambda: COUNTS,
        [],
        at(70),
    )

    assert by_id(ledger, 0) == replace(
        comparison(0), status="ok", n_attempts=1, winner="second", strength=3, reason="Å.", synthetic=True
    )
    assert by_id(ledger, 1) == replace(
        comparison(1), status="expired", n_attempts=1, retryable=True, error="the job's time ran out"
    )
    assert by_id(ledger, 2) == comparison(2)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_recorded(ledger: SqlLedger, outcome: Outcome) -> None:
    ended(ledger, asked=[0])
    ledger.record_results("job1", [AttemptOutcome(A, outcome)], lambda: COUNTS, [], at(70))

    assert by_id(ledger, 0).status == outcome.value
    assert ledger.totals(SESSION_ID).by_status == {"planned": 5, outcome.value: 1}


def test_results_are_recorded_once(ledger: SqlLedger, engine: sa.Engine) -> None:
    ended(ledger)
    ledger.record_results("job1", [ok(A), ok(B)], lambda: COUNTS, FILES, at(70))
    before = everything(engine)

    assert ledger.record_results("job1", [expired(A), expired(B)], CollectionCounts, [], at(99)) is False
    assert everything(engine) == before


def test_of_two_processes_exactly_one_records_results(
    ledger: SqlLedger, engine: sa.Engine, open_ledger: OpenLedger
) -> None:
    ended(ledger)
    one, other = open_ledger(), open_ledger()
    won = both(
        lambda: one.record_results("job1", [ok(A), ok(B)], lambda: COUNTS, FILES, at(70)),
        lambda: other.record_results("job1", [expired(A), expired(B)], lambda: COUNTS, FILES, at(71)),
    )
    expected = Outcome.OK if won[0] else Outcome.EXPIRED

    assert sorted(won) == [False, True]
    assert {row["outcome"] for row in rows(engine, tables.attempts)} == {expected}
    assert {by_id(ledger, k).status for k in (0, 1)} == {expected}


@pytest.mark.parametrize(
    "outcomes",
    [
        [],
        [ok(A)],
        [ok(A), ok(A)],
        [ok(A), ok(B), ok(B)],
        [ok(A), ok(B), ok("job1-000002")],
        [ok(A), ok("job2-000001")],
    ],
    ids=["none", "one missing", "one twice", "both and one twice", "a stranger more", "a stranger instead"],
)
def test_a_wrong_set_of_outcomes_records_nothing(
    ledger: SqlLedger, engine: sa.Engine, outcomes: list[AttemptOutcome]
) -> None:
    ended(ledger)
    before = everything(engine)

    with pytest.raises(ValueError, match=r"job job1: \d (requests got no outcome|outcomes belong to no open request)"):
        ledger.record_results("job1", outcomes, lambda: COUNTS, FILES, at(70))

    assert everything(engine) == before
    assert only_job(ledger).phase is JobPhase.ENDED
    assert ledger.record_results("job1", [ok(A), ok(B)], lambda: COUNTS, FILES, at(80)) is True


def test_a_job_that_has_not_ended_is_not_collected(ledger: SqlLedger, engine: sa.Engine) -> None:
    submitted(ledger)
    before = everything(engine)

    assert ledger.record_results("job1", [ok(A), ok(B)], lambda: COUNTS, FILES, at(70)) is False
    assert ledger.record_results("nothing", [], lambda: COUNTS, [], at(70)) is False
    assert everything(engine) == before


def test_results_of_one_job_leave_others_alone(ledger: SqlLedger) -> None:
    ended(ledger, "job1", [0, 1])
    submitted(ledger, "job2", [2, 3])
    ledger.record_results("job1", [ok(A), ok(B)], lambda: COUNTS, [], at(70))

    assert only_job(ledger, "job2").phase is JobPhase.SUBMITTED
    assert by_id(ledger, 2).status == IN_FLIGHT
    assert ledger.n_outcomes(SESSION_ID) == 2


def test_a_second_try_replaces_the_outcome_of_the_first_and_keeps_its_row(ledger: SqlLedger, engine: sa.Engine) -> None:
    ended(ledger, "job1", [0], status=BatchJobStatus.EXPIRED)
    ledger.record_results("job1", [expired(A)], lambda: COUNTS, [], at(70))
    ended(ledger, "job2", [0], number=2)
    ledger.record_results("job2", [ok("job2-000000")], lambda: COUNTS, [], at(90))

    assert by_id(ledger, 0) == replace(
        comparison(0), status="ok", n_attempts=2, winner="first", strength=2, reason="Clearer."
    )
    assert [(row["number"], row["outcome"]) for row in rows(engine, tables.attempts)] == [(1, "expired"), (2, "ok")]


def test_a_new_session_has_come_to_nothing(ledger: SqlLedger) -> None:
    assert ledger.totals(SESSION_ID) == SessionTotals({"planned": 6}, 0, 0, 0, 0.0, 0.0, 0, 0)
    assert ledger.totals("nothing") == SessionTotals({}, 0, 0, 0, 0.0, 0.0, 0, 0)
    assert ledger.collection_counts(SESSION_ID) == CollectionCounts()
    assert ledger.n_outcomes(SESSION_ID) == 0


def test_totals_add_up_what_was_spent_and_what_is_held(ledger: SqlLedger) -> None:
    ended(ledger, "job1", [0, 1])
    submitting(ledger, "job2", [2])
    prepared(ledger, "job3", [3])
    ledger.mark_rejected("job3", "refused")
    prepared(ledger, "job4", [4])
    while_running = ledger.totals(SESSION_ID)
    unpriced = ok(B, cost_usd=None, synthetic=True, usage=Usage(7, 3))
    ledger.record_results("job1", [ok(A, synthetic=True), unpriced], lambda: COUNTS, [], at(70))

    assert while_running == SessionTotals({"in_flight": 4, "planned": 2}, 4, 0, 0, 0.0, 1.5, 0, 0)
    assert ledger.totals(SESSION_ID) == SessionTotals(
        {"in_flight": 2, "ok": 2, "planned": 2},
        *(4, 107, 23, 0.01, 1.0, 1, 2),
        cached_input_tokens=80,
        cache_write_tokens=7,
        reasoning_tokens=5,
    )


def test_a_job_of_unknown_price_holds_nothing_back(ledger: SqlLedger) -> None:
    ledger.prepare_job(job("job1", 1, reserved_usd=None), attempts("job1", [0]))
    prepared(ledger, "job2", [1])

    assert only_job(ledger).reserved_usd is None
    assert ledger.totals(SESSION_ID).reserved_usd == 0.5


def test_counts_add_up_over_jobs(ledger: SqlLedger) -> None:
    ended(ledger, "job1", [0])
    ended(ledger, "job2", [1])
    ended(ledger, "job3", [2])
    ledger.record_results("job1", [ok("job1-000000")], lambda: COUNTS, [], at(70))
    ledger.record_results("job2", [expired("job2-000000")], lambda: CollectionCounts(1, 1, 0, 1), [], at(70))

    assert ledger.collection_counts(SESSION_ID) == CollectionCounts(5, 2, 2, 4)
    assert ledger.n_outcomes(SESSION_ID) == 2


def test_sessions_do_not_share_totals(ledger: SqlLedger) -> None:
    ledger.open_session(replace(SESSION, session_id="other", key="other"))
    ledger.add_comparisons([comparison(9, "other")])
    ended(ledger, "job1", [0])
    ledger.record_results("job1", [ok("job1-000000")], lambda: COUNTS, [], at(70))

    assert ledger.totals("other") == SessionTotals({"planned": 1}, 0, 0, 0, 0.0, 0.0, 0, 0)
    assert ledger.collection_counts("other") == CollectionCounts()
    assert ledger.n_outcomes("other") == 0
