"""Tablets, and who may use which now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.tables import accounts, sites, tablet_people, tablets

TABLETS = sa.select(tablets, sites.c.code.label("site_code")).join(sites, sites.c.id == tablets.c.site_id)
PERSON = (accounts.c.id, accounts.c.username, accounts.c.role, accounts.c.label_fr, accounts.c.label_en)
PEOPLE = sa.select(tablet_people, *PERSON).join(accounts, accounts.c.id == tablet_people.c.account_id)


def insert(connection: Connection, **values: Any) -> None:
    """Store a tablet."""
    connection.execute(sa.insert(tablets).values(**values))


def update(connection: Connection, tablet_id: str, **values: Any) -> None:
    """Change what is stored of a tablet."""
    connection.execute(sa.update(tablets).where(tablets.c.id == tablet_id).values(**values))


def void_code(connection: Connection, tablet_id: str) -> None:
    """Let the enrolment code open nothing any more."""
    update(connection, tablet_id, code_selector=None, code_hash=None, code_expires_at=None)


def note_seen(connection: Connection, tablet_id: str, now: datetime, unless_since: datetime) -> None:
    """Remember that the tablet was there, unless that was remembered since a moment."""
    stale = sa.or_(tablets.c.last_seen_at.is_(None), tablets.c.last_seen_at < unless_since)
    connection.execute(sa.update(tablets).where(tablets.c.id == tablet_id, stale).values(last_seen_at=now))


def selectors(connection: Connection) -> set[str]:
    """Beginnings of all codes that are stored."""
    given = tablets.c.code_selector.is_not(None)
    return set(connection.scalars(sa.select(tablets.c.code_selector).where(given)))


def visible(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """A study's tablets within the account's reach, by site and name."""
    query = TABLETS.where(
        tablets.c.study_id == study_id, in_reach(account_id, tablets.c.study_id, tablets.c.site_id)
    )
    return list(connection.execute(query.order_by(sites.c.code, tablets.c.name, tablets.c.created_at)))


def visible_one(connection: Connection, account_id: str, tablet_id: str) -> Record | None:
    """A tablet within the account's reach, locked."""
    reach = in_reach(account_id, tablets.c.study_id, tablets.c.site_id)
    query = TABLETS.where(tablets.c.id == tablet_id, reach)
    return connection.execute(query.with_for_update(of=tablets)).one_or_none()


def of_study(connection: Connection, study_id: str) -> list[Record]:
    """A study's tablets, whoever asks."""
    query = TABLETS.where(tablets.c.study_id == study_id)
    return list(connection.execute(query.order_by(sites.c.code, tablets.c.name, tablets.c.created_at)))


def by_id(connection: Connection, tablet_id: str) -> Record | None:
    """A tablet, whoever asks, locked."""
    query = TABLETS.where(tablets.c.id == tablet_id)
    return connection.execute(query.with_for_update(of=tablets)).one_or_none()


def by_token(connection: Connection, token_sha256: str, *, lock: bool = False) -> Record | None:
    """The enrolled tablet of that cookie, unless it was revoked."""
    query = TABLETS.where(tablets.c.token_sha256 == token_sha256, tablets.c.revoked_at.is_(None))
    return connection.execute(query.with_for_update(of=tablets) if lock else query).one_or_none()


def by_selector(connection: Connection, selector: str, *, lock: bool = False) -> Record | None:
    """The tablet whose enrolment code begins like that, unless it was revoked."""
    query = TABLETS.where(tablets.c.code_selector == selector, tablets.c.revoked_at.is_(None))
    return connection.execute(query.with_for_update(of=tablets) if lock else query).one_or_none()


def serves(connection: Connection, account_id: str, tablet_id: str) -> bool:
    """Whether the account belongs to the tablet's site."""
    reach = in_reach(account_id, tablets.c.study_id, tablets.c.site_id)
    return connection.scalar(sa.select(tablets.c.id).where(tablets.c.id == tablet_id, reach)) is not None


def people(connection: Connection, tablet_id: str, began_after: datetime) -> list[Record]:
    """Who signed in fully on the tablet after a moment, and was not signed out since, by name."""
    query = PEOPLE.where(
        tablet_people.c.tablet_id == tablet_id,
        tablet_people.c.shift_began_at > began_after,
        accounts.c.closed_at.is_(None),
    )
    return list(connection.execute(query.order_by(accounts.c.username)))


def person(connection: Connection, tablet_id: str, username: str) -> Record | None:
    """What the tablet knows of the account of that name, unless it is closed."""
    query = PEOPLE.where(
        tablet_people.c.tablet_id == tablet_id,
        accounts.c.username == username,
        accounts.c.closed_at.is_(None),
    )
    return connection.execute(query).one_or_none()


def lock_person(
    connection: Connection, token_sha256: str, username: str
) -> tuple[Record, Record | None] | None:
    """The tablet of that cookie and what it knows of a person; nobody else changes either meanwhile.

    Locked in the order in which signing in does it, account first: neither waits for the other in a circle.
    """
    connection.execute(sa.select(accounts.c.id).where(accounts.c.username == username).with_for_update())
    tablet = by_token(connection, token_sha256, lock=True)
    return (tablet, person(connection, tablet.id, username)) if tablet is not None else None


def begin_shift(connection: Connection, tablet_id: str, account_id: str, now: datetime) -> None:
    """Let a person's shift begin; a PIN that was chosen before is theirs still."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    begun = {"shift_began_at": now, "wrong_pins": 0}
    statement = dialect.insert(tablet_people).values(tablet_id=tablet_id, account_id=account_id, **begun)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["tablet_id", "account_id"], set_=begun)
    )


def end_shifts(
    connection: Connection, account_id: str, *, on: str | None = None, but: str | None = None
) -> None:
    """End an account's shifts: on all tablets, on one, or on all but one."""
    statement = sa.update(tablet_people).where(tablet_people.c.account_id == account_id)
    if on is not None:
        statement = statement.where(tablet_people.c.tablet_id == on)
    if but is not None:
        statement = statement.where(tablet_people.c.tablet_id != but)
    connection.execute(statement.values(shift_began_at=None))


def set_pin(connection: Connection, tablet_id: str, account_id: str, pin_hash: str | None) -> bool:
    """Give a person another PIN on a tablet, or none; whether the tablet knows them."""
    found = connection.execute(
        sa.update(tablet_people)
        .where(tablet_people.c.tablet_id == tablet_id, tablet_people.c.account_id == account_id)
        .values(pin_hash=pin_hash, wrong_pins=0)
    )
    return found.rowcount == 1


def note_wrong_pins(connection: Connection, tablet_id: str, account_id: str, wrong: int) -> None:
    """Remember how many wrong PINs there were in a row."""
    connection.execute(
        sa.update(tablet_people)
        .where(tablet_people.c.tablet_id == tablet_id, tablet_people.c.account_id == account_id)
        .values(wrong_pins=wrong)
    )


def forget_people(connection: Connection, tablet_id: str) -> int:
    """End all shifts on a tablet and void its PINs; how many PINs there were."""
    of_tablet = tablet_people.c.tablet_id == tablet_id
    with_pin = sa.select(sa.func.count()).where(of_tablet, tablet_people.c.pin_hash.is_not(None))
    pins = connection.scalars(with_pin).one()
    connection.execute(sa.delete(tablet_people).where(of_tablet))
    return pins
