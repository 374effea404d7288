"""Signing in, finding out who asks, and confirming it for a signature."""

from __future__ import annotations

from typing import Any

from app.accounts import store
from app.accounts.proving import DEMO_PASSWORD, SIGN_IN, SIGNATURE, Proof, Proving
from app.accounts.schemas import DemoAccount, Me, SiteOut
from app.accounts.sessions import Sessions, digest, identity_of
from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.tablets.shifts import Place


class Accounts:
    """Accounts at the door.

    Parameters
    ----------
    database, clock
        As everywhere.
    sessions, proving
        Of accounts.
    demo : bool
        Whether accounts may be entered without a password.
    provider_label : str
        Name of the OpenID provider that the sign-in page offers; empty without one.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sessions: Sessions,
        proving: Proving,
        *,
        demo: bool,
        provider_label: str = "",
    ) -> None:
        self._database, self._clock, self.demo = database, clock, demo
        self._sessions, self._proving, self._provider_label = sessions, proving, provider_label

    def sign_in(self, proof: Proof, device: str | None = None, tablet_token: str = "") -> tuple[str, Me]:
        """Open a session; on an enrolled tablet the person's shift begins.

        Returns
        -------
        token : str
            For the cookie; only its hash is stored.
        me : Me
            The account.

        Raises
        ------
        CodedError
            `login_refused`, whatever the cause: it does not tell which names exist. `second_factor_needed`
            after a right password of an account with a second factor.
        """

        def enter(connection: Connection, account: Record) -> tuple[str, Me]:
            by = "password and code" if proof.code else "password"
            return self._enter(connection, account, device, by, tablet_token)

        return self._proving.prove(proof, SIGN_IN, enter)

    def demo_session(
        self, username: str, device: str | None = None, tablet_token: str = ""
    ) -> tuple[str, Me]:
        """Open a session without a password: in the demo, where nothing is real.

        Raises
        ------
        CodedError
            `not_found` outside the demo or for an unknown name.
        """
        if not self.demo:
            raise CodedError("not_found")
        with self._database.write() as connection:
            account = store.by_username(connection, username)
            if account is None or account.closed_at is not None:
                raise CodedError("not_found")
            return self._enter(connection, account, device, "demo", tablet_token)

    def enter_at(
        self, connection: Connection, account: Record, device: str | None, by: str, place: Place
    ) -> tuple[str, Me]:
        """Open a session of an account that was proven otherwise, within the caller's transaction."""
        token = self._sessions.open_at(connection, account, device, by, place)
        return token, self._me(connection, account)

    def confirm(self, identity: Identity, password: str, second_factor: str | None = None) -> None:
        """Make sure, before a signature, that it is still the account's holder who asks.

        Parameters
        ----------
        identity : Identity
            Signed in.
        password : str
            Again. In the demo, where accounts have none: `DEMO_PASSWORD`, which `Me.demo_password` tells.
        second_factor : str, optional
            A code; when given it must be right, and is used up.

        Raises
        ------
        CodedError
            `signature_refused`: counted towards the lockout and recorded. An account that only signs in by
            an OpenID provider has no password and cannot sign. `forbidden` to a service token.
        """
        identity.require("account:manage")
        self._proving.prove(Proof(identity.username, password, second_factor), SIGNATURE, lambda *_: None)

    def doorway(self) -> dict[str, Any] | None:
        """What the sign-in page needs to know: the demo's accounts, the OpenID provider; None for neither."""
        known: dict[str, Any] = {}
        if self.demo:
            with self._database.read() as connection:
                accounts = _demo_accounts(store.everyone(connection))
            known["demo_accounts"] = [account.model_dump() for account in accounts]
        if self._provider_label:
            known["provider"] = self._provider_label
        return known or None

    def by_session(self, token: str, tablet_token: str) -> Identity | None:
        """Who holds this session's token, and its tablet's if it was opened on one."""
        return self._sessions.holder(token, tablet_token)

    def by_service_token(self, token: str) -> Identity | None:
        """Who holds this service token."""
        with self._database.read() as connection:
            row = store.token_account(connection, digest(token), self._clock.now())
        return identity_of(row, frozenset(row.scopes)) if row else None

    def me(self, identity: Identity) -> Me:
        """The account, for its holder."""
        with self._database.read() as connection:
            account = store.by_username(connection, identity.username)
            if account is None:
                raise CodedError("not_signed_in")
            return self._me(connection, account)

    def _enter(
        self, connection: Connection, account: Record, device: str | None, by: str, tablet_token: str
    ) -> tuple[str, Me]:
        token = self._sessions.open(connection, account, device, by, tablet_token)
        return token, self._me(connection, account)

    def _me(self, connection: Connection, account: Record) -> Me:
        sites = [SiteOut(code=row.code, name=row.name) for row in store.own_sites(connection, account.id)]
        return Me(
            username=account.username,
            role=account.role,
            sites=sites,
            demo=self.demo,
            demo_accounts=_demo_accounts(store.everyone(connection)) if self.demo else [],
            demo_password=DEMO_PASSWORD if self.demo else None,
        )


def _demo_accounts(rows: list[Record]) -> list[DemoAccount]:
    return [
        DemoAccount(username=row.username, role=row.role, label_fr=row.label_fr, label_en=row.label_en)
        for row in rows
        if row.role != "pipeline"
    ]
