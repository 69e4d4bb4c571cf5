"""What the parts of the ledger share: the database, and how jobs and attempts change."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobEvent, JobPhase
from cj_pipeline.engine.records import PLANNED
from cj_pipeline.ledger.event_rows import record_event
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons

CHUNK = 1000
"""Rows written at a time: enough for the database, little enough for memory."""


class LedgerPart:
    """One part of the ledger.

    Args:
        engine: The database.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def _move(
        self, job_id: str, phases: Sequence[JobPhase], values: Mapping[str, object], event: JobEvent | None = None
    ) -> bool:
        """Change a job that is in one of these phases, and keep what happened to it; False if it is in another."""
        expected = batch_jobs.c.phase.in_([phase.value for phase in phases])
        update = sa.update(batch_jobs).where((batch_jobs.c.job_id == job_id) & expected).values(values)
        with self._engine.begin() as connection:
            moved = connection.execute(update).rowcount == 1
            if moved and event is not None:
                record_event(connection, job_id, event)
        return moved


def in_job(job_id: str) -> sa.ColumnElement[bool]:
    """Comparisons that a job carries."""
    return comparisons.c.comparison_id.in_(sa.select(attempts.c.comparison_id).where(attempts.c.job_id == job_id))


def undo_attempts(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Attempts that never happened: their comparisons are planned again. Returns how many there were."""
    mine = comparisons.c.comparison_id.in_(sa.select(attempts.c.comparison_id).where(which))
    undone = {"status": PLANNED, "n_attempts": comparisons.c.n_attempts - 1}
    connection.execute(sa.update(comparisons).where(mine).values(undone))
    return connection.execute(sa.delete(attempts).where(which)).rowcount
