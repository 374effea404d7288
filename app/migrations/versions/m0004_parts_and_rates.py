"""Healing of one ulcer among several on a digit, its linear rate, and the picture that shows it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("linear_healing_rate_mm_per_day", sa.Double()),
    ("own_area_mm2", sa.Double()),
    ("own_u_area_mm2", sa.Double()),
    ("own_perimeter_mm", sa.Double()),
    ("elsewhere_mm2", sa.Double()),
    ("parts", sa.Integer()),
    ("split", sa.Boolean()),
    ("merged", sa.Boolean()),
    ("neighbours", sa.JSON()),
    ("comparison_sha256", sa.String(length=64)),
)


def upgrade() -> None:
    """Forward only; what was followed before is followed anew with its ulcer's next photograph."""
    for name, kind in COLUMNS:
        op.add_column("healings", sa.Column(name, kind, nullable=True))
