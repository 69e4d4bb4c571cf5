"""Jobs and attempts: what is sent. A job changes hands by compare-and-set on its phase."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobRef, JobEvent, JobPhase
from cj_pipeline.engine.records import IN_FLIGHT, AttemptRecord, JobRecord
from cj_pipeline.ledger.bulk import insert_rows
from cj_pipeline.ledger.event_rows import record_event
from cj_pipeline.ledger.part import CHUNK, LedgerPart, in_job, undo_attempts
from cj_pipeline.ledger.rows import ATTEMPT_COLUMNS, attempt_record, attempt_row, job_record, job_row
from cj_pipeline.ledger.tables import attempts, batch_jobs, comparisons


class JobRows(LedgerPart):
    """The ledger's part about batch jobs."""

    def prepare_job(self, job: JobRecord, new_attempts: Iterable[AttemptRecord]) -> bool:
        """Keep a job and its attempts and mark their comparisons in flight; False if the job is known already.

        A job that was rejected, or released before it was sent, is prepared anew: its attempts never happened.
        """
        try:
            return self._prepare(job, new_attempts)
        except sa.exc.IntegrityError:
            return False  # another process was faster

    def _prepare(self, job: JobRecord, new_attempts: Iterable[AttemptRecord]) -> bool:
        with self._engine.begin() as connection:
            same = batch_jobs.c.job_id == job.job_id
            phase = connection.execute(sa.select(batch_jobs.c.phase).where(same)).scalar()
            if phase is None:
                connection.execute(sa.insert(batch_jobs).values(job_row(job)))
            elif phase == JobPhase.REJECTED:
                connection.execute(sa.update(batch_jobs).where(same).values(job_row(job)))
            else:
                return False
            for chunk in _chunks(new_attempts):
                insert_rows(connection, attempts, [attempt_row(attempt) for attempt in chunk])
            values = {"status": IN_FLIGHT, "n_attempts": comparisons.c.n_attempts + 1}
            connection.execute(sa.update(comparisons).where(in_job(job.job_id)).values(values))
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
        self._move(job_id, [JobPhase.SUBMITTING], values, JobEvent.SCHEDULED)

    def mark_not_sent(self, job_id: str, message: str) -> None:
        """The create call certainly had no effect: back to prepared."""
        self._move(job_id, [JobPhase.SUBMITTING], {"phase": JobPhase.PREPARED.value, "message": message})

    def mark_rejected(self, job_id: str, message: str) -> None:
        """Nothing of this job exists: its comparisons are planned again, its attempts never happened."""
        self._undo(job_id, [JobPhase.PREPARED, JobPhase.SUBMITTING], message)

    def release_job(self, job_id: str, message: str) -> None:
        """From ended back to nothing: the provider never queued the job."""
        self._undo(job_id, [JobPhase.ENDED], message)

    def _undo(self, job_id: str, phases: Sequence[JobPhase], message: str) -> None:
        with self._engine.begin() as connection:
            mine = (batch_jobs.c.job_id == job_id) & batch_jobs.c.phase.in_([phase.value for phase in phases])
            phase = connection.execute(sa.select(batch_jobs.c.phase).where(mine).with_for_update()).scalar()
            if phase is None:
                return
            values = {"phase": JobPhase.REJECTED.value, "message": message, "reserved_usd": 0.0}
            connection.execute(sa.update(batch_jobs).where(batch_jobs.c.job_id == job_id).values(values))
            undo_attempts(connection, attempts.c.job_id == job_id)
            if phase == JobPhase.SUBMITTING:
                record_event(connection, job_id, JobEvent.REJECTED)

    def jobs(
        self,
        *,
        session_id: str | None = None,
        assessment: str | None = None,
        phases: Sequence[JobPhase] | None = None,
        limit: int | None = None,
        due_at: datetime | None = None,
        intent_since: datetime | None = None,
    ) -> list[JobRecord]:
        """Jobs, oldest first; those due for a poll at `due_at`, longest overdue first."""
        query = sa.select(batch_jobs)
        if session_id is not None:
            query = query.where(batch_jobs.c.session_id == session_id)
        if assessment is not None:
            query = query.where(batch_jobs.c.assessment == assessment)
        if phases is not None:
            query = query.where(batch_jobs.c.phase.in_([phase.value for phase in phases]))
        if intent_since is not None:
            query = query.where(batch_jobs.c.intent_at >= intent_since)
        if due_at is not None:
            query = query.where(batch_jobs.c.next_poll_at <= due_at).order_by(batch_jobs.c.next_poll_at)
        query = query.order_by(batch_jobs.c.created_at, batch_jobs.c.job_id).limit(limit)
        with self._engine.begin() as connection:
            return [job_record(row) for row in connection.execute(query).mappings()]

    def attempts(self, job_id: str) -> dict[str, AttemptRecord]:
        """Attempts of a job by custom id."""
        query = sa.select(*ATTEMPT_COLUMNS).where(attempts.c.job_id == job_id).order_by(attempts.c.custom_id)
        with self._engine.begin() as connection:
            return {row["custom_id"]: attempt_record(row) for row in connection.execute(query).mappings()}

    def provider_batch_ids(self, provider: str, account: str) -> set[str]:
        """The provider's ids of all jobs at an account."""
        c = batch_jobs.c
        mine = (c.provider == provider) & (c.account == account) & (c.provider_batch_id != "")
        with self._engine.begin() as connection:
            return set(connection.execute(sa.select(c.provider_batch_id).where(mine)).scalars())


def _chunks(things: Iterable[AttemptRecord]) -> Iterator[list[AttemptRecord]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
