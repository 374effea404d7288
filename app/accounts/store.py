"""Accounts, memberships, sessions and service tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.tables import accounts, memberships, service_tokens, sessions, sites, studies, tablets

IDENTITY = (accounts.c.id, accounts.c.username, accounts.c.role)


@dataclass(frozen=True)
class NewAccount:
    """An account about to be stored."""

    id: str
    username: str
    role: str
    label_fr: str
    label_en: str
    password_hash: str | None
    created_at: datetime


def insert_account(connection: Connection, account: NewAccount) -> None:
    """Store an account."""
    connection.execute(sa.insert(accounts).values(**account.__dict__))


def by_username(connection: Connection, username: str, *, lock: bool = False) -> Record | None:
    """The account of that name."""
    query = sa.select(accounts).where(accounts.c.username == username)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def everyone(connection: Connection) -> list[Record]:
    """All accounts by name."""
    return list(connection.execute(sa.select(accounts).order_by(accounts.c.username)))


def note_failure(
    connection: Connection, account_id: str, failures: int, locked_until: datetime | None
) -> None:
    """Count a refused log-in, and lock."""
    connection.execute(
        sa.update(accounts)
        .where(accounts.c.id == account_id)
        .values(failed_logins=failures, locked_until=locked_until)
    )


def set_password(connection: Connection, account_id: str, password_hash: str) -> None:
    """Replace an account's password; what was guessed at before counts no more."""
    connection.execute(
        sa.update(accounts)
        .where(accounts.c.id == account_id)
        .values(password_hash=password_hash, failed_logins=0, locked_until=None)
    )


def set_closed(connection: Connection, account_id: str, closed_at: datetime | None) -> None:
    """Close an account, or open it again with a clean count of failures."""
    connection.execute(
        sa.update(accounts)
        .where(accounts.c.id == account_id)
        .values(closed_at=closed_at, failed_logins=0, locked_until=None)
    )


def belongings(connection: Connection) -> list[Record]:
    """Account, study and site (None: the whole study) of every membership, by their codes."""
    return list(
        connection.execute(
            sa.select(memberships.c.account_id, studies.c.code.label("study"), sites.c.code.label("site"))
            .join(studies, studies.c.id == memberships.c.study_id)
            .outerjoin(sites, sites.c.id == memberships.c.site_id)
            .order_by(studies.c.code, sites.c.code)
        )
    )


def add_membership(
    connection: Connection, membership_id: str, account_id: str, study_id: str, site_id: str | None
) -> None:
    """Let an account into a study, or into one of its sites."""
    connection.execute(
        sa.insert(memberships).values(
            id=membership_id, account_id=account_id, study_id=study_id, site_id=site_id
        )
    )


def own_sites(connection: Connection, account_id: str) -> list[Record]:
    """Code and name of the sites that the account belongs to."""
    return list(
        connection.execute(
            sa.select(sites.c.code, sites.c.name)
            .join(memberships, memberships.c.site_id == sites.c.id)
            .where(memberships.c.account_id == account_id)
            .order_by(sites.c.code)
        )
    )


@dataclass(frozen=True)
class NewSession:
    """A session about to be stored, by its token's hash."""

    id: str
    token_sha256: str
    account_id: str
    created_at: datetime
    expires_at: datetime
    device: str | None
    tablet_id: str | None


def insert_session(connection: Connection, session: NewSession) -> None:
    """Store a session."""
    connection.execute(sa.insert(sessions).values(**session.__dict__))


def session_account(
    connection: Connection, token_sha256: str, tablet_sha256: str, now: datetime
) -> Record | None:
    """Whose session it is, while it lasts and its account is open.

    One that was opened on an enrolled tablet is good together with that tablet's cookie alone.
    """
    at_its_tablet = sa.and_(tablets.c.token_sha256 == tablet_sha256, tablets.c.revoked_at.is_(None))
    return connection.execute(
        sa.select(
            *IDENTITY,
            sessions.c.id.label("session_id"),
            sessions.c.tablet_id,
            tablets.c.study_id.label("tablet_study_id"),
        )
        .join(sessions, sessions.c.account_id == accounts.c.id)
        .outerjoin(tablets, tablets.c.id == sessions.c.tablet_id)
        .where(
            sessions.c.token_sha256 == token_sha256,
            accounts.c.closed_at.is_(None),
            sa.or_(sessions.c.tablet_id.is_(None), at_its_tablet),
            _alive(now),
        )
    ).one_or_none()


def live_sessions(connection: Connection, account_id: str, now: datetime) -> list[Record]:
    """The account's sessions that are good now, latest first."""
    return list(
        connection.execute(
            sa.select(sessions)
            .where(sessions.c.account_id == account_id, _alive(now))
            .order_by(sessions.c.created_at.desc())
        )
    )


def revoke_session(connection: Connection, account_id: str, session_id: str, now: datetime) -> Record | None:
    """End one session of an account; its identifier and tablet, or None when there was none to end."""
    return connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == session_id, sessions.c.account_id == account_id, _alive(now))
        .values(revoked_at=now)
        .returning(sessions.c.id, sessions.c.tablet_id)
    ).one_or_none()


def revoke_sessions(
    connection: Connection, account_id: str, now: datetime, *, but: str | None = None
) -> list[str]:
    """End all sessions of an account, but one if named; their identifiers."""
    statement = sa.update(sessions).where(sessions.c.account_id == account_id, _alive(now))
    if but is not None:
        statement = statement.where(sessions.c.id != but)
    return sorted(connection.scalars(statement.values(revoked_at=now).returning(sessions.c.id)))


def revoke_sessions_on(connection: Connection, tablet_id: str, now: datetime) -> list[str]:
    """End all sessions that were opened on a tablet, whoever's; their identifiers."""
    statement = sa.update(sessions).where(sessions.c.tablet_id == tablet_id, _alive(now))
    return sorted(connection.scalars(statement.values(revoked_at=now).returning(sessions.c.id)))


def _alive(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)


def insert_token(
    connection: Connection,
    token_id: str,
    token_sha256: str,
    account_id: str,
    scopes: list[str],
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """Store a service token by its hash."""
    connection.execute(
        sa.insert(service_tokens).values(
            id=token_id,
            token_sha256=token_sha256,
            account_id=account_id,
            scopes=scopes,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def token_account(connection: Connection, token_sha256: str, now: datetime) -> Record | None:
    """Whose token it is and what it opens, while it lasts and its account is open."""
    return connection.execute(
        sa.select(*IDENTITY, service_tokens.c.scopes)
        .join(service_tokens, service_tokens.c.account_id == accounts.c.id)
        .where(
            service_tokens.c.token_sha256 == token_sha256,
            accounts.c.closed_at.is_(None),
            service_tokens.c.revoked_at.is_(None),
            service_tokens.c.expires_at > now,
        )
    ).one_or_none()


def tokens(connection: Connection) -> list[Record]:
    """All service tokens with their account's name, latest first; the tokens themselves are not stored."""
    return list(
        connection.execute(
            sa.select(service_tokens, accounts.c.username)
            .join(accounts, accounts.c.id == service_tokens.c.account_id)
            .order_by(service_tokens.c.created_at.desc())
        )
    )


def revoke_token(connection: Connection, token_id: str, now: datetime) -> str | None:
    """End a service token; its account, or None when there was none to end."""
    account_id: str | None = connection.scalar(
        sa.update(service_tokens)
        .where(service_tokens.c.id == token_id, service_tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(service_tokens.c.account_id)
    )
    return account_id
