"""Outcomes: what came back. Written piece by piece, in one transaction for a whole job."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.records import AttemptOutcome, CollectionCounts, StoredFile
from cj_pipeline.ledger.bulk import update_rows
from cj_pipeline.ledger.part import CHUNK, LedgerPart
from cj_pipeline.ledger.rows import outcome_row, verdict_row
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons


class ResultRows(LedgerPart):
    """The ledger's part about results."""

    def record_results(
        self,
        job_id: str,
        outcomes: Iterable[AttemptOutcome],
        counts: Callable[[], CollectionCounts],
        files: Sequence[StoredFile],
        now: datetime,
    ) -> bool:
        """Give every attempt that has none its outcome and close the job; False if it was collected before.

        Raises:
            ValueError: The outcomes are not exactly one for each of these attempts; nothing is recorded.
        """
        mine = (batch_jobs.c.job_id == job_id) & (batch_jobs.c.phase == JobPhase.ENDED.value)
        closed = {"phase": JobPhase.COLLECTED.value, "collected_at": now}
        with self._engine.begin() as connection:
            if connection.execute(sa.update(batch_jobs).where(mine).values(closed)).rowcount == 0:
                return False
            _record_all(connection, job_id, outcomes)
            described = {"result_files": [asdict(file) for file in files], **asdict(counts())}
            connection.execute(sa.update(batch_jobs).where(batch_jobs.c.job_id == job_id).values(described))
        return True


def _record_all(connection: sa.Connection, job_id: str, outcomes: Iterable[AttemptOutcome]) -> None:
    iterator = iter(outcomes)
    while chunk := list(islice(iterator, CHUNK)):
        names = [outcome.custom_id for outcome in chunk]
        query = sa.select(attempts.c.custom_id, attempts.c.comparison_id).where(
            (attempts.c.job_id == job_id) & attempts.c.outcome.is_(None) & attempts.c.custom_id.in_(names)
        )
        comparison_of = {row[0]: row[1] for row in connection.execute(query)}
        if len(comparison_of) != len(names):
            # A name twice, one that has its outcome, or one of another job.
            wrong = len(names) - len(comparison_of)
            raise ValueError(f"job {job_id}: {wrong} outcomes belong to no open request of it")
        write_outcomes(connection, chunk, comparison_of)
    unanswered = sa.select(sa.func.count()).where((attempts.c.job_id == job_id) & attempts.c.outcome.is_(None))
    if n_left := connection.execute(unanswered).scalar_one():
        raise ValueError(f"job {job_id}: {n_left} requests got no outcome")


def write_outcomes(
    connection: sa.Connection, outcomes: Sequence[AttemptOutcome], comparison_of: Mapping[str, str]
) -> None:
    """Write outcomes to attempts and to the comparisons they are attempts at.

    Args:
        connection: An open transaction.
        outcomes: What happened.
        comparison_of: Comparison id by the attempt's custom id.
    """
    update_rows(connection, attempts.c.custom_id, [outcome_row(outcome) for outcome in outcomes])
    verdicts = [verdict_row(outcome, comparison_of[outcome.custom_id]) for outcome in outcomes]
    update_rows(connection, comparisons.c.comparison_id, verdicts, added=("n_excused", "n_possibly_paid"))
