"""Sessions: opened, listed for their owner, and ended for good on the server."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.accounts import store
from app.accounts.schemas import Revoked, SessionOut
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Actor, Identity, Tablet, actor
from app.domain.shift import session_ends_at
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.tablets.shifts import Place, Shifts

TOKEN_BYTES = 32
"""Random bytes of a session's or a service's token: 256 bits, which nobody guesses."""

LONGEST_DEVICE = 200
"""Characters kept of what a browser calls itself."""

SECONDS_A_MINUTE = 60


def digest(token: str) -> str:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def identity_of(row: Record, scopes: frozenset[str] | None = None) -> Identity:
    """An account's row as the rules know it."""
    return Identity(row.id, row.username, row.role, scopes)


class Sessions:
    """Server-side sessions: the cookie's token is good for as long as its row says so.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    length : timedelta
        After which a person signs in again.
    shifts : Shifts
        Begun and ended with the sessions that are opened on enrolled tablets.
    """

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, length: timedelta, shifts: Shifts
    ) -> None:
        self._database, self._clock, self._trail, self._length = database, clock, trail, length
        self._shifts = shifts

    def open(
        self, connection: Connection, account: Record, device: str | None, by: str, tablet_token: str = ""
    ) -> str:
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
        tablet_token : str, optional
            The tablet's cookie, where the browser has one: on an enrolled tablet a shift begins.

        Returns
        -------
        str
            The token for the cookie; only its hash is stored.
        """
        place = self._shifts.begin(connection, digest(tablet_token), account) if tablet_token else None
        return self.open_at(connection, account, device, by, place)

    def open_at(
        self, connection: Connection, account: Record, device: str | None, by: str, place: Place | None
    ) -> str:
        """The same in a shift that has begun, or in none; the session does not outlast the shift."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock.now()
        tablet_id, began_at = (place.tablet_id, place.shift_began_at) if place else (None, None)
        session = store.NewSession(
            new_id(),
            digest(token),
            account.id,
            now,
            session_ends_at(now, self._length, began_at),
            device[:LONGEST_DEVICE] if device else None,
            tablet_id,
        )
        store.insert_session(connection, session)
        who, subject = Actor(account.username, account.role), ("session", session.id)
        after = {"by": by} | ({"tablet": tablet_id} if tablet_id else {})
        self._trail.record(connection, who, "session.opened", subject, after=after)
        return token

    def holder(self, token: str, tablet_token: str) -> Identity | None:
        """Who holds this session's token, and the cookie of the tablet on which it was opened if on any."""
        with self._database.read() as connection:
            row = store.session_account(connection, digest(token), digest(tablet_token), self._clock.now())
        if row is None:
            return None
        tablet = Tablet(row.tablet_id, row.tablet_study_id) if row.tablet_id is not None else None
        return replace(identity_of(row), session_id=row.session_id, tablet=tablet)

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
        """End the session that asks, and the shift with it."""
        identity.require("account:manage")
        if identity.session_id is not None:
            self.revoke(identity, identity.session_id)

    def lock(self, identity: Identity) -> None:
        """End the session that asks but not the shift: a PIN opens another."""
        identity.require("account:manage")
        if identity.session_id is not None:
            self._end_one(identity, identity.session_id, "session.locked", shift_too=False)

    def revoke(self, identity: Identity, session_id: str) -> None:
        """End one of the account's own sessions, and the shift on the tablet where it was opened.

        Raises
        ------
        CodedError
            `not_found` when it is not one of them, or has ended.
        """
        identity.require("account:manage")
        self._end_one(identity, session_id, "session.closed", shift_too=True)

    def revoke_all(self, identity: Identity, *, keep_current: bool) -> Revoked:
        """End all of the account's own sessions, or all but the one that asks; one event names them."""
        identity.require("account:manage")
        with self._database.write() as connection:
            ended = self.end_all(connection, identity.account_id, but=identity if keep_current else None)
            self._trail.record(
                connection,
                actor(identity),
                "session.all_closed",
                ("account", identity.account_id),
                after=ended_event(ended),
            )
        return Revoked(revoked=len(ended))

    def end_all(self, connection: Connection, account_id: str, *, but: Identity | None = None) -> list[str]:
        """End an account's sessions and shifts within the caller's transaction, whose event names them.

        Parameters
        ----------
        connection, account_id
            Writing; whose.
        but : Identity, optional
            Who asks, whose own session stays, and the shift that it is part of.
        """
        kept = but.session_id if but is not None else None
        ended = store.revoke_sessions(connection, account_id, self._clock.now(), but=kept)
        here = but.tablet.id if but is not None and but.tablet is not None else None
        self._shifts.end_all(connection, account_id, but=here)
        return ended

    def end_on_tablet(self, connection: Connection, tablet_id: str) -> list[str]:
        """End all sessions opened on a tablet within the caller's transaction, whose event names them."""
        return store.revoke_sessions_on(connection, tablet_id, self._clock.now())

    def _end_one(self, identity: Identity, session_id: str, action: str, *, shift_too: bool) -> None:
        with self._database.write() as connection:
            ended = store.revoke_session(connection, identity.account_id, session_id, self._clock.now())
            if ended is None:
                raise CodedError("not_found")
            if shift_too and ended.tablet_id is not None:
                self._shifts.end(connection, identity.account_id, ended.tablet_id)
            self._trail.record(connection, actor(identity), action, ("session", ended.id))


def ended_event(session_ids: list[str]) -> dict[str, Any]:
    """Sessions that ended, for the audit trail."""
    return {"sessions_closed": session_ids}


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds() // SECONDS_A_MINUTE)
