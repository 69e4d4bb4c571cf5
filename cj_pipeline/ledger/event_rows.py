"""What happened, kept for good: events of jobs, and failed calls by kind. Nothing of it is ever undone."""

import sqlalchemy as sa

from cj_pipeline.domain.batches import JobEvent
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.ledger.tables import batch_jobs, call_errors, job_events

_COPIED = ("job_id", "session_id", "mode", "provider", "model", "n_requests", "intent_at")


def record_event(connection: sa.Connection, job_id: str, event: JobEvent) -> None:
    """Keep what has just happened to a job, with its row as it is now.

    Args:
        connection: The transaction in which it happens, so that either both are kept or neither.
        job_id: The job.
        event: What happened. An end is kept with the seconds since the job's create call.
    """
    columns = [batch_jobs.c[name] for name in _COPIED]
    query = sa.select(*columns, batch_jobs.c.ended_at).where(batch_jobs.c.job_id == job_id)
    row = dict(connection.execute(query).mappings().one())
    intent_at, ended_at = row["intent_at"], row.pop("ended_at")
    seconds = max(0.0, (ended_at - intent_at).total_seconds()) if intent_at and ended_at else None
    connection.execute(sa.insert(job_events).values(**row, event=event.value, seconds=seconds))


def count_call_error(engine: sa.Engine, provider: str, error_type: ErrorType) -> None:
    """Count a call to a provider that failed."""
    c = call_errors.c
    same = (c.provider == provider) & (c.error_type == error_type.value)
    one_more = sa.update(call_errors).where(same).values(n=c.n + 1)
    try:
        with engine.begin() as connection:
            if connection.execute(one_more).rowcount == 0:
                row = {"provider": provider, "error_type": error_type.value, "n": 1}
                connection.execute(sa.insert(call_errors).values(row))
    except sa.exc.IntegrityError:
        # Another process inserted it in between.
        with engine.begin() as connection:
            connection.execute(one_more)
