"""Outcomes and totals: what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.ports import StoredFile
from cj_pipeline.engine.records import AttemptOutcome, CollectionCounts, SessionTotals
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.rows import outcome_row
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons


class ResultRows(LedgerPart):
    """The ledger's part about results."""

    def record_results(
        self,
        job_id: str,
        outcomes: Iterable[AttemptOutcome],
        counts: CollectionCounts,
        files: Sequence[StoredFile],
        now: datetime,
    ) -> bool:
        """Give every attempt its outcome and close the job; False if it was collected before.

        Raises:
            ValueError: The outcomes are not exactly one per attempt; nothing is recorded.
        """
        listed = list(outcomes)
        close = {
            "phase": JobPhase.COLLECTED.value,
            "collected_at": now,
            "result_files": [asdict(file) for file in files],
            **asdict(counts),
        }
        mine = (batch_jobs.c.job_id == job_id) & (batch_jobs.c.phase == JobPhase.ENDED.value)
        with self._engine.begin() as connection:
            if connection.execute(sa.update(batch_jobs).where(mine).values(close)).rowcount == 0:
                return False
            _require_one_each(connection, job_id, listed)
            by_name = attempts.c.custom_id == sa.bindparam("b_custom_id")
            connection.execute(sa.update(attempts).where(by_name), [outcome_row(outcome) for outcome in listed])
            _close_comparisons(connection, job_id, listed)
        return True

    def collection_counts(self, session_id: str) -> CollectionCounts:
        """Sums over the session's collected jobs."""
        c = batch_jobs.c
        sums = [sa.func.coalesce(sa.func.sum(x), 0) for x in (c.n_rows, c.n_duplicates, c.n_strangers, c.n_unreadable)]
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(*sums).where(c.session_id == session_id)).one()
        return CollectionCounts(*map(int, row))

    def n_outcomes(self, session_id: str) -> int:
        """Attempts of a session that have their outcome."""
        query = (
            sa.select(sa.func.count())
            .select_from(attempts.join(batch_jobs))
            .where((batch_jobs.c.session_id == session_id) & attempts.c.outcome.is_not(None))
        )
        with self._engine.begin() as connection:
            return connection.execute(query).scalar_one()

    def totals(self, session_id: str) -> SessionTotals:
        """What the session has come to so far."""
        by_status = (
            sa.select(comparisons.c.status, sa.func.count())
            .where(comparisons.c.session_id == session_id)
            .group_by(comparisons.c.status)
        )
        a = attempts.c
        answered = a.outcome.is_not(None)
        unpriced = sa.case((answered & a.cost_usd.is_(None), 1), else_=0)
        sums = [
            a.input_tokens,
            a.output_tokens,
            sa.func.coalesce(a.cost_usd, 0.0),
            unpriced,
            sa.cast(a.synthetic, sa.Integer),
        ]
        spent = sa.select(sa.func.count(), *(sa.func.coalesce(sa.func.sum(x), 0) for x in sums)).join_from(
            attempts, batch_jobs
        )
        reserved = sa.select(sa.func.coalesce(sa.func.sum(batch_jobs.c.reserved_usd), 0.0)).where(
            (batch_jobs.c.session_id == session_id) & (batch_jobs.c.phase != JobPhase.COLLECTED.value)
        )
        with self._engine.begin() as connection:
            statuses: dict[str, int] = dict(connection.execute(by_status).all())
            n, inputs, outputs, cost, n_unpriced, n_synthetic = connection.execute(
                spent.where(batch_jobs.c.session_id == session_id)
            ).one()
            held = connection.execute(reserved).scalar_one()
        return SessionTotals(
            statuses, int(n), int(inputs), int(outputs), float(cost), float(held), int(n_unpriced), int(n_synthetic)
        )


def _require_one_each(connection: sa.Connection, job_id: str, outcomes: Sequence[AttemptOutcome]) -> None:
    asked = set(connection.execute(sa.select(attempts.c.custom_id).where(attempts.c.job_id == job_id)).scalars())
    answered = [outcome.custom_id for outcome in outcomes]
    if len(answered) != len(asked) or set(answered) != asked:
        raise ValueError(f"job {job_id}: {len(answered)} outcomes for {len(asked)} requests")


def _close_comparisons(connection: sa.Connection, job_id: str, outcomes: Sequence[AttemptOutcome]) -> None:
    rows = [
        {
            "b_custom_id": outcome.custom_id,
            "status": outcome.outcome.value,
            "retryable": outcome.retryable,
            "winner": outcome.winner,
            "strength": outcome.strength,
            "reason": outcome.reason,
            "error": outcome.error,
            "synthetic": outcome.synthetic,
        }
        for outcome in outcomes
    ]
    # A subquery per row, so that one statement serves SQLite and PostgreSQL alike.
    mine = sa.select(attempts.c.comparison_id).where(
        (attempts.c.custom_id == sa.bindparam("b_custom_id")) & (attempts.c.job_id == job_id)
    )
    connection.execute(sa.update(comparisons).where(comparisons.c.comparison_id.in_(mine)), rows)
