"""Signing in and out, and finding out who asks."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pwdlib import PasswordHash

from app.accounts import store
from app.accounts.schemas import DemoAccount, Me, SiteOut
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, Actor, Identity
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Lockout:
    """After how many refused log-ins an account is closed, and for how long."""

    failures: int
    duration: timedelta


def digest(token: str) -> str:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """Accounts and their sessions.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    session_length : timedelta
        After which a person signs in again.
    lockout : Lockout
        Against guessing.
    demo : bool
        Whether accounts may be entered without a password.
    passwords : PasswordHash
        Argon2.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        *,
        session_length: timedelta,
        lockout: Lockout,
        demo: bool,
        passwords: PasswordHash,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._session_length, self._lockout, self.demo = session_length, lockout, demo
        self._passwords = passwords
        # Verified when there is no such account, so that the time taken does not tell.
        self._nobodys_hash = self._passwords.hash(secrets.token_hex(16))

    def sign_in(self, username: str, password: str) -> tuple[str, Me]:
        """Open a session.

        Returns
        -------
        token : str
            For the cookie; only its hash is stored.
        me : Me
            The account.

        Raises
        ------
        CodedError
            `login_refused`, whatever the cause: it does not tell which names exist.
        """
        with self._database.read() as connection:
            account = store.by_username(connection, username)
        stored = account.password_hash if account is not None else None
        right = self._passwords.verify(password, stored or self._nobodys_hash) and stored is not None
        if account is None:
            self._refuse(username, "unknown account")
        with self._database.write() as connection:
            refusal = self._count(connection, username, right)
            if refusal is None:
                return self._open_session(connection, username)
        raise CodedError("login_refused")

    def demo_session(self, username: str) -> tuple[str, Me]:
        """Open a session without a password: in the demo, where nothing is real.

        Raises
        ------
        CodedError
            `not_found` outside the demo or for an unknown name.
        """
        if not self.demo:
            raise CodedError("not_found")
        with self._database.write() as connection:
            if store.by_username(connection, username) is None:
                raise CodedError("not_found")
            return self._open_session(connection, username)

    def doorway(self) -> dict[str, Any] | None:
        """What the demo's pages offer before anybody is signed in: its accounts; None outside the demo."""
        if not self.demo:
            return None
        with self._database.read() as connection:
            accounts = _demo_accounts(store.everyone(connection))
        return {"demo_accounts": [account.model_dump() for account in accounts]}

    def sign_out(self, token: str, identity: Identity) -> None:
        """End a session for good."""
        with self._database.write() as connection:
            ended = store.revoke_session(connection, digest(token), self._clock.now())
            if ended is not None:
                who = Actor(identity.username, identity.role)
                self._trail.record(connection, who, "session.closed", ("session", ended))

    def by_session(self, token: str) -> Identity | None:
        """Who holds this session's token."""
        with self._database.read() as connection:
            row = store.session_account(connection, digest(token), self._clock.now())
        return identity_of(row) if row else None

    def by_service_token(self, token: str) -> Identity | None:
        """Who holds this service token."""
        with self._database.read() as connection:
            row = store.token_account(connection, digest(token), self._clock.now())
        return identity_of(row, frozenset(row.scopes)) if row else None

    def me(self, identity: Identity) -> Me:
        """The account, for its holder."""
        with self._database.read() as connection:
            return self._me(connection, identity.username)

    def _count(self, connection: Connection, username: str, right: bool) -> str | None:
        """Under the account's lock: whether the log-in is refused, and why."""
        account = store.by_username(connection, username, lock=True)
        if account is None:
            return "unknown account"
        now = self._clock.now()
        if account.locked_until is not None and account.locked_until > now:
            self._note_refusal(connection, account, "locked")
            return "locked"
        if right:
            store.note_failure(connection, account.id, 0, None)
            return None
        failures = account.failed_logins + 1
        locked = failures >= self._lockout.failures
        until = now + self._lockout.duration if locked else None
        store.note_failure(connection, account.id, 0 if locked else failures, until)
        self._note_refusal(connection, account, "wrong password, now locked" if locked else "wrong password")
        return "wrong password"

    def _note_refusal(self, connection: Connection, account: Record, reason: str) -> None:
        who = Actor(account.username, account.role)
        self._trail.record(connection, who, "login.refused", ("account", account.id), reason=reason)

    def _refuse(self, username: str, reason: str) -> None:
        # The name is kept as a hash: people type their password into the wrong field.
        self._trail.record_refusal(NOBODY, "login.refused", ("username_sha256", digest(username)), reason)
        raise CodedError("login_refused")

    def _open_session(self, connection: Connection, username: str) -> tuple[str, Me]:
        account = store.by_username(connection, username)
        if account is None:
            raise CodedError("login_refused")
        token, session_id, now = secrets.token_urlsafe(TOKEN_BYTES), new_id(), self._clock.now()
        store.insert_session(
            connection, session_id, digest(token), account.id, now, now + self._session_length
        )
        who = Actor(account.username, account.role)
        self._trail.record(connection, who, "session.opened", ("session", session_id))
        return token, self._me(connection, username)

    def _me(self, connection: Connection, username: str) -> Me:
        account = store.by_username(connection, username)
        if account is None:
            raise CodedError("not_signed_in")
        sites = [SiteOut(code=row.code, name=row.name) for row in store.own_sites(connection, account.id)]
        return Me(
            username=account.username,
            role=account.role,
            sites=sites,
            demo=self.demo,
            demo_accounts=_demo_accounts(store.everyone(connection)) if self.demo else [],
        )


def _demo_accounts(rows: list[Record]) -> list[DemoAccount]:
    return [
        DemoAccount(username=row.username, role=row.role, label_fr=row.label_fr, label_en=row.label_en)
        for row in rows
        if row.role != "pipeline"
    ]


def identity_of(row: Record, scopes: frozenset[str] | None = None) -> Identity:
    """An account's row as the rules know it."""
    return Identity(row.id, row.username, row.role, scopes)
