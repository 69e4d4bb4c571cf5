"""The ledger's tables. The migrations under `migrations/versions` build them; a test holds the two equal.

Times are stored as ISO text in UTC, of fixed width, so that they sort on every database.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware UTC time, stored as ISO text of fixed width on every database, so that comparing works everywhere."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 (interface)
        """To text of fixed width."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Back to an aware time."""
        return None if value is None else datetime.fromisoformat(value)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

judging_sessions = sa.Table(
    "judging_sessions",
    metadata,
    sa.Column("session_id", sa.String(16), primary_key=True),
    sa.Column("assessment", sa.String(100), nullable=False, index=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("processing_metadata", sa.JSON, nullable=False),
)

comparisons = sa.Table(
    "comparisons",
    metadata,
    sa.Column("comparison_id", sa.String(16), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("judging_sessions.session_id"), nullable=False),
    sa.Column("wave", sa.Integer, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("first_id", sa.String(100), nullable=False),
    sa.Column("first_digest", sa.String(64), nullable=False),
    sa.Column("second_id", sa.String(100), nullable=False),
    sa.Column("second_digest", sa.String(64), nullable=False),
    sa.Column("replicate", sa.Integer, nullable=False),
    sa.Column("judge", sa.String(200), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("n_attempts", sa.Integer, nullable=False),
    sa.Column("retryable", sa.Boolean, nullable=False),
    sa.Column("winner", sa.String(6), nullable=False),
    sa.Column("strength", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("n_excused", sa.Integer, nullable=False),
    sa.Column("n_possibly_paid", sa.Integer, nullable=False),
    sa.Index("ix_comparisons_session_id_sequence", "session_id", "sequence"),
)

batch_jobs = sa.Table(
    "batch_jobs",
    metadata,
    sa.Column("job_id", sa.String(16), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("judging_sessions.session_id"), nullable=False, index=True),
    sa.Column("assessment", sa.String(100), nullable=False),
    sa.Column("provider", sa.String(30), nullable=False),
    sa.Column("account", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("phase", sa.String(20), nullable=False, index=True),
    sa.Column("n_requests", sa.Integer, nullable=False),
    sa.Column("request_path", sa.Text, nullable=False),
    sa.Column("request_sha256", sa.String(64), nullable=False),
    sa.Column("reserved_usd", sa.Float),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("intent_at", UtcTime),
    sa.Column("cursor", sa.String(200), nullable=False),
    sa.Column("provider_batch_id", sa.String(200), nullable=False),
    sa.Column("status", sa.String(20)),
    sa.Column("provider_status", sa.String(50), nullable=False),
    sa.Column("n_done", sa.Integer),
    sa.Column("next_poll_at", UtcTime, index=True),
    sa.Column("n_polls", sa.Integer, nullable=False),
    sa.Column("n_poll_errors", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("collected_at", UtcTime),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("n_duplicates", sa.Integer, nullable=False),
    sa.Column("n_strangers", sa.Integer, nullable=False),
    sa.Column("n_unreadable", sa.Integer, nullable=False),
    sa.Column("result_files", sa.JSON, nullable=False),
    sa.Column("mode", sa.String(30), nullable=False),
    sa.Column("judge", sa.String(200), nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("enlarged", sa.Boolean, nullable=False),
    sa.Column("queued_tokens", sa.Integer, nullable=False),
    sa.Column("status_since", UtcTime),
    sa.Column("cancel_requested_at", UtcTime),
    sa.Column("gone_since", UtcTime),
    sa.Column("purged_at", UtcTime),
    sa.Column("reported_usage", sa.JSON(none_as_null=True)),
    sa.Column("started_at", UtcTime),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("custom_id", sa.String(64), primary_key=True),
    sa.Column("comparison_id", sa.ForeignKey("comparisons.comparison_id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("job_id", sa.ForeignKey("batch_jobs.job_id"), nullable=False, index=True),
    sa.Column("outcome", sa.String(20)),
    sa.Column("winner", sa.String(6), nullable=False),
    sa.Column("strength", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("input_tokens", sa.Integer, nullable=False),
    sa.Column("output_tokens", sa.Integer, nullable=False),
    sa.Column("cached_input_tokens", sa.Integer, nullable=False),
    sa.Column("reasoning_tokens", sa.Integer, nullable=False),
    sa.Column("cost_usd", sa.Float),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("response_id", sa.String(200), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("sent_at", UtcTime),
    sa.Column("cache_write_tokens", sa.Integer, nullable=False),
    sa.Column("possibly_paid", sa.Boolean, nullable=False),
    sa.Column("possible_usd", sa.Float, nullable=False),
    sa.Column("cache_write_1h_tokens", sa.Integer, nullable=False),
    sa.Column("error_type", sa.String(30), nullable=False),
    sa.Column("queue_wait_s", sa.Float),
    sa.Column("response_s", sa.Float),
    # The guard against paying twice: a comparison has one attempt of each number, whoever tries.
    sa.UniqueConstraint("comparison_id", "number"),
)

# Only ever added to: what has happened to a job stays true when its row is written anew.
job_events = sa.Table(
    "job_events",
    metadata,
    sa.Column("event_id", sa.Integer, primary_key=True),
    sa.Column("job_id", sa.ForeignKey("batch_jobs.job_id"), nullable=False, index=True),
    sa.Column("session_id", sa.String(16), nullable=False),
    sa.Column("mode", sa.String(30), nullable=False),
    sa.Column("provider", sa.String(30), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("n_requests", sa.Integer, nullable=False),
    sa.Column("intent_at", UtcTime),
    sa.Column("seconds", sa.Float),
)

call_errors = sa.Table(
    "call_errors",
    metadata,
    sa.Column("provider", sa.String(30), primary_key=True),
    sa.Column("error_type", sa.String(30), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
)

standings = sa.Table(
    "standings",
    metadata,
    sa.Column("assessment", sa.String(100), primary_key=True),
    sa.Column("standing", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
)

queue_limits = sa.Table(
    "queue_limits",
    metadata,
    sa.Column("provider", sa.String(30), primary_key=True),
    sa.Column("account", sa.String(200), primary_key=True),
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("max_tokens", sa.Integer, nullable=False),
    sa.Column("hold_until", UtcTime, nullable=False),
    sa.Column("learned_at", UtcTime, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("judging_sessions.session_id"), nullable=False, index=True),
    sa.Column("wave", sa.Integer, nullable=False),
    sa.Column("decision", sa.String(50), nullable=False),
    sa.Column("numbers", sa.JSON, nullable=False),
    sa.Column("decided_at", UtcTime, nullable=False),
)
