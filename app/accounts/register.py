"""The register of accounts: made, listed and given tokens by whoever runs the service, by command."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import get_args

from pwdlib import PasswordHash

from app.accounts import store
from app.accounts.service import TOKEN_BYTES, digest, identity_of
from app.audit.service import Trail
from app.domain.identity import SYSTEM, Identity
from app.domain.permissions import SCOPES, Role
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.ids import new_id

SHORTEST_PASSWORD = 12
"""Characters; length counts more than kinds of characters (NIST SP 800-63B)."""


class Register:
    """Accounts, where they belong, and service tokens.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    passwords : PasswordHash
        Argon2.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, passwords: PasswordHash) -> None:
        self._database, self._clock, self._trail, self._passwords = database, clock, trail, passwords

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
        if password is not None and len(password) < SHORTEST_PASSWORD:
            raise ValueError(f"a password has at least {SHORTEST_PASSWORD} characters")
        if role == "site_staff" and any(site is None for _, site in reach):
            raise ValueError("site staff belong to a site")
        label_fr, label_en = labels or (username, username)
        hashed = self._passwords.hash(password) if password is not None else None
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
            self._trail.record(
                connection,
                SYSTEM,
                "account.created",
                ("account", account.id),
                after={"username": username, "role": role, "belongs_to": belongs},
            )
        return account.id

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
            token_id = new_id()
            expires_at = now + lifetime
            store.insert_token(connection, token_id, digest(token), account.id, scopes, now, expires_at)
            self._trail.record(
                connection,
                SYSTEM,
                "token.issued",
                ("token", token_id),
                after={"account": account.id, "scopes": scopes, "expires_at": expires_at.isoformat()},
            )
        return token

    def known(self, username: str) -> Identity:
        """The identity of an account, for commands on the machine itself.

        Raises
        ------
        ValueError
            If there is no such account.
        """
        with self._database.read() as connection:
            row = store.by_username(connection, username)
        if row is None:
            raise ValueError(f"there is no account {username!r}")
        return identity_of(row)

    def everyone(self) -> list[tuple[str, str]]:
        """Names and roles."""
        with self._database.read() as connection:
            return [(row.username, row.role) for row in store.everyone(connection)]
