"""Where jobs stand at their providers: what is written when they are polled, cancelled, lost or purged."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from cj_pipeline.domain.batches import BatchJobRef, BatchJobStatus, JobEvent, JobPhase
from cj_pipeline.ledger.part import LedgerPart
from cj_pipeline.ledger.tables import batch_jobs

_LIVE = (JobPhase.SUBMITTED, JobPhase.SUBMITTING)


class WatchingRows(LedgerPart):
    """The ledger's part about watching jobs."""

    def record_poll(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime, now: datetime) -> None:
        """Keep where a job stands."""
        ended = ref.status.is_terminal
        c = batch_jobs.c
        is_new = (c.provider_status != ref.provider_status) | c.status_since.is_(None)
        values: dict[str, object] = {
            "phase": (JobPhase.ENDED if ended else JobPhase.SUBMITTED).value,
            "status": ref.status.value,
            "provider_status": ref.provider_status,
            "status_since": sa.case((is_new, sa.literal(now, c.status_since.type)), else_=c.status_since),
            "n_done": ref.n_done,
            "next_poll_at": next_poll_at,
            "n_polls": c.n_polls + 1,
            "n_poll_errors": 0,
            "gone_since": None,
            "message": ref.message,
            "ended_at": now if ended else None,
        }
        if ended or ref.status is BatchJobStatus.RUNNING:
            values["started_at"] = _first_seen(c.started_at, now)
        if ref.usage is not None:
            values["reported_usage"] = asdict(ref.usage)
        self._move(job_id, [JobPhase.SUBMITTED], values, JobEvent(ref.status.value) if ended else None)

    def record_poll_error(self, job_id: str, message: str, next_poll_at: datetime) -> None:
        """Keep that a poll failed."""
        errors = batch_jobs.c.n_poll_errors + 1
        self._move(job_id, _LIVE, {"n_poll_errors": errors, "message": message, "next_poll_at": next_poll_at})

    def request_cancel(self, job_id: str, now: datetime) -> None:
        """Keep that the end of a job was asked for; the first time counts."""
        self._first_time(job_id, batch_jobs.c.cancel_requested_at, now, {})

    def record_gone(self, job_id: str, now: datetime, message: str) -> None:
        """Keep that the provider says that a job, or its results, do not exist; the first time counts."""
        self._first_time(job_id, batch_jobs.c.gone_since, now, {"message": message})

    def mark_purged(self, job_id: str, now: datetime) -> None:
        """Keep that a job's files at the provider were deleted."""
        self._first_time(job_id, batch_jobs.c.purged_at, now, {})

    def end_lost_job(self, job_id: str, message: str, now: datetime) -> None:
        """From submitted to ended with status `indeterminate`: the provider will never say more of it."""
        values = {
            "phase": JobPhase.ENDED.value,
            "status": BatchJobStatus.INDETERMINATE.value,
            "message": message,
            "ended_at": now,
            "started_at": _first_seen(batch_jobs.c.started_at, now),
        }
        self._move(job_id, [JobPhase.SUBMITTED], values, JobEvent.INDETERMINATE)

    def _first_time(self, job_id: str, column: sa.Column[datetime], now: datetime, more: dict[str, object]) -> None:
        mine = (batch_jobs.c.job_id == job_id) & column.is_(None)
        with self._engine.begin() as connection:
            connection.execute(sa.update(batch_jobs).where(mine).values({column.name: now, **more}))


def _first_seen(column: sa.Column[datetime], now: datetime) -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(column, sa.literal(now, column.type))
