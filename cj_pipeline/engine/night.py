"""Nights: pending assessments are submitted together, under one budget that binds all of them.

A judging session keeps the nights it belongs to in its metadata, with what it had cost when it joined. So whatever is
sent for it later, by retries, waves or another process, counts against the night that sent it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.plan import current_session
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import SessionRecord
from cj_pipeline.errors import LeaseHeldError, NightBudgetError

CATCH_UP: Final = timedelta(hours=12)
"""How long after its hour a night that was missed is still made up for."""

_NIGHT, _NIGHTS = "night", "nights"
_TRIES, _PAUSE_S = 100, 0.1


@dataclass(frozen=True, slots=True)
class Night:
    """A night.

    Attributes:
        name: The date on which it begins, ISO.
        budget_usd: Most that everything submitted in it may cost, US dollars.
    """

    name: str
    budget_usd: float


def begun(now: datetime, hour: int, zone: ZoneInfo) -> tuple[str, datetime]:
    """The night that began last: its name, and when.

    Args:
        now: The time, aware.
        hour: Hour of the day at which nights begin.
        zone: Where that hour is.
    """
    local = now.astimezone(zone)
    start = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if start.astimezone(now.tzinfo) > now:
        start = (start.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=zone)
    return start.date().isoformat(), start.astimezone(now.tzinfo)


def is_pending(engine: Engine, kept: AssessmentSnapshot | None, folder: AssessmentSnapshot) -> bool:
    """Whether an assessment in which nothing goes on by itself is to be submitted by the next night.

    That is: it was never submitted, a night's budget held it up, or its folder holds something else now than what was
    submitted. What a person cancelled, and what was paused by a fault, waits for a person.

    Args:
        engine: The engine.
        kept: The essays as they were last read; None: they never were.
        folder: The essays as they are now.
    """
    record = engine.ledger.standing(folder.name)
    if record is None or kept is None:
        return record is None
    if record.standing is Standing.PAUSED:
        session = current_session(engine, kept)
        return session is not None and bool((session.metadata.get(_NIGHT) or {}).get("stopped"))
    is_idle = record.standing in {Standing.ACTIVE, Standing.FINISHED}
    return is_idle and kept.judged_digest != folder.judged_digest


def enter(engine: Engine, session: SessionRecord, night: Night | None) -> SessionRecord:
    """Let a submission belong to a night, or to none; returns the session as it is then.

    What it sends from now on counts against this night, what it sent before against the night before.
    """
    nights: dict[str, dict[str, Any]] = {k: dict(v) for k, v in (session.metadata.get(_NIGHTS) or {}).items()}
    before = session.metadata.get(_NIGHT)
    if not nights and night is None:
        return session
    total = _total(engine, session)
    if before and (night is None or night.name != before["name"]):
        nights[before["name"]]["to_usd"] = total
    if night is not None:
        known = nights.get(night.name, {"from_usd": total})
        if known.get("to_usd") is not None:
            known = {"from_usd": total - (known["to_usd"] - known["from_usd"])}
        nights[night.name] = {"from_usd": known["from_usd"], "to_usd": None}
    now = {"name": night.name, "budget_usd": night.budget_usd, "stopped": False} if night else None
    return engine.ledger.merge_metadata(session.session_id, {_NIGHT: now, _NIGHTS: nights})


def night_usd(engine: Engine, name: str) -> float:
    """What everything submitted in a night has cost and can still cost, US dollars."""
    total = 0.0
    for session in engine.ledger.sessions_of_night(name):
        part = session.metadata[_NIGHTS][name]
        until = part["to_usd"] if part["to_usd"] is not None else _total(engine, session)
        total += until - part["from_usd"]
    return total


@contextmanager
def within_night(engine: Engine, session: SessionRecord, next_usd: float | None, *, live: bool) -> Iterator[None]:
    """Write down the next job inside: no other job of the night is written down meanwhile.

    Args:
        engine: The engine.
        session: Whose job it is.
        next_usd: Most that it can cost; None where unknown.
        live: Whether a real provider is asked, which needs a price.

    Raises:
        NightBudgetError: It could pass the night's budget, or its price is unknown; nothing was written.
        LeaseHeldError: Other submissions of the night held it up for too long.
    """
    night = session.metadata.get(_NIGHT)
    if not night or (next_usd is None and not live):
        yield
        return
    with _held(engine, f"night:{night['name']}"):
        so_far = night_usd(engine, night["name"])
        if next_usd is None or so_far + next_usd > night["budget_usd"]:
            engine.ledger.merge_metadata(session.session_id, {_NIGHT: {**night, "stopped": True}})
            at_most = "an unknown amount" if next_usd is None else f"{next_usd:.2f} USD"
            raise NightBudgetError(
                f"{session.assessment}: the next job could cost {at_most}, and the night of {night['name']} has "
                f"{so_far:.2f} of {night['budget_usd']:.2f} USD spent or reserved. Nothing was sent. It is submitted "
                "again in the next night; raise CJ_NIGHT_BUDGET_USD, or submit it yourself to go on at once."
            )
        yield


@contextmanager
def _held(engine: Engine, name: str) -> Iterator[None]:
    """Hold a lease, waiting for it for some seconds."""
    with ExitStack() as stack:
        for left in reversed(range(_TRIES)):
            try:
                stack.enter_context(engine.ledger.lease(name, engine.options.lease_s, engine.clock.now()))
                break
            except LeaseHeldError:
                if not left:
                    raise
                engine.clock.wait(_PAUSE_S)
        yield


def _total(engine: Engine, session: SessionRecord) -> float:
    totals = engine.ledger.totals(session.session_id)
    return totals.spent_usd + totals.reserved_usd + totals.possible_usd
