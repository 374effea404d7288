"""From which print lot a photograph's card is, and with which lens it was measured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only; whatever was received before was measured with the patches' nominal values."""
    op.add_column("captures", sa.Column("print_lot", sa.String(length=40), nullable=True))
    op.add_column("measurements", sa.Column("lens", sa.JSON(), nullable=True))
