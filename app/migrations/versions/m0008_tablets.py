"""Shared tablets: enrolled devices, shifts and PINs of the people on them, sessions opened there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID, HASH, WORD = sa.String(length=32), sa.String(length=64), sa.String(length=40)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only; sessions that are open now were opened on no enrolled tablet."""
    op.create_table(
        "tablets",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code_selector", WORD, nullable=True),
        sa.Column("code_hash", sa.String(length=200), nullable=True),
        sa.Column("code_expires_at", TIME, nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("token_sha256", HASH, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("enrolled_at", TIME, nullable=True),
        sa.Column("last_seen_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tablets"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_tablets_study_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_tablets_site_id"),
        sa.UniqueConstraint("code_selector", name="uq_tablets_code_selector"),
        sa.UniqueConstraint("token_sha256", name="uq_tablets_token_sha256"),
    )
    op.create_table(
        "tablet_people",
        sa.Column("tablet_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("shift_began_at", TIME, nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("wrong_pins", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("tablet_id", "account_id", name="pk_tablet_people"),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablets.id"], name="fk_tablet_people_tablet_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_tablet_people_account_id"),
    )
    # In one statement, which SQLite and PostgreSQL both know: SQLite adds no constraint later.
    op.execute(
        "ALTER TABLE sessions ADD COLUMN tablet_id VARCHAR(32) "
        "CONSTRAINT fk_sessions_tablet_id REFERENCES tablets (id)"
    )
