"""Sums over a session: what it has come to, and whether the provider's own sums agree."""

from typing import Any

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.records import CollectionCounts, JobUsage, SessionTotals
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons

_SUMS = ("input_tokens", "output_tokens", "cached_input_tokens", "cache_write_tokens", "reasoning_tokens")


class TotalsRows(LedgerPart):
    """The ledger's part about sums."""

    def collection_counts(self, session_id: str) -> CollectionCounts:
        """Sums over the session's collected jobs."""
        c = batch_jobs.c
        sums = [sa.func.coalesce(sa.func.sum(x), 0) for x in (c.n_rows, c.n_duplicates, c.n_strangers, c.n_unreadable)]
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(*sums).where(c.session_id == session_id)).one()
        return CollectionCounts(*map(int, row))

    def n_outcomes(self, session_id: str) -> int:
        """Attempts of a session's collected jobs that have their outcome."""
        mine = (batch_jobs.c.session_id == session_id) & (batch_jobs.c.phase == JobPhase.COLLECTED.value)
        query = (
            sa.select(sa.func.count())
            .select_from(attempts.join(batch_jobs))
            .where(mine & attempts.c.outcome.is_not(None))
        )
        with self._engine.begin() as connection:
            return connection.execute(query).scalar_one()

    def totals(self, session_id: str) -> SessionTotals:
        """What the session has come to so far.

        While a worker is asking a bundle, its answers are in `spent_usd` and still in `reserved_usd`: too much is held
        against the cost limit until the bundle ends, never too little.
        """
        by_status = (
            sa.select(comparisons.c.status, sa.func.count())
            .where(comparisons.c.session_id == session_id)
            .group_by(comparisons.c.status)
        )
        reserved = sa.select(sa.func.coalesce(sa.func.sum(batch_jobs.c.reserved_usd), 0.0)).where(
            (batch_jobs.c.session_id == session_id) & (batch_jobs.c.phase.not_in(_SETTLED) | _is_unread_batch())
        )
        spent = _attempt_sums().where(batch_jobs.c.session_id == session_id)
        with self._engine.begin() as connection:
            statuses: dict[str, int] = dict(connection.execute(by_status).all())
            sums = connection.execute(spent).mappings().one()
            held = connection.execute(reserved).scalar_one()
        whole: dict[str, Any] = {name: int(sums[name]) for name in sums if not name.endswith("_usd")}
        return SessionTotals(
            by_status=statuses,
            spent_usd=float(sums["spent_usd"]),
            possible_usd=float(sums["possible_usd"]),
            reserved_usd=float(held),
            **whole,
        )

    def job_usage(self, session_id: str) -> list[JobUsage]:
        """For every collected job whose provider adds up its tokens: its sums and ours, oldest first."""
        c, a = batch_jobs.c, attempts.c
        ours = sa.select(a.job_id, sa.func.sum(a.input_tokens).label("i"), sa.func.sum(a.output_tokens).label("o"))
        sums = ours.group_by(a.job_id).subquery()
        query = (
            sa.select(c.job_id, c.provider_batch_id, c.reported_usage, sums.c.i, sums.c.o)
            .join_from(batch_jobs, sums, c.job_id == sums.c.job_id)
            .where((c.session_id == session_id) & (c.phase == JobPhase.COLLECTED.value))
            .order_by(c.created_at, c.job_id)
        )
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
        return [
            JobUsage(job, name, int(usage["input_tokens"]), int(usage["output_tokens"]), int(i), int(o))
            for job, name, usage, i, o in rows
            if usage
        ]


_SETTLED = (JobPhase.COLLECTED.value, JobPhase.ENDED.value)


def _is_unread_batch() -> sa.ColumnElement[bool]:
    """An ended batch job's answers are not known yet; those of an asked bundle are."""
    return (batch_jobs.c.phase == JobPhase.ENDED.value) & (batch_jobs.c.mode == "provider_batch_api")


def _attempt_sums() -> sa.Select[Any]:
    a = attempts.c
    unpriced = a.outcome.is_not(None) & a.cost_usd.is_(None) & a.possibly_paid.is_(False)
    sums = {
        **{name: a[name] for name in _SUMS},
        "spent_usd": sa.func.coalesce(a.cost_usd, 0.0),
        "possible_usd": a.possible_usd,
        "n_unpriced": sa.case((unpriced, 1), else_=0),
        "n_synthetic": sa.cast(a.synthetic, sa.Integer),
        "n_possibly_paid": sa.cast(a.possibly_paid, sa.Integer),
    }
    columns = [sa.func.coalesce(sa.func.sum(x), 0).label(name) for name, x in sums.items()]
    return sa.select(sa.func.count().label("n_attempts"), *columns).join_from(attempts, batch_jobs)
