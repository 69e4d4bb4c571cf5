"""Decisions of people in the ledger, on both databases."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.ledger.ledger import SqlLedger

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DECISION = HumanDecision(
    decision_id="d1",
    assessment="holidays",
    judge="Åsa",
    first_id="a",
    first_digest="1",
    second_id="b",
    second_digest="2",
    winner="tie",
    ties_allowed=True,
    ordered=True,
    time_ms=4100,
    source="page",
    decided_at=NOW,
    recorded_at=NOW,
)
FROM_FILE = replace(DECISION, decision_id="d2", time_ms=None, decided_at=None, recorded_at=NOW + timedelta(seconds=1))


def test_decisions_come_back_as_they_were_kept(empty_ledger: SqlLedger) -> None:
    assert empty_ledger.add_human_decisions([FROM_FILE, DECISION]) == 2
    assert empty_ledger.human_decisions("holidays") == [DECISION, FROM_FILE]
    assert empty_ledger.human_decisions("another") == []


def test_a_decision_is_kept_once(empty_ledger: SqlLedger) -> None:
    empty_ledger.add_human_decisions([DECISION])

    assert empty_ledger.add_human_decisions([DECISION, FROM_FILE]) == 1
    assert len(empty_ledger.human_decisions("holidays")) == 2


def test_a_decision_that_was_taken_back_no_longer_counts(empty_ledger: SqlLedger) -> None:
    empty_ledger.add_human_decisions([DECISION, FROM_FILE])

    assert empty_ledger.withdraw_human_decisions(["d1", "unknown"], NOW) == 1
    assert empty_ledger.withdraw_human_decisions(["d1"], NOW) == 0
    assert empty_ledger.human_decisions("holidays") == [FROM_FILE]


def test_a_decision_that_is_given_again_counts_again(empty_ledger: SqlLedger) -> None:
    empty_ledger.add_human_decisions([DECISION])
    empty_ledger.withdraw_human_decisions(["d1"], NOW)

    assert empty_ledger.add_human_decisions([DECISION]) == 0
    assert empty_ledger.human_decisions("holidays") == [DECISION]


def test_many_decisions_are_kept_and_taken_back(empty_ledger: SqlLedger) -> None:
    many = [replace(DECISION, decision_id=f"d{i:04d}") for i in range(2500)]

    assert empty_ledger.add_human_decisions(many) == 2500
    assert empty_ledger.withdraw_human_decisions([d.decision_id for d in many[1:]], NOW) == 2499
    assert empty_ledger.human_decisions("holidays") == many[:1]
