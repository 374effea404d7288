"""Visit notes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.tables import ulcers, visit_notes


def lock_ulcer(connection: Connection, ulcer_id: str) -> None:
    """Let no other transaction note anything of this ulcer until this one ends."""
    connection.execute(sa.select(ulcers.c.id).where(ulcers.c.id == ulcer_id).with_for_update())


def by_id(connection: Connection, note_id: str) -> Record | None:
    """A note, whoever asks."""
    return connection.execute(sa.select(visit_notes).where(visit_notes.c.id == note_id)).one_or_none()


def insert(connection: Connection, **values: Any) -> None:
    """Store a note."""
    connection.execute(sa.insert(visit_notes).values(**values))


def counting(connection: Connection, ulcer_id: str) -> list[Record]:
    """Of each visit of an ulcer, the note that was received last; by the days that they tell of."""
    last = (
        sa.select(sa.func.max(visit_notes.c.seq))
        .where(visit_notes.c.ulcer_id == ulcer_id)
        .group_by(visit_notes.c.visit_code)
    )
    query = (
        sa.select(visit_notes)
        .where(visit_notes.c.ulcer_id == ulcer_id, visit_notes.c.seq.in_(last))
        .order_by(visit_notes.c.taken_at, visit_notes.c.seq)
    )
    return list(connection.execute(query))
