"""What nurses note beside the photographs, the cards that sites print, and their phantom shots."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID, HASH, WORD = sa.String(length=32), sa.String(length=64), sa.String(length=40)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only; of photographs received before, the header alone told of the lens."""
    for name, kind in (
        ("focal_35mm_mm", sa.Double()),
        ("digital_zoom_ratio", sa.Double()),
        ("orientation", sa.Integer()),
    ):
        op.add_column("captures", sa.Column(name, kind, nullable=True))
    _create_visit_notes()
    _create_card_prints()
    _create_phantom_shots()


def _need(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _create_visit_notes() -> None:
    op.create_table(
        "visit_notes",
        _need("id", ID),
        _need("ulcer_id", ID),
        _need("visit_code", WORD),
        _need("protocol_version", sa.Integer()),
        _need("taken_at", TIME),
        _need("taken_on", sa.Date()),
        _may("out_of_window_reason", WORD),
        _may("pain", sa.Integer()),
        _may("dressing_removed", sa.Boolean()),
        _may("drainage", WORD),
        _may("infection_signs", sa.Boolean()),
        _may("complication", WORD),
        _need("recorded_at", TIME),
        _need("recorded_by", ID),
        _need("seq", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_visit_notes"),
        _refers("visit_notes", "ulcer_id", "ulcers"),
        _refers("visit_notes", "recorded_by", "accounts"),
    )
    op.create_index("ix_visit_notes_ulcer_id", "visit_notes", ["ulcer_id"])


def _create_card_prints() -> None:
    op.create_table(
        "card_prints",
        _need("id", ID),
        _need("study_id", ID),
        _need("site_id", ID),
        _need("printer", sa.String(length=80)),
        _need("check_bar_mm", sa.Double()),
        _may("print_lot", WORD),
        _need("confirmed_at", TIME),
        _need("confirmed_by", ID),
        sa.PrimaryKeyConstraint("id", name="pk_card_prints"),
        _refers("card_prints", "study_id", "studies"),
        _refers("card_prints", "site_id", "sites"),
        _refers("card_prints", "confirmed_by", "accounts"),
    )
    op.create_index("ix_card_prints_site_id", "card_prints", ["site_id"])


def _create_phantom_shots() -> None:
    op.create_table(
        "phantom_shots",
        _need("id", ID),
        _need("study_id", ID),
        _need("site_id", ID),
        _need("protocol_version", sa.Integer()),
        _need("sha256", HASH),
        _need("size_bytes", sa.Integer()),
        _need("media_type", WORD),
        _need("taken_at", TIME),
        _need("received_at", TIME),
        _need("received_by", ID),
        _need("state", WORD),
        _need("quality", sa.JSON()),
        _need("true_area_mm2", sa.Double()),
        _may("area_mm2", sa.Double()),
        _need("version", WORD),
        sa.PrimaryKeyConstraint("id", name="pk_phantom_shots"),
        _refers("phantom_shots", "study_id", "studies"),
        _refers("phantom_shots", "site_id", "sites"),
        _refers("phantom_shots", "received_by", "accounts"),
    )
    op.create_index("ix_phantom_shots_site_id", "phantom_shots", ["site_id"])
