"""Reading sums over the whole ledger: a handful of queries in one snapshot, which keeps no writer waiting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.batches import CANARY, OPEN_PHASES, JobEvent, JobPhase
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import Decision
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import attempts, batch_jobs, call_errors, decisions, job_events, standings
from cj_pipeline.ledger.tallies import AttemptTally, Bounds, EventTally, FlagTally, OpenJobTally, Tallies

_SUMS = (
    "input_tokens",
    "output_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)
_MICRO, _NANO = 1_000_000, 1_000_000_000
_FINAL = (Decision.FINALIZE_SCORING.value, Decision.FINALIZE_FAILURE.value)


class TallyRows(LedgerPart):
    """The ledger's part about sums over everything."""

    def tallies(self, bounds: Bounds) -> Tallies:
        """The whole ledger in sums.

        Args:
            bounds: Of the buckets by which jobs and attempts are counted.
        """
        with self._snapshot() as connection:
            events = _rows(connection, _event_query(bounds))
            answered = _rows(connection, _attempt_query(bounds))
            return Tallies(
                models=tuple((row[0], row[1]) for row in connection.execute(_MODELS)),
                started=_numbers(connection, _started()),
                events=tuple(EventTally(**row) for row in events),
                attempts=tuple(AttemptTally(**row) for row in answered),
                open_jobs=tuple(OpenJobTally(**row) for row in _rows(connection, _open_jobs())),
                decisions=_numbers(connection, _counted(decisions.c.decision)),
                flags=FlagTally(**_rows(connection, _flags())[0]),
                call_errors={(row[0], row[1]): row[2] for row in connection.execute(sa.select(call_errors))},
                standings=_numbers(connection, _counted(standings.c.standing)),
            )

    @contextmanager
    def _snapshot(self) -> Iterator[sa.Connection]:
        """One transaction that only reads, and sees the ledger as it is at one moment."""
        options: dict[str, Any] = {"sqlite_begin": "BEGIN"}
        if self._engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _numbers(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def _counted(column: sa.Column[str]) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [column, sa.func.count()]
    return sa.select(*columns).group_by(column)


_MODELS = sa.select(batch_jobs.c.provider, batch_jobs.c.model).distinct()


def _started() -> sa.Select[Any]:
    """Judging sessions by mode; a canary flies ahead of batch jobs."""
    c = job_events.c
    mode: sa.ColumnElement[Any] = sa.case((c.mode == CANARY, BatchingMode.PROVIDER_BATCH_API.value), else_=c.mode)
    columns: list[sa.ColumnElement[Any]] = [mode, sa.func.count(c.session_id.distinct())]
    return sa.select(*columns).where(c.event == JobEvent.SCHEDULED.value).group_by(sa.text("1"))


def _bucket(column: sa.Column[Any], bounds: Sequence[float]) -> sa.ColumnElement[int | None]:
    """Place of the bucket a value falls into; NULL where there is no value."""
    cases = [(column <= sa.literal(float(bound)), sa.literal(place)) for place, bound in enumerate(bounds)]
    return sa.case((column.is_(None), sa.null()), *cases, else_=sa.literal(len(bounds)))


def _whole(column: sa.Column[Any], unit: int) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.round(column * sa.literal(float(unit))), sa.BigInteger)


def _grouped(keys: dict[str, sa.ColumnElement[Any]], sums: dict[str, sa.ColumnElement[Any]]) -> sa.Select[Any]:
    labelled = [column.label(name) for name, column in keys.items()]
    # PostgreSQL adds up large whole numbers to a decimal.
    added = [sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger).label(n) for n, column in sums.items()]
    # By place: written out again, a bucket's bounds would be other parameters, and so another expression.
    places = [sa.text(str(place + 1)) for place in range(len(keys))]
    return sa.select(*labelled, sa.func.count().label("n"), *added).group_by(*places)


def _event_query(bounds: Bounds) -> sa.Select[Any]:
    c = job_events.c
    keys: dict[str, sa.ColumnElement[Any]] = {name: c[name] for name in ("mode", "provider", "model", "event")}
    keys["items_bucket"] = _bucket(c.n_requests, bounds.items)
    keys["seconds_bucket"] = _bucket(c.seconds, bounds.job_s)
    return _grouped(keys, {"n_requests": c.n_requests, "duration_us": _whole(c.seconds, _MICRO)})


def _attempt_query(bounds: Bounds) -> sa.Select[Any]:
    a, j = attempts.c, batch_jobs.c
    keys: dict[str, sa.ColumnElement[Any]] = {"mode": j.mode, "provider": j.provider, "model": j.model}
    keys |= {name: a[name] for name in ("outcome", "error_type", "possibly_paid", "synthetic")}
    keys["wait_bucket"] = _bucket(a.queue_wait_s, bounds.wait_s)
    keys["response_bucket"] = _bucket(a.response_s, bounds.response_s)
    unpriced = a.cost_usd.is_(None) & (a.input_tokens + a.output_tokens > 0)
    sums: dict[str, sa.ColumnElement[Any]] = {name: a[name] for name in _SUMS}
    sums |= {"wait_us": _whole(a.queue_wait_s, _MICRO), "response_us": _whole(a.response_s, _MICRO)}
    sums |= {"cost_nano_usd": _whole(a.cost_usd, _NANO), "n_unpriced": sa.case((unpriced, 1), else_=0)}
    return _grouped(keys, sums).join_from(attempts, batch_jobs).where(a.outcome.is_not(None))


def _open_jobs() -> sa.Select[Any]:
    c = batch_jobs.c
    ended = c.phase == JobPhase.ENDED.value
    since = sa.case((ended, c.ended_at), else_=sa.func.coalesce(c.intent_at, c.created_at))
    # Whoever asks a bundle is not polled for, and what has ended has not to be.
    due = sa.case((c.phase.in_([JobPhase.SUBMITTED.value, JobPhase.SUBMITTING.value]), c.next_poll_at))
    phases = [*(phase.value for phase in OPEN_PHASES), JobPhase.ENDED.value]
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.count().label("n"),
        sa.func.sum(c.n_requests).label("n_requests"),
        sa.func.min(since, type_=c.created_at.type).label("since"),
        sa.func.min(due, type_=c.created_at.type).label("poll_due_at"),
    ]
    keys: list[sa.ColumnElement[Any]] = [c.mode, c.provider, c.phase]
    return sa.select(*keys, *columns).where(c.phase.in_(phases)).group_by(*keys)


def _flags() -> sa.Select[Any]:
    """Final decisions by flag: a decision without flags, of an earlier version, counts for none."""
    flags = decisions.c.numbers["bt_quality_flags"]
    columns: list[sa.ColumnElement[Any]] = [
        _n_true(flags[field.name].as_boolean()).label(field.name) for field in fields(FlagTally)
    ]
    return sa.select(*columns).where(decisions.c.decision.in_(_FINAL))


def _n_true(flag: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((flag, 1), else_=0)), 0)
