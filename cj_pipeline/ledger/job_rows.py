"""Batch jobs and attempts: what is sent. A job changes hands by compare-and-set on its phase."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobRef, JobPhase
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, AttemptRecord, JobRecord
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.rows import attempt_row, job_record, job_row
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons


class JobRows(LedgerPart):
    """The ledger's part about batch jobs."""

    def prepare_job(self, job: JobRecord, new_attempts: Sequence[AttemptRecord]) -> bool:
        """Keep a job and its attempts and mark their comparisons in flight; False if the job is known already.

        A job that was rejected, or released before it was sent, is prepared anew: its attempts never happened.
        """
        try:
            return self._prepare(job, new_attempts)
        except sa.exc.IntegrityError:
            return False  # another process was faster

    def _prepare(self, job: JobRecord, new_attempts: Sequence[AttemptRecord]) -> bool:
        with self._engine.begin() as connection:
            same = batch_jobs.c.job_id == job.job_id
            phase = connection.execute(sa.select(batch_jobs.c.phase).where(same)).scalar()
            if phase is None:
                connection.execute(sa.insert(batch_jobs).values(job_row(job)))
            elif phase == JobPhase.REJECTED:
                connection.execute(sa.update(batch_jobs).where(same).values(job_row(job)))
            else:
                return False
            connection.execute(sa.insert(attempts), [attempt_row(attempt) for attempt in new_attempts])
            values = {"status": IN_FLIGHT, "n_attempts": comparisons.c.n_attempts + 1}
            connection.execute(sa.update(comparisons).where(_in_job(job.job_id)).values(values))
        return True

    def begin_submitting(self, job_id: str, now: datetime, cursor: str, look_at: datetime) -> bool:
        """Write the intent to create; False if somebody else was faster."""
        values = {"phase": JobPhase.SUBMITTING.value, "intent_at": now, "cursor": cursor, "next_poll_at": look_at}
        return self._move(job_id, [JobPhase.PREPARED], values)

    def mark_submitted(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime) -> None:
        """Keep the provider's id."""
        values = {
            "phase": JobPhase.SUBMITTED.value,
            "provider_batch_id": ref.provider_batch_id,
            "status": ref.status.value,
            "provider_status": ref.provider_status,
            "next_poll_at": next_poll_at,
            "message": "",
        }
        self._move(job_id, [JobPhase.SUBMITTING], values)

    def mark_not_sent(self, job_id: str, message: str) -> None:
        """The create call certainly had no effect: back to prepared."""
        self._move(job_id, [JobPhase.SUBMITTING], {"phase": JobPhase.PREPARED.value, "message": message})

    def mark_rejected(self, job_id: str, message: str) -> None:
        """Nothing of this job exists: its comparisons are planned again, its attempts never happened."""
        with self._engine.begin() as connection:
            unsent = [JobPhase.PREPARED.value, JobPhase.SUBMITTING.value]
            mine = (batch_jobs.c.job_id == job_id) & batch_jobs.c.phase.in_(unsent)
            values = {"phase": JobPhase.REJECTED.value, "message": message, "reserved_usd": 0.0}
            if connection.execute(sa.update(batch_jobs).where(mine).values(values)).rowcount:
                undone = {"status": PLANNED, "n_attempts": comparisons.c.n_attempts - 1}
                connection.execute(sa.update(comparisons).where(_in_job(job_id)).values(undone))
                connection.execute(sa.delete(attempts).where(attempts.c.job_id == job_id))

    def record_poll(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime, now: datetime) -> None:
        """Keep where a job stands."""
        ended = ref.status.is_terminal
        values = {
            "phase": (JobPhase.ENDED if ended else JobPhase.SUBMITTED).value,
            "status": ref.status.value,
            "provider_status": ref.provider_status,
            "n_done": ref.n_done,
            "next_poll_at": next_poll_at,
            "n_polls": batch_jobs.c.n_polls + 1,
            "n_poll_errors": 0,
            "message": ref.message,
            "ended_at": now if ended else None,
        }
        self._move(job_id, [JobPhase.SUBMITTED], values)

    def record_poll_error(self, job_id: str, message: str, next_poll_at: datetime) -> None:
        """Keep that a poll failed."""
        errors = batch_jobs.c.n_poll_errors + 1
        self._move(
            job_id,
            [JobPhase.SUBMITTED, JobPhase.SUBMITTING],
            {"n_poll_errors": errors, "message": message, "next_poll_at": next_poll_at},
        )

    def jobs(
        self,
        *,
        session_id: str | None = None,
        assessment: str | None = None,
        phases: Sequence[JobPhase] | None = None,
        limit: int | None = None,
        due_at: datetime | None = None,
    ) -> list[JobRecord]:
        """Jobs, oldest first; those due for a poll at `due_at`, longest overdue first."""
        query = sa.select(batch_jobs)
        if session_id is not None:
            query = query.where(batch_jobs.c.session_id == session_id)
        if assessment is not None:
            query = query.where(batch_jobs.c.assessment == assessment)
        if phases is not None:
            query = query.where(batch_jobs.c.phase.in_([phase.value for phase in phases]))
        if due_at is not None:
            query = query.where(batch_jobs.c.next_poll_at <= due_at).order_by(batch_jobs.c.next_poll_at)
        query = query.order_by(batch_jobs.c.created_at, batch_jobs.c.job_id).limit(limit)
        with self._engine.begin() as connection:
            return [job_record(row) for row in connection.execute(query).mappings()]

    def attempts(self, job_id: str) -> dict[str, AttemptRecord]:
        """Attempts of a job by custom id."""
        columns = [attempts.c.custom_id, attempts.c.comparison_id, attempts.c.number, attempts.c.job_id]
        query = sa.select(*columns).where(attempts.c.job_id == job_id).order_by(attempts.c.custom_id)
        with self._engine.begin() as connection:
            return {row[0]: AttemptRecord(*row) for row in connection.execute(query)}

    def _move(self, job_id: str, phases: Sequence[JobPhase], values: Mapping[str, object]) -> bool:
        expected = batch_jobs.c.phase.in_([phase.value for phase in phases])
        update = sa.update(batch_jobs).where((batch_jobs.c.job_id == job_id) & expected).values(values)
        with self._engine.begin() as connection:
            return connection.execute(update).rowcount == 1


def _in_job(job_id: str) -> sa.ColumnElement[bool]:
    mine = sa.select(attempts.c.comparison_id).where(attempts.c.job_id == job_id)
    return comparisons.c.comparison_id.in_(mine)
