"""What metrics are made of: events of jobs, failed calls, kinds of errors, waits."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADDED = {
    "batch_jobs": (sa.Column("started_at", sa.String(length=32), nullable=True),),
    "attempts": (
        sa.Column("error_type", sa.String(length=30), nullable=False, server_default=""),
        sa.Column("queue_wait_s", sa.Float(), nullable=True),
        sa.Column("response_s", sa.Float(), nullable=True),
    ),
}
_JOBS = sa.text(
    "SELECT job_id, session_id, mode, provider, model, n_requests, intent_at, ended_at, phase, status, "
    "provider_batch_id FROM batch_jobs ORDER BY created_at, job_id"
)
_ERROR_TYPES = sa.text(
    "UPDATE attempts SET error_type = CASE WHEN possibly_paid THEN 'no_clear_answer' ELSE 'unknown' END "
    "WHERE outcome = 'errored'"
)


def upgrade() -> None:
    """Add what is kept since; what happened to the jobs there are is told from where they stand."""
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, column)
    events = op.create_table(
        "job_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=30), nullable=False),
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("n_requests", sa.Integer(), nullable=False),
        sa.Column("intent_at", sa.String(length=32), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["batch_jobs.job_id"], name=op.f("fk_job_events_job_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_job_events")),
    )
    op.create_index(op.f("ix_job_events_job_id"), "job_events", ["job_id"], unique=False)
    op.create_table(
        "call_errors",
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("error_type", sa.String(length=30), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "error_type", name=op.f("pk_call_errors")),
    )
    connection = op.get_bind()
    connection.execute(_ERROR_TYPES)
    found = [event for job in connection.execute(_JOBS).mappings() for event in _events(dict(job))]
    op.bulk_insert(events, found)


def _events(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What must have happened to a job that stands where it stands."""
    phase, status, name = job.pop("phase"), job.pop("status"), job.pop("provider_batch_id")
    end = {"seconds": _seconds(job["intent_at"], job.pop("ended_at"))}
    is_batch = job["mode"] == "provider_batch_api"
    if name or phase in {"asking", "ended", "collected"}:
        yield {**job, "event": "scheduled", "seconds": None}
    if phase in {"ended", "collected"}:
        yield {**job, **end, "event": (is_batch and status) or "completed"}
    elif phase == "rejected" and is_batch and job["intent_at"]:
        yield {**job, **end, "event": "failed" if name else "rejected"}


def _seconds(begin: str | None, end: str | None) -> float | None:
    if not begin or not end:
        return None
    return max(0.0, (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds())


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("call_errors")
    op.drop_index(op.f("ix_job_events_job_id"), table_name="job_events")
    op.drop_table("job_events")
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
