"""Signing in by an OpenID Connect provider: authorization code with PKCE, for accounts that exist already."""

from __future__ import annotations

import json
import secrets
from hmac import compare_digest
from typing import Any, NoReturn

from app.accounts import store
from app.accounts.sessions import Sessions, digest
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.id_token import claims_problem, matched_name, s256_challenge
from app.domain.identity import NOBODY
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.keys import Keys
from app.platform.openid import OpenIdProvider, ProviderError

PURPOSE = "provider sign-in"
RANDOM_BYTES = 32
"""Of state, nonce and PKCE verifier (RFC 7636 §7.1 asks for 256 bits)."""

FLOW_S = 600
"""Seconds that a person has for the provider's pages."""


class ProviderSignIn:
    """Leads to the provider, and opens a session for whom it names.

    State, nonce and verifier travel in a cookie that is encrypted and bound to the browser: nothing is stored
    for a sign-in that is never finished.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    keys : Keys
        For the cookie.
    sessions : Sessions
        Of accounts.
    provider : OpenIdProvider, optional
        None: signing in this way is off.
    claim : str
        Of the ID token: holds the account's user name.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        keys: Keys,
        sessions: Sessions,
        provider: OpenIdProvider | None,
        claim: str,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._keys, self._sessions = keys, sessions
        self._provider, self._claim = provider, claim

    def start(self) -> tuple[str, str]:
        """Address of the provider, and the cookie to come back with.

        Raises
        ------
        CodedError
            `not_found` without a provider; `provider_refused` when it cannot be reached.
        """
        provider = self._configured()
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        until = self._clock.now().timestamp() + FLOW_S
        flow = {"state": state, "nonce": nonce, "verifier": verifier, "until": until}
        try:
            address = provider.authorization_address(
                state=state, nonce=nonce, challenge=s256_challenge(verifier)
            )
        except ProviderError:
            raise CodedError("provider_refused") from None
        return address, self._keys.seal(PURPOSE, json.dumps(flow).encode(), PURPOSE)

    def finish(self, code: str, state: str, cookie: str, device: str, tablet_token: str = "") -> str:
        """Open a session for whom the provider names.

        Parameters
        ----------
        code, state : str
            As the provider sent them back by the browser.
        cookie : str
            From `start`.
        device : str
            What the browser calls itself.
        tablet_token : str, optional
            The tablet's cookie, where the browser has one.

        Returns
        -------
        str
            The session's token.

        Raises
        ------
        CodedError
            `provider_refused`, recorded with its cause; `not_found` without a provider.
        """
        provider = self._configured()
        flow = self._flow(cookie, state)
        try:
            claims = provider.claims(code, flow["verifier"])
        except ProviderError as error:
            self._refuse(f"provider: {error}")
        self._believe(claims, flow["nonce"], provider)
        return self._open(claims, device, tablet_token)

    def _configured(self) -> OpenIdProvider:
        if self._provider is None:
            raise CodedError("not_found")
        return self._provider

    def _flow(self, cookie: str, state: str) -> dict[str, Any]:
        opened = self._keys.unseal(PURPOSE, cookie, PURPOSE)
        flow: dict[str, Any] = json.loads(opened) if opened else {}
        if not flow or not compare_digest(flow["state"].encode(), state.encode()):
            self._refuse("state")
        if flow["until"] < self._clock.now().timestamp():
            self._refuse("too late")
        return flow

    def _believe(self, claims: dict[str, Any], nonce: str, provider: OpenIdProvider) -> None:
        problem = claims_problem(
            claims,
            issuer=provider.client.issuer,
            client_id=provider.client.client_id,
            nonce=nonce,
            unix_s=self._clock.now().timestamp(),
        )
        if problem is not None:
            self._refuse(f"ID token: {problem}")

    def _open(self, claims: dict[str, Any], device: str, tablet_token: str) -> str:
        name = matched_name(claims, self._claim)
        if name is None:
            self._refuse(f"no claim {self._claim}")
        with self._database.write() as connection:
            account = store.by_username(connection, name)
            if account is not None and account.closed_at is None and account.role != "pipeline":
                return self._sessions.open(connection, account, device, "provider", tablet_token)
        self._refuse("no open account", name)

    def _refuse(self, reason: str, name: str | None = None) -> NoReturn:
        subject = ("username_sha256", digest(name)) if name else ("sign_in", "provider")
        self._trail.record_refusal(NOBODY, "login.refused", subject, reason)
        raise CodedError("provider_refused")
