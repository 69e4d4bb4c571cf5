"""What sensors ask the ledger at every tick, in one query each."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from typing import Any

from cj_pipeline.domain.continuation import Decision, Standing
from cj_pipeline.engine.records import IN_FLIGHT, StandingRecord
from cj_pipeline.engine.session_activity import SessionActivity
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline_tests.unit.ledger.records import SESSION, SESSION_ID, at, comparison

MORE = Decision.REQUEST_MORE_COMPARISONS.value


def test_what_going_on_sessions_are_at_is_counted(empty_ledger: SqlLedger) -> None:
    ledger = empty_ledger
    ledger.open_session(SESSION)
    other = replace(SESSION, session_id="0" * 16, key="o" * 64)
    ledger.open_session(other)
    states: list[dict[str, Any]] = [
        {},  # planned
        {"status": IN_FLIGHT},
        {"status": "ok", "winner": "first", "n_attempts": 1},
        {"status": "errored", "retryable": True, "n_attempts": 1},
        {"status": "errored", "retryable": True, "n_attempts": 3},
        {"status": "refused", "n_attempts": 1},
    ]
    ledger.add_comparisons([comparison(k, **state) for k, state in enumerate(states)])
    ledger.set_standing(StandingRecord(SESSION.assessment, Standing.ACTIVE, "", at(1)))
    for decision in ("wait_for_callbacks", MORE):
        ledger.record_decision(SESSION_ID, 1, decision, {}, at(2))

    found = ledger.session_activity(max_attempts=3)

    assert found == [
        SessionActivity(SESSION.assessment, other.session_id, 0, 0, ""),
        SessionActivity(SESSION.assessment, SESSION_ID, 1, 2, MORE),
    ]
    assert found[1].n_to_ask == ledger.n_to_ask(SESSION_ID, 3)


def test_what_does_not_go_on_is_left_out(ledger: SqlLedger) -> None:
    never_submitted = ledger.session_activity(3)
    ledger.set_standing(StandingRecord(SESSION.assessment, Standing.FINISHED, "", at(1)))
    finished = ledger.session_activity(3)
    ledger.set_standing(StandingRecord(SESSION.assessment, Standing.CANCELLED, "", at(2)))

    assert never_submitted == finished == []
    assert [session.session_id for session in ledger.session_activity(3)] == [SESSION_ID]


def test_sessions_of_a_night_are_found_by_its_date(ledger: SqlLedger) -> None:
    other = replace(SESSION, session_id="0" * 16, key="o" * 64, created_at=at(-5))
    third = replace(SESSION, session_id="1" * 16, key="t" * 64)
    for session in (other, third):
        ledger.open_session(session)
    spent = {"from_usd": 0.0, "to_usd": None}
    ledger.merge_metadata(SESSION_ID, {"nights": {"2026-11-21": {**spent, "to_usd": 1.5}, "2026-11-22": spent}})
    ledger.merge_metadata(other.session_id, {"nights": {"2026-11-22": {**spent, "from_usd": 2.0}}})

    def of(night: str) -> list[str]:
        return [session.session_id for session in ledger.sessions_of_night(night)]

    assert of("2026-11-22") == [other.session_id, SESSION_ID]
    assert of("2026-11-21") == [SESSION_ID]
    assert of("2026-11-2") == of("2026-11-23") == []
