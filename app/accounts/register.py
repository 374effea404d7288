"""The register of accounts: made, listed, locked and given tokens by whoever runs the service, by command."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, get_args

from pwdlib import PasswordHash

from app.accounts import store
from app.accounts.listing import AccountLine, TokenLine, account_lines, token_lines
from app.accounts.proving import SHORTEST_PASSWORD
from app.accounts.second_factor import SecondFactors
from app.accounts.sessions import TOKEN_BYTES, Sessions, digest, ended_event, identity_of
from app.audit.service import Trail
from app.domain.identity import SYSTEM, Identity
from app.domain.permissions import SCOPES, Role
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id


class Register:
    """Accounts, where they belong, and service tokens.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    passwords : PasswordHash
        Argon2.
    sessions, factors
        Of accounts.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        passwords: PasswordHash,
        sessions: Sessions,
        factors: SecondFactors,
    ) -> None:
        self._database, self._clock, self._trail, self._passwords = database, clock, trail, passwords
        self._sessions, self._factors = sessions, factors

    def add(
        self,
        username: str,
        role: str,
        *,
        password: str | None = None,
        labels: tuple[str, str] | None = None,
        reach: tuple[tuple[str, str | None], ...] = (),
    ) -> str:
        """Make an account.

        Parameters
        ----------
        username : str
            New.
        role : str
            One of the five of app.domain.permissions.
        password : str, optional
            At least 12 characters; without one nobody can sign in by password.
        labels : tuple of str, optional
            French and English description.
        reach : tuple of (study_id, site_id or None)
            Where it belongs.

        Raises
        ------
        ValueError
            If the name is taken, the role unknown, the password short, or site staff have no site.
        """
        if role not in get_args(Role):
            raise ValueError(f"unknown role {role!r}; there are: {', '.join(get_args(Role))}")
        if role == "site_staff" and any(site is None for _, site in reach):
            raise ValueError("site staff belong to a site")
        label_fr, label_en = labels or (username, username)
        hashed = self._hashed(password) if password is not None else None
        with self._database.write() as connection:
            if store.by_username(connection, username) is not None:
                raise ValueError(f"the user name {username!r} is taken")
            account = store.NewAccount(
                new_id(), username, role, label_fr, label_en, hashed, self._clock.now()
            )
            store.insert_account(connection, account)
            for study_id, site_id in reach:
                store.add_membership(connection, new_id(), account.id, study_id, site_id)
            belongs = [{"study": study_id, "site": site_id} for study_id, site_id in reach]
            after = {"username": username, "role": role, "belongs_to": belongs}
            self._record(connection, "account.created", account.id, after)
        return account.id

    def set_password(self, username: str, password: str) -> None:
        """Give an account another password; its sessions end."""
        hashed = self._hashed(password)
        with self._database.write() as connection:
            account = self._account(connection, username)
            store.set_password(connection, account.id, hashed)
            ended = ended_event(self._sessions.end_all(connection, account.id))
            self._record(connection, "account.password_set", account.id, ended)

    def lock(self, username: str, reason: str) -> None:
        """Close an account until it is unlocked: its sessions end, its tokens open nothing."""
        with self._database.write() as connection:
            account = self._account(connection, username)
            store.set_closed(connection, account.id, self._clock.now())
            ended = ended_event(self._sessions.end_all(connection, account.id))
            self._record(connection, "account.locked", account.id, ended, reason)

    def unlock(self, username: str) -> None:
        """Open an account again, also one that too many refused log-ins locked."""
        with self._database.write() as connection:
            account = self._account(connection, username)
            store.set_closed(connection, account.id, None)
            self._record(connection, "account.unlocked", account.id)

    def revoke_sessions(self, username: str) -> int:
        """End all sessions of an account; how many there were."""
        with self._database.write() as connection:
            account = self._account(connection, username)
            ended = self._sessions.end_all(connection, account.id)
            self._record(connection, "session.all_closed", account.id, ended_event(ended))
        return len(ended)

    def remove_second_factor(self, username: str) -> None:
        """Take an account's second factor away: its telephone is lost, and its recovery codes.

        Raises
        ------
        ValueError
            If it has none.
        """
        with self._database.write() as connection:
            account = self._account(connection, username)
            if not self._factors.enabled(connection, account.id):
                raise ValueError(f"{username!r} has no second factor")
            self._factors.remove(connection, account.id)
            self._record(connection, "second_factor.removed", account.id)

    def issue_token(self, username: str, scopes: list[str], lifetime: timedelta) -> str:
        """Make a service token; it is shown this once.

        Raises
        ------
        ValueError
            For an unknown account or scope, or an account that is not a pipeline's.
        """
        unknown = set(scopes) - set(SCOPES)
        if unknown or not scopes:
            raise ValueError(f"unknown scopes {sorted(unknown)}; there are: {', '.join(SCOPES)}")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock.now()
        with self._database.write() as connection:
            account = store.by_username(connection, username)
            if account is None or account.role != "pipeline":
                raise ValueError(f"{username!r} is no account of the role pipeline")
            token_id, expires_at = new_id(), now + lifetime
            store.insert_token(connection, token_id, digest(token), account.id, scopes, now, expires_at)
            after = {"account": account.id, "scopes": scopes, "expires_at": expires_at.isoformat()}
            self._trail.record(connection, SYSTEM, "token.issued", ("token", token_id), after=after)
        return token

    def revoke_token(self, token_id: str) -> None:
        """End a service token.

        Raises
        ------
        ValueError
            If there is none of that identifier, or it was revoked before.
        """
        with self._database.write() as connection:
            account_id = store.revoke_token(connection, token_id, self._clock.now())
            if account_id is None:
                raise ValueError(f"there is no token {token_id!r} to revoke")
            after = {"account": account_id}
            self._trail.record(connection, SYSTEM, "token.revoked", ("token", token_id), after=after)

    def tokens(self) -> list[TokenLine]:
        """All service tokens, latest first."""
        with self._database.read() as connection:
            return token_lines(connection, self._clock.now())

    def known(self, username: str) -> Identity:
        """The identity of an account, for commands on the machine itself.

        Raises
        ------
        ValueError
            If there is no such account.
        """
        with self._database.read() as connection:
            return identity_of(self._account(connection, username))

    def everyone(self) -> list[tuple[str, str]]:
        """Names and roles."""
        with self._database.read() as connection:
            return [(row.username, row.role) for row in store.everyone(connection)]

    def lines(self) -> list[AccountLine]:
        """All accounts by name, as they are listed."""
        with self._database.read() as connection:
            return account_lines(connection, self._clock.now())

    def _hashed(self, password: str) -> str:
        if len(password) < SHORTEST_PASSWORD:
            raise ValueError(f"a password has at least {SHORTEST_PASSWORD} characters")
        return self._passwords.hash(password)

    def _account(self, connection: Connection, username: str) -> Record:
        account = store.by_username(connection, username, lock=True)
        if account is None:
            raise ValueError(f"there is no account {username!r}")
        return account

    def _record(
        self,
        connection: Connection,
        action: str,
        account_id: str,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        subject = ("account", account_id)
        self._trail.record(connection, SYSTEM, action, subject, after=after, reason=reason)
