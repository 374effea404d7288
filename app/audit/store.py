"""The audit trail's rows."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.schemas import Wanted
from app.domain.audit_chain import Event
from app.platform.reach import whole_study_in_reach
from app.platform.tables import audit_events, audit_head

FETCH = 1_000
COLUMNS = tuple(audit_events.c[name] for name in Event.__dataclass_fields__)


def hold_still(connection: Connection) -> None:
    """Let a reading transaction see one moment: head and events, while others append.

    Must come first in the transaction. SQLite's readers see one moment anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


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


def page(connection: Connection, account_id: str, after_seq: int, limit: int, wanted: Wanted) -> list[Event]:
    """Events of the account's studies, and those of no study, after a number."""
    visible = sa.or_(
        audit_events.c.study_id.is_(None), whole_study_in_reach(account_id, audit_events.c.study_id)
    )
    rows = connection.execute(
        sa.select(*COLUMNS)
        .where(audit_events.c.seq > after_seq, visible, *_conditions(wanted))
        .order_by(audit_events.c.seq)
        .limit(limit)
    )
    return [Event(**row._mapping) for row in rows]


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    row = audit_events.c
    if wanted.actor:
        yield row.actor == wanted.actor
    if wanted.action:
        yield row.action.startswith(wanted.action, autoescape=True)
    if wanted.subject:
        yield sa.or_(row.subject_id == wanted.subject, row.subject_kind == wanted.subject)
    if wanted.since:
        yield row.at >= wanted.since
    if wanted.until:
        yield row.at < wanted.until
