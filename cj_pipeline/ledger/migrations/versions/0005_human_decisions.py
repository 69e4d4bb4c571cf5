"""Decisions of people: which of two essays they found better, from the judging page or from files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of their own: people are not asked through attempts, and nothing is paid for."""
    op.create_table(
        "human_decisions",
        sa.Column("decision_id", sa.String(64), primary_key=True),
        sa.Column("assessment", sa.String(100), nullable=False),
        sa.Column("judge", sa.String(200), nullable=False),
        sa.Column("first_id", sa.String(100), nullable=False),
        sa.Column("first_digest", sa.String(64), nullable=False),
        sa.Column("second_id", sa.String(100), nullable=False),
        sa.Column("second_digest", sa.String(64), nullable=False),
        sa.Column("winner", sa.String(6), nullable=False),
        sa.Column("ties_allowed", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("time_ms", sa.Integer()),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("decided_at", sa.String(32)),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", sa.String(32)),
    )
    op.create_index("ix_human_decisions_assessment", "human_decisions", ["assessment"])


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("human_decisions")
