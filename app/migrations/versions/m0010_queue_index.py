"""A reader's queue is counted from an index alone, however long it is."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only."""
    op.create_index(
        "ix_reading_cases_account_id_state_position",
        "reading_cases",
        ["account_id", "state", "position", "study_id", "code"],
    )
