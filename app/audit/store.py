"""The audit trail's rows."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.domain.audit_chain import Event
from app.platform.reach import whole_study_in_reach
from app.platform.tables import audit_events, audit_head

FETCH = 1_000
COLUMNS = tuple(audit_events.c[name] for name in Event.__dataclass_fields__)


def lock_head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last event; nobody else can append until this transaction ends."""
    row = connection.execute(sa.select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    return row.seq, row.hash


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last event."""
    row = connection.execute(sa.select(audit_head.c.seq, audit_head.c.hash)).one()
    return row.seq, row.hash


def append(connection: Connection, event: Event) -> None:
    """Store an event and move the head to it."""
    connection.execute(sa.insert(audit_events).values(**event.__dict__))
    connection.execute(sa.update(audit_head).values(seq=event.seq, hash=event.hash))


def events(connection: Connection) -> Iterator[Event]:
    """All events in the order of their numbers, in pieces."""
    rows = connection.execution_options(yield_per=FETCH).execute(
        sa.select(*COLUMNS).order_by(audit_events.c.seq)
    )
    for row in rows:
        yield Event(**row._mapping)


def page(connection: Connection, account_id: str, after_seq: int, limit: int) -> list[Event]:
    """Events of the account's studies, and those of no study, after a number."""
    visible = sa.or_(
        audit_events.c.study_id.is_(None), whole_study_in_reach(account_id, audit_events.c.study_id)
    )
    rows = connection.execute(
        sa.select(*COLUMNS)
        .where(audit_events.c.seq > after_seq, visible)
        .order_by(audit_events.c.seq)
        .limit(limit)
    )
    return [Event(**row._mapping) for row in rows]
