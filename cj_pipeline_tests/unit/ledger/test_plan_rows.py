"""Sessions, comparisons and decisions."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cj_pipeline.engine.records import PLANNED, CollectionCounts
from cj_pipeline.ledger import tables
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import (
    SESSION,
    SESSION_ID,
    at,
    comparison,
    comparisons,
    ended,
    ok,
    prepared,
)
from cj_pipeline_tests.unit.ledger.together import both

NO_COUNTS = CollectionCounts()


def test_a_session_is_read_as_it_was_kept(empty_ledger: SqlLedger) -> None:
    assert empty_ledger.session(SESSION.key) is None
    assert empty_ledger.open_session(SESSION) == SESSION
    assert empty_ledger.session(SESSION.key) == SESSION


def test_a_session_is_opened_once_and_keeps_its_first_secret(ledger: SqlLedger) -> None:
    late = replace(SESSION, secret="another", created_at=at(99), metadata={})

    assert ledger.open_session(late) == SESSION
    assert ledger.sessions(SESSION.assessment) == [SESSION]


def test_two_processes_that_open_a_session_get_the_same(open_ledger: OpenLedger) -> None:
    one, other = open_ledger(), open_ledger()
    offers = [replace(SESSION, secret=secret) for secret in ("mine", "yours")]
    found = both(lambda: one.open_session(offers[0]), lambda: other.open_session(offers[1]))

    assert found[0] == found[1]
    assert found[0] in offers


def test_sessions_of_an_assessment_are_listed_oldest_first(ledger: SqlLedger) -> None:
    newer = replace(SESSION, session_id="n", key="n", created_at=at(1))
    older = replace(SESSION, session_id="o", key="o", created_at=at(-1))
    other = replace(SESSION, session_id="x", key="x", assessment="other")
    for session in (newer, older, other):
        ledger.open_session(session)

    assert ledger.sessions("holidays") == [older, SESSION, newer]
    assert ledger.sessions("nothing") == []


def test_comparisons_are_read_as_they_were_kept_in_the_order_of_the_plan(empty_ledger: SqlLedger) -> None:
    empty_ledger.open_session(SESSION)
    planned = comparisons(5)

    assert empty_ledger.add_comparisons(planned[::-1]) == 5
    assert empty_ledger.comparisons(SESSION_ID) == planned


def test_adding_comparisons_again_adds_only_the_new_ones(ledger: SqlLedger) -> None:
    assert ledger.add_comparisons(comparisons(6)) == 0
    assert ledger.add_comparisons(comparisons(8)) == 2
    assert ledger.add_comparisons([]) == 0
    assert ledger.comparisons(SESSION_ID) == comparisons(8)


def test_a_comparison_that_was_asked_stays_as_it_is_when_it_is_added_again(ledger: SqlLedger) -> None:
    ended(ledger)
    ledger.record_results("job1", [ok("job1-000000"), ok("job1-000001")], lambda: NO_COUNTS, [], at(70))
    before = ledger.comparisons(SESSION_ID)

    assert ledger.add_comparisons(comparisons(6)) == 0
    assert ledger.comparisons(SESSION_ID) == before


def test_a_comparison_needs_its_session(empty_ledger: SqlLedger) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        empty_ledger.add_comparisons([comparison(0)])


def test_sessions_do_not_share_comparisons(ledger: SqlLedger) -> None:
    ledger.open_session(replace(SESSION, session_id="other", key="other"))
    ledger.add_comparisons([comparison(0, "other", comparison_id="x0")])

    assert [c.comparison_id for c in ledger.comparisons("other")] == ["x0"]
    assert ledger.comparisons(SESSION_ID) == comparisons(6)


def test_only_comparisons_that_were_never_asked_are_dropped(ledger: SqlLedger) -> None:
    prepared(ledger, "job1", [0])
    prepared(ledger, "job2", [1])
    ledger.mark_rejected("job2", "refused")

    assert ledger.drop_planned(["c0", "c1", "c2", "nobody"]) == 2
    assert [c.comparison_id for c in ledger.comparisons(SESSION_ID)] == ["c0", "c3", "c4", "c5"]


def test_a_comparison_that_waits_for_a_second_try_is_not_dropped(ledger: SqlLedger) -> None:
    ended(ledger, "job1", [0])
    ledger.record_results("job1", [ok("job1-000000")], lambda: NO_COUNTS, [], at(70))
    prepared(ledger, "job2", [0], number=2)
    ledger.mark_rejected("job2", "refused")
    (waiting,) = [c for c in ledger.comparisons(SESSION_ID) if c.comparison_id == "c0"]

    assert (waiting.status, waiting.n_attempts) == (PLANNED, 1)
    assert ledger.drop_planned(["c0"]) == 0


def test_dropping_nothing_drops_nothing(ledger: SqlLedger) -> None:
    assert ledger.drop_planned([]) == 0
    assert len(ledger.comparisons(SESSION_ID)) == 6


def test_decisions_are_kept_with_the_numbers_they_saw(ledger: SqlLedger, engine: sa.Engine) -> None:
    ledger.record_decision(SESSION_ID, 1, "continue", {"ssr": 0.7, "why": "ö"}, at(1))
    ledger.record_decision(SESSION_ID, 2, "finalise", {}, at(2))
    with engine.begin() as connection:
        rows = connection.execute(sa.select(tables.decisions).order_by(tables.decisions.c.decision_id)).mappings().all()

    assert [(row["wave"], row["decision"], row["numbers"], row["decided_at"]) for row in rows] == [
        (1, "continue", {"ssr": 0.7, "why": "ö"}, at(1)),
        (2, "finalise", {}, at(2)),
    ]


def test_decisions_are_read_in_their_order_and_the_last_by_itself(ledger: SqlLedger) -> None:
    assert ledger.latest_decision(SESSION_ID) is None
    ledger.record_decision(SESSION_ID, 1, "REQUEST_MORE_COMPARISONS", {"state": "a"}, at(1))
    ledger.record_decision(SESSION_ID, 2, "FINALIZE_SCORING", {"state": "b"}, at(2))

    last = ledger.latest_decision(SESSION_ID)

    assert [kept.decision for kept in ledger.decisions(SESSION_ID)] == ["REQUEST_MORE_COMPARISONS", "FINALIZE_SCORING"]
    assert last is not None
    assert (last.wave, last.decision, last.numbers, last.decided_at) == (2, "FINALIZE_SCORING", {"state": "b"}, at(2))
    assert ledger.latest_decision("another") is None


def test_a_sessions_metadata_is_merged_and_nothing_else_is_touched(ledger: SqlLedger) -> None:
    before = next(session for session in ledger.sessions("holidays") if session.session_id == SESSION_ID)

    merged = ledger.merge_metadata(SESSION_ID, {"llm_batching_mode": "per_request", "n": None})
    again = ledger.merge_metadata(SESSION_ID, {"n": 3})

    assert merged.metadata == {**before.metadata, "llm_batching_mode": "per_request", "n": None}
    assert again.metadata == {**merged.metadata, "n": 3}
    assert ledger.session(before.key) == replace(before, metadata=again.metadata)
