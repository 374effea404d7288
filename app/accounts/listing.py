"""Accounts and service tokens as they are listed for whoever runs the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts import factor_store, store
from app.domain.permissions import Role
from app.platform.database import Connection, Record


@dataclass(frozen=True)
class AccountLine:
    """An account as it is listed; `belongs_to` holds studies, or studies and sites, by their codes."""

    username: str
    role: Role
    belongs_to: tuple[str, ...]
    standing: str
    second_factor: bool
    live_sessions: int


@dataclass(frozen=True)
class TokenLine:
    """A service token as it is listed; the token itself is not stored."""

    id: str
    username: str
    scopes: tuple[str, ...]
    expires_at: datetime
    standing: str


def account_lines(connection: Connection, now: datetime) -> list[AccountLine]:
    """All accounts by name."""
    places: dict[str, list[str]] = {}
    for row in store.belongings(connection):
        places.setdefault(row.account_id, []).append(f"{row.study}/{row.site}" if row.site else row.study)
    with_factor = factor_store.holders(connection)
    return [
        AccountLine(
            row.username,
            row.role,
            tuple(places.get(row.id, ())),
            _standing(row, now),
            row.id in with_factor,
            len(store.live_sessions(connection, row.id, now)),
        )
        for row in store.everyone(connection)
    ]


def token_lines(connection: Connection, now: datetime) -> list[TokenLine]:
    """All service tokens, latest first."""
    return [
        TokenLine(row.id, row.username, tuple(row.scopes), row.expires_at, _standing_of_token(row, now))
        for row in store.tokens(connection)
    ]


def _standing(row: Record, now: datetime) -> str:
    if row.closed_at is not None:
        return "locked by command"
    if row.locked_until is not None and row.locked_until > now:
        return f"locked until {row.locked_until:%H:%M} UTC"
    return "open"


def _standing_of_token(row: Record, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "good" if row.expires_at > now else "expired"
