"""The judging engine: modes, admission, standings, cancellation, retention, possibly paid attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = {
    "comparisons": (
        sa.Column("n_excused", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("n_possibly_paid", sa.Integer(), nullable=False, server_default="0"),
    ),
    "batch_jobs": (
        sa.Column("mode", sa.String(length=30), nullable=False, server_default="provider_batch_api"),
        sa.Column("judge", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("parameters", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("enlarged", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("queued_tokens", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("status_since", sa.String(length=32), nullable=True),
        sa.Column("cancel_requested_at", sa.String(length=32), nullable=True),
        sa.Column("gone_since", sa.String(length=32), nullable=True),
        sa.Column("purged_at", sa.String(length=32), nullable=True),
        sa.Column("reported_usage", sa.JSON(), nullable=True),
    ),
    "attempts": (
        sa.Column("sent_at", sa.String(length=32), nullable=True),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("possibly_paid", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("possible_usd", sa.Float(), nullable=False, server_default="0"),
    ),
}


def upgrade() -> None:
    """Add what the engine keeps since; earlier rows are of batch jobs."""
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "standings",
        sa.Column("assessment", sa.String(length=100), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("assessment", name=op.f("pk_standings")),
    )
    op.create_table(
        "queue_limits",
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("max_tokens", sa.Integer(), nullable=False),
        sa.Column("hold_until", sa.String(length=32), nullable=False),
        sa.Column("learned_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("provider", "account", "model", name=op.f("pk_queue_limits")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("queue_limits")
    op.drop_table("standings")
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
