"""The first ledger: judging sessions, comparisons, batch jobs, attempts, leases, decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "judging_sessions",
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("assessment", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("processing_metadata", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_judging_sessions")),
        sa.UniqueConstraint("key", name=op.f("uq_judging_sessions_key")),
    )
    op.create_index(op.f("ix_judging_sessions_assessment"), "judging_sessions", ["assessment"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "batch_jobs",
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("assessment", sa.String(length=100), nullable=False),
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("n_requests", sa.Integer(), nullable=False),
        sa.Column("request_path", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("reserved_usd", sa.Float(), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("intent_at", sa.String(length=32), nullable=True),
        sa.Column("cursor", sa.String(length=200), nullable=False),
        sa.Column("provider_batch_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("provider_status", sa.String(length=50), nullable=False),
        sa.Column("n_done", sa.Integer(), nullable=True),
        sa.Column("next_poll_at", sa.String(length=32), nullable=True),
        sa.Column("n_polls", sa.Integer(), nullable=False),
        sa.Column("n_poll_errors", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("collected_at", sa.String(length=32), nullable=True),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_duplicates", sa.Integer(), nullable=False),
        sa.Column("n_strangers", sa.Integer(), nullable=False),
        sa.Column("n_unreadable", sa.Integer(), nullable=False),
        sa.Column("result_files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["judging_sessions.session_id"], name=op.f("fk_batch_jobs_session_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_batch_jobs")),
    )
    op.create_index(op.f("ix_batch_jobs_next_poll_at"), "batch_jobs", ["next_poll_at"], unique=False)
    op.create_index(op.f("ix_batch_jobs_phase"), "batch_jobs", ["phase"], unique=False)
    op.create_index(op.f("ix_batch_jobs_session_id"), "batch_jobs", ["session_id"], unique=False)
    op.create_table(
        "comparisons",
        sa.Column("comparison_id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.String(length=100), nullable=False),
        sa.Column("first_digest", sa.String(length=64), nullable=False),
        sa.Column("second_id", sa.String(length=100), nullable=False),
        sa.Column("second_digest", sa.String(length=64), nullable=False),
        sa.Column("replicate", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("winner", sa.String(length=6), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["judging_sessions.session_id"], name=op.f("fk_comparisons_session_id")
        ),
        sa.PrimaryKeyConstraint("comparison_id", name=op.f("pk_comparisons")),
    )
    op.create_index("ix_comparisons_session_id_sequence", "comparisons", ["session_id", "sequence"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=50), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["judging_sessions.session_id"], name=op.f("fk_decisions_session_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_session_id"), "decisions", ["session_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("custom_id", sa.String(length=64), nullable=False),
        sa.Column("comparison_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("winner", sa.String(length=6), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_input_tokens", sa.Integer(), nullable=False),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=True),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("response_id", sa.String(length=200), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparisons.comparison_id"], name=op.f("fk_attempts_comparison_id")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["batch_jobs.job_id"], name=op.f("fk_attempts_job_id")),
        sa.PrimaryKeyConstraint("custom_id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("comparison_id", "number", name=op.f("uq_attempts_comparison_id_number")),
    )
    op.create_index(op.f("ix_attempts_job_id"), "attempts", ["job_id"], unique=False)


def downgrade() -> None:
    """Drop all tables."""
    op.drop_index(op.f("ix_attempts_job_id"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_decisions_session_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_comparisons_session_id_sequence", table_name="comparisons")
    op.drop_table("comparisons")
    op.drop_index(op.f("ix_batch_jobs_session_id"), table_name="batch_jobs")
    op.drop_index(op.f("ix_batch_jobs_phase"), table_name="batch_jobs")
    op.drop_index(op.f("ix_batch_jobs_next_poll_at"), table_name="batch_jobs")
    op.drop_table("batch_jobs")
    op.drop_table("leases")
    op.drop_index(op.f("ix_judging_sessions_assessment"), table_name="judging_sessions")
    op.drop_table("judging_sessions")
