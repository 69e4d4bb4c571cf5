"""Requests that a worker of ours puts to a model one by one: intent, answer, end."""

from datetime import datetime

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobEvent, JobPhase
from cj_pipeline.engine.records import AttemptOutcome
from cj_pipeline.ledger.event_rows import record_event
from cj_pipeline.ledger.part import LedgerPart, undo_attempts
from cj_pipeline.ledger.result_rows import write_outcomes
from cj_pipeline.ledger.tables import attempts, batch_jobs


class AskingRows(LedgerPart):
    """The ledger's part about the synchronous modes."""

    def begin_asking(self, job_id: str, now: datetime) -> bool:
        """From prepared to asking: a worker of ours takes the job; False if somebody else was faster."""
        values = {"phase": JobPhase.ASKING.value, "intent_at": now, "next_poll_at": None}
        return self._move(job_id, [JobPhase.PREPARED], values, JobEvent.SCHEDULED)

    def mark_sent(self, custom_id: str, now: datetime) -> None:
        """Write the intent to send one request of a job that is being asked.

        Raises:
            ValueError: It has an outcome already, or its job is not being asked.
        """
        with self._engine.begin() as connection:
            if not self._set_sent(connection, custom_id, now):
                raise ValueError(f"request {custom_id} is not to be sent")

    def withdraw(self, custom_id: str) -> None:
        """A request that was to be sent certainly was not answered: its intent is taken back."""
        with self._engine.begin() as connection:
            self._set_sent(connection, custom_id, None)

    def _set_sent(self, connection: sa.Connection, custom_id: str, sent_at: datetime | None) -> bool:
        asked = sa.select(batch_jobs.c.job_id).where(batch_jobs.c.phase == JobPhase.ASKING.value)
        mine = (attempts.c.custom_id == custom_id) & attempts.c.outcome.is_(None) & attempts.c.job_id.in_(asked)
        return connection.execute(sa.update(attempts).where(mine).values(sent_at=sent_at)).rowcount == 1

    def record_answer(self, outcome: AttemptOutcome) -> bool:
        """Give one attempt of a job that is being asked its outcome; False if it had one."""
        asked = sa.select(batch_jobs.c.job_id).where(batch_jobs.c.phase == JobPhase.ASKING.value)
        mine = (attempts.c.custom_id == outcome.custom_id) & attempts.c.outcome.is_(None) & attempts.c.job_id.in_(asked)
        with self._engine.begin() as connection:
            query = sa.select(attempts.c.custom_id, attempts.c.comparison_id).where(mine)
            if self._engine.dialect.name == "postgresql":
                query = query.with_for_update()
            comparison_of = {row[0]: row[1] for row in connection.execute(query)}
            if not comparison_of:
                return False
            write_outcomes(connection, [outcome], comparison_of)
        return True

    def end_asking(self, job_id: str, now: datetime) -> None:
        """From asking to ended. Requests that were never sent leave the job: their comparisons are planned again.

        Raises:
            ValueError: A request that was sent has no outcome; nothing was changed.
        """
        a, mine = attempts.c, attempts.c.job_id == job_id
        with self._engine.begin() as connection:
            asking = (batch_jobs.c.job_id == job_id) & (batch_jobs.c.phase == JobPhase.ASKING.value)
            ended = {"phase": JobPhase.ENDED.value, "ended_at": now}
            if connection.execute(sa.update(batch_jobs).where(asking).values(ended)).rowcount == 0:
                return
            unclear = sa.select(sa.func.count()).where(mine & a.sent_at.is_not(None) & a.outcome.is_(None))
            if n_unclear := connection.execute(unclear).scalar_one():
                raise ValueError(f"job {job_id}: {n_unclear} requests were sent and have no outcome")
            n_left_out = undo_attempts(connection, mine & a.sent_at.is_(None) & a.outcome.is_(None))
            left = {"n_requests": batch_jobs.c.n_requests - n_left_out}
            connection.execute(sa.update(batch_jobs).where(batch_jobs.c.job_id == job_id).values(left))
            empty = (batch_jobs.c.job_id == job_id) & (batch_jobs.c.n_requests == 0)
            rejected = {"phase": JobPhase.REJECTED.value, "message": "nothing of it was sent", "reserved_usd": 0.0}
            if connection.execute(sa.update(batch_jobs).where(empty).values(rejected)).rowcount == 0:
                record_event(connection, job_id, JobEvent.COMPLETED)
