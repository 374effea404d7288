"""Sessions: opened, listed for their owner, and ended for good on the server."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from app.accounts import store
from app.accounts.schemas import Revoked, SessionOut
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Actor, Identity, actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id

TOKEN_BYTES = 32
"""Random bytes of a session's or a service's token: 256 bits, which nobody guesses."""

LONGEST_DEVICE = 200
"""Characters kept of what a browser calls itself."""

SECONDS_A_MINUTE = 60


def digest(token: str) -> str:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def identity_of(row: Record, scopes: frozenset[str] | None = None, session_id: str | None = None) -> Identity:
    """An account's row as the rules know it."""
    return Identity(row.id, row.username, row.role, scopes, session_id)


class Sessions:
    """Server-side sessions: the cookie's token is good for as long as its row says so.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    length : timedelta
        After which a person signs in again.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, length: timedelta) -> None:
        self._database, self._clock, self._trail, self._length = database, clock, trail, length

    def open(self, connection: Connection, account: Record, device: str | None, by: str) -> str:
        """Open a session within the caller's transaction.

        Parameters
        ----------
        connection : Connection
            Writing.
        account : Record
            Proven to be who asks.
        device : str, optional
            What the browser calls itself.
        by : str
            How the account was proven, for the audit trail.

        Returns
        -------
        str
            The token for the cookie; only its hash is stored.
        """
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock.now()
        named = device[:LONGEST_DEVICE] if device else None
        session = store.NewSession(new_id(), digest(token), account.id, now, now + self._length, named)
        store.insert_session(connection, session)
        who, subject = Actor(account.username, account.role), ("session", session.id)
        self._trail.record(connection, who, "session.opened", subject, after={"by": by})
        return token

    def holder(self, token: str) -> Identity | None:
        """Who holds this session's token."""
        with self._database.read() as connection:
            row = store.session_account(connection, digest(token), self._clock.now())
        return identity_of(row, session_id=row.session_id) if row else None

    def mine(self, identity: Identity) -> list[SessionOut]:
        """The account's own sessions that are good now, latest first."""
        identity.require("account:manage")
        now = self._clock.now()
        with self._database.read() as connection:
            rows = store.live_sessions(connection, identity.account_id, now)
        return [
            SessionOut(
                id=row.id,
                device=row.device,
                opened_minutes_ago=_minutes(now - row.created_at),
                ends_in_minutes=_minutes(row.expires_at - now),
                current=row.id == identity.session_id,
            )
            for row in rows
        ]

    def sign_out(self, identity: Identity) -> None:
        """End the session that asks."""
        identity.require("account:manage")
        if identity.session_id is not None:
            self.revoke(identity, identity.session_id)

    def revoke(self, identity: Identity, session_id: str) -> None:
        """End one of the account's own sessions.

        Raises
        ------
        CodedError
            `not_found` when it is not one of them, or has ended.
        """
        identity.require("account:manage")
        with self._database.write() as connection:
            ended = store.revoke_session(connection, identity.account_id, session_id, self._clock.now())
            if ended is None:
                raise CodedError("not_found")
            self._trail.record(connection, actor(identity), "session.closed", ("session", ended))

    def revoke_all(self, identity: Identity, *, keep_current: bool) -> Revoked:
        """End all of the account's own sessions, or all but the one that asks; one event names them."""
        identity.require("account:manage")
        with self._database.write() as connection:
            kept = identity.session_id if keep_current else None
            ended = self.end_all(connection, identity.account_id, but=kept)
            self._trail.record(
                connection,
                actor(identity),
                "session.all_closed",
                ("account", identity.account_id),
                after=ended_event(ended),
            )
        return Revoked(revoked=len(ended))

    def end_all(self, connection: Connection, account_id: str, *, but: str | None = None) -> list[str]:
        """End an account's sessions within the caller's transaction, whose event names them."""
        return store.revoke_sessions(connection, account_id, self._clock.now(), but=but)


def ended_event(session_ids: list[str]) -> dict[str, Any]:
    """Sessions that ended, for the audit trail."""
    return {"sessions_closed": session_ids}


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds() // SECONDS_A_MINUTE)
