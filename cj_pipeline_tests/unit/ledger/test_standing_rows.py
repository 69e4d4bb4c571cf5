"""Standings and queue limits: the latest counts, whoever writes."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.records import QueueLimit, StandingRecord
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.conftest import OpenLedger
from cj_pipeline_tests.unit.ledger.records import at
from cj_pipeline_tests.unit.ledger.together import both

LIMIT = QueueLimit("openai", "emulator", "gpt-4.1", 5000, at(10), at(5))


def test_an_assessment_that_was_never_submitted_has_no_standing(ledger: SqlLedger) -> None:
    assert ledger.standing("holidays") is None
    assert ledger.standings(Standing.ACTIVE) == []


def test_the_latest_standing_counts(ledger: SqlLedger) -> None:
    ledger.set_standing(StandingRecord("holidays", Standing.ACTIVE, "", at(1)))
    ledger.set_standing(StandingRecord("animals", Standing.PAUSED, "no credit", at(1)))
    paused = StandingRecord("holidays", Standing.PAUSED, "no credit", at(2))
    ledger.set_standing(paused)

    assert ledger.standing("holidays") == paused
    assert [record.assessment for record in ledger.standings(Standing.PAUSED)] == ["animals", "holidays"]
    assert ledger.standings(Standing.ACTIVE) == []


def test_two_processes_can_write_a_standing_at_once(ledger: SqlLedger, open_ledger: OpenLedger) -> None:
    other = open_ledger()
    one = StandingRecord("holidays", Standing.ACTIVE, "", at(1))
    two = StandingRecord("holidays", Standing.CANCELLED, "a person", at(1))

    both(lambda: ledger.set_standing(one), lambda: other.set_standing(two))

    assert ledger.standing("holidays") in (one, two)


def test_a_queue_limit_is_kept_for_its_account_and_model(ledger: SqlLedger) -> None:
    ledger.learn_queue_limit(LIMIT)
    ledger.learn_queue_limit(replace(LIMIT, max_tokens=2500))

    assert ledger.queue_limit("openai", "emulator", "gpt-4.1") == replace(LIMIT, max_tokens=2500)
    assert ledger.queue_limit("openai", "another", "gpt-4.1") is None
    assert ledger.queue_limit("openai", "emulator", "gpt-6-sol") is None
