"""In which pose a digit was measured, and with which correction of its colours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only; whatever was measured before lay flat, its colours uncorrected."""
    op.add_column("measurements", sa.Column("pose", sa.String(length=40), nullable=True))
    op.add_column("measurements", sa.Column("colour", sa.JSON(), nullable=True))
    op.execute("UPDATE measurements SET pose = 'flat' WHERE status = 'measured'")
