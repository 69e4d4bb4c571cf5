"""Tokens written to caches that are kept for an hour: they cost more than others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody asked for such caches before."""
    op.add_column("attempts", sa.Column("cache_write_1h_tokens", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("attempts", "cache_write_1h_tokens")
