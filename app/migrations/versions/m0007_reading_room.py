"""The reading room: cases, what was said of them, signatures, assessments, reopenings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID, HASH, WORD = sa.String(length=32), sa.String(length=64), sa.String(length=40)
TIME = sa.DateTime(timezone=True)

APPEND_ONLY = ("reading_records", "signatures", "assessments", "reopenings")
"""What was said, signed and concluded is never changed and never deleted."""


def upgrade() -> None:
    """Forward only; what was measured before has no map of its skin, and is measured anew to be read."""
    op.add_column("measurements", sa.Column("skin_map_sha256", HASH, nullable=True))
    op.add_column("measurements", sa.Column("machine_rings", sa.JSON(), nullable=True))
    _create_cases()
    _create_records()
    _create_outcomes()
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION reading_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'what was read is append-only'; END $$"
        )
    for table in APPEND_ONLY:
        for statement in _sqlite_triggers(table) if sqlite else _postgresql_triggers(table):
            op.execute(statement)


def _sqlite_triggers(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{kind.lower()} BEFORE {kind} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'what was read is append-only'); END"
        for kind in ("UPDATE", "DELETE")
    )


def _postgresql_triggers(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION reading_is_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION reading_is_append_only()",
    )


def _need(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}")


def _create_cases() -> None:
    op.create_table(
        "reading_cases",
        _need("code", ID),
        _need("study_id", ID),
        _need("account_id", ID),
        _need("capture_id", ID),
        _need("kind", WORD),
        _need("round", sa.Integer()),
        _need("protocol_version", sa.Integer()),
        _need("position", sa.String(length=80)),
        sa.Column("crop", sa.JSON(), nullable=True),
        sa.Column("picture_sha256", HASH, nullable=True),
        _need("state", WORD),
        sa.Column("sides", sa.JSON(), nullable=True),
        _need("assembled_at", TIME),
        sa.Column("opened_at", TIME, nullable=True),
        sa.Column("locked_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_reading_cases"),
        _refers("reading_cases", "study_id", "studies"),
        _refers("reading_cases", "account_id", "accounts"),
        _refers("reading_cases", "capture_id", "captures"),
        sa.UniqueConstraint(
            "account_id", "capture_id", "kind", "round",
            name="uq_reading_cases_account_id_capture_id_kind_round",
        ),
    )  # fmt: skip
    op.create_index("ix_reading_cases_account_id_position", "reading_cases", ["account_id", "position"])
    op.create_index("ix_reading_cases_capture_id", "reading_cases", ["capture_id"])


def _create_records() -> None:
    op.create_table(
        "reading_records",
        _need("id", ID),
        _need("code", ID),
        _need("number", sa.Integer()),
        _need("kind", WORD),
        sa.Column("category", WORD, nullable=True),
        sa.Column("reason", WORD, nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("tissue", sa.JSON(), nullable=True),
        _need("rings", sa.JSON()),
        sa.Column("area_mm2", sa.Double(), nullable=True),
        sa.Column("u_area_mm2", sa.Double(), nullable=True),
        sa.Column("sides_with", ID, nullable=True),
        _need("recorded_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_reading_records"),
        _refers("reading_records", "code", "reading_cases", "code"),
        sa.UniqueConstraint("code", "number", name="uq_reading_records_code_number"),
    )
    op.create_table(
        "signatures",
        _need("id", ID),
        _need("record_id", ID),
        _need("account_id", ID),
        _need("meaning", sa.Text()),
        _need("signed_at", TIME),
        _need("content", sa.Text()),
        _need("sha256", HASH),
        _need("key_id", WORD),
        _need("signature", sa.String(length=120)),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
        _refers("signatures", "record_id", "reading_records"),
        _refers("signatures", "account_id", "accounts"),
        sa.UniqueConstraint("record_id", name="uq_signatures_record_id"),
    )


def _create_outcomes() -> None:
    op.create_table(
        "assessments",
        _need("id", ID),
        _need("capture_id", ID),
        _need("version", sa.Integer()),
        _need("category", WORD),
        sa.Column("area_mm2", sa.Double(), nullable=True),
        sa.Column("u_area_mm2", sa.Double(), nullable=True),
        _need("adjudicated", sa.Boolean()),
        _need("agreement", sa.JSON()),
        _need("reads", sa.JSON()),
        _need("protocol_version", sa.Integer()),
        _need("software", WORD),
        _need("made_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        _refers("assessments", "capture_id", "captures"),
        sa.UniqueConstraint("capture_id", "version", name="uq_assessments_capture_id_version"),
    )
    op.create_table(
        "read_healings",
        _need("assessment_id", ID),
        _need("baseline_assessment_id", ID),
        sa.Column("epithelialisation_percent", sa.Double(), nullable=True),
        sa.Column("epithelialisation_method", WORD, nullable=True),
        sa.Column("percent_area_reduction", sa.Double(), nullable=True),
        sa.Column("verdict", WORD, nullable=True),
        _need("computed_at", TIME),
        sa.PrimaryKeyConstraint("assessment_id", name="pk_read_healings"),
        _refers("read_healings", "assessment_id", "assessments"),
        _refers("read_healings", "baseline_assessment_id", "assessments"),
    )
    op.create_table(
        "reopenings",
        _need("capture_id", ID),
        _need("round", sa.Integer()),
        _need("reason", sa.Text()),
        _need("account_id", ID),
        _need("reopened_at", TIME),
        sa.PrimaryKeyConstraint("capture_id", "round", name="pk_reopenings"),
        _refers("reopenings", "capture_id", "captures"),
        _refers("reopenings", "account_id", "accounts"),
    )
