"""Accounts, memberships, sessions and service tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.tables import accounts, memberships, service_tokens, sessions, sites

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


def insert_session(
    connection: Connection,
    session_id: str,
    token_sha256: str,
    account_id: str,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """Store a session by its token's hash."""
    connection.execute(
        sa.insert(sessions).values(
            id=session_id,
            token_sha256=token_sha256,
            account_id=account_id,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def session_account(connection: Connection, token_sha256: str, now: datetime) -> Record | None:
    """Whose session it is, while it lasts."""
    return connection.execute(
        sa.select(*IDENTITY)
        .join(sessions, sessions.c.account_id == accounts.c.id)
        .where(
            sessions.c.token_sha256 == token_sha256,
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
        )
    ).one_or_none()


def revoke_session(connection: Connection, token_sha256: str, now: datetime) -> str | None:
    """End a session; its identifier, or None when there was none to end."""
    ended: str | None = connection.scalar(
        sa.update(sessions)
        .where(sessions.c.token_sha256 == token_sha256, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(sessions.c.id)
    )
    return ended


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
    """Whose token it is and what it opens, while it lasts."""
    return connection.execute(
        sa.select(*IDENTITY, service_tokens.c.scopes)
        .join(service_tokens, service_tokens.c.account_id == accounts.c.id)
        .where(
            service_tokens.c.token_sha256 == token_sha256,
            service_tokens.c.revoked_at.is_(None),
            service_tokens.c.expires_at > now,
        )
    ).one_or_none()
