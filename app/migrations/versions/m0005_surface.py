"""On what an area was taken: the digit's fitted surface, its straight end alone, or a plane in its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only; whatever was measured before lay on a fitted surface, or was refused."""
    op.add_column("measurements", sa.Column("surface", sa.String(length=40), nullable=True))
    op.execute("UPDATE measurements SET surface = 'revolution' WHERE status = 'measured'")
