"""Proving who one is: password and second factor, with failures counted towards the lockout."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import TypeVar

from pwdlib import PasswordHash

from app.accounts import store
from app.accounts.second_factor import SecondFactors
from app.accounts.sessions import digest
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, Actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record

SHORTEST_PASSWORD = 12
"""Characters; length counts more than kinds of characters (NIST SP 800-63B)."""

DEMO_PASSWORD = "demonstration"  # noqa: S105  (of the demo's accounts, told on its pages)

Done = TypeVar("Done")


@dataclass(frozen=True)
class Lockout:
    """After how many refusals an account is locked, and for how long."""

    failures: int
    duration: timedelta


@dataclass(frozen=True)
class Proof:
    """What somebody offers to prove that an account is theirs."""

    username: str
    password: str
    code: str | None = None


@dataclass(frozen=True)
class Occasion:
    """What is proven for.

    Attributes
    ----------
    event : str
        Action of a refusal in the audit trail.
    error : str
        Code of a refusal.
    code_needed : bool
        Whether an account with a second factor must give a code; a code that is given must always be right.
    """

    event: str
    error: str
    code_needed: bool


SIGN_IN = Occasion("login.refused", "login_refused", code_needed=True)
SIGNATURE = Occasion("signature.refused", "signature_refused", code_needed=False)
"""Within a session, which took both factors, the password signs (21 CFR 11.200(a)(1)(i))."""

OWN_CHANGE = Occasion("password.refused", "password_refused", code_needed=True)


class Proving:
    """Checks proofs and counts failures.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    lockout : Lockout
        Against guessing.
    passwords : PasswordHash
        Argon2.
    factors : SecondFactors
        Whose codes are counted alike.
    demo : bool
        Whether accounts without a password have the demo's.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        *,
        lockout: Lockout,
        passwords: PasswordHash,
        factors: SecondFactors,
        demo: bool,
    ) -> None:
        self._database, self._clock, self._trail, self._lockout = database, clock, trail, lockout
        self._passwords, self._factors, self._demo = passwords, factors, demo
        # Verified when there is no such account, so that the time taken does not tell.
        self._nobodys_hash = self._passwords.hash(secrets.token_hex(16))

    def hashed(self, password: str) -> str:
        """A new password as it is stored.

        Raises
        ------
        CodedError
            `password_too_short`.
        """
        if len(password) < SHORTEST_PASSWORD:
            raise CodedError("password_too_short")
        return self._passwords.hash(password)

    def prove(self, proof: Proof, occasion: Occasion, act: Callable[[Connection, Record], Done]) -> Done:
        """Accept the proof and act in the same transaction; or count and record the refusal.

        Parameters
        ----------
        proof : Proof
            What is offered.
        occasion : Occasion
            What is proven for.
        act : callable
            Given the writing connection and the account; it records its own event.

        Raises
        ------
        CodedError
            The occasion's; or `second_factor_needed`, after a right password alone: whoever does not know it
            learns nothing of codes.
        """
        right = self._password_right(proof)
        with self._database.write() as connection:
            account, error = self._settled(connection, proof, right, occasion)
            if account is not None:
                return act(connection, account)
        # Outside: the transaction that counted the failure is committed.
        raise CodedError(error)

    def _password_right(self, proof: Proof) -> bool:
        # Slow on purpose, hence outside of any writing transaction.
        with self._database.read() as connection:
            account = store.by_username(connection, proof.username)
        stored = account.password_hash if account is not None else None
        right = self._passwords.verify(proof.password, stored or self._nobodys_hash) and stored is not None
        if self._demo and account is not None and stored is None:
            return compare_digest(proof.password.encode(), DEMO_PASSWORD.encode())
        return right

    def _settled(
        self, connection: Connection, proof: Proof, password_right: bool, occasion: Occasion
    ) -> tuple[Record | None, str]:
        account = store.by_username(connection, proof.username, lock=True)
        if account is None:
            self._refuse_unknown(connection, proof.username, occasion)
            return None, occasion.error
        reason = self._standing(account)
        if reason is not None:
            return self._refused(connection, account, reason, occasion)
        if not password_right:
            return self._failed(connection, account, "wrong password", occasion)
        if proof.code:
            if not self._factors.accepts(connection, account.id, proof.code):
                return self._failed(connection, account, "wrong code", occasion)
        elif occasion.code_needed and self._factors.enabled(connection, account.id):
            self._note(connection, account, "second factor asked", occasion)
            return None, "second_factor_needed"
        store.note_failure(connection, account.id, 0, None)
        return account, ""

    def failed_code(self, connection: Connection, username: str) -> None:
        """Count a wrong code where no password was asked: at enrolment."""
        account = store.by_username(connection, username, lock=True)
        if account is not None:
            self._failed(connection, account, "wrong code", OWN_CHANGE)

    def _standing(self, account: Record) -> str | None:
        if account.closed_at is not None:
            return "closed"
        if account.locked_until is not None and account.locked_until > self._clock.now():
            return "locked"
        return None

    def _failed(
        self, connection: Connection, account: Record, reason: str, occasion: Occasion
    ) -> tuple[None, str]:
        failures = account.failed_logins + 1
        locked = failures >= self._lockout.failures
        until = self._clock.now() + self._lockout.duration if locked else None
        store.note_failure(connection, account.id, 0 if locked else failures, until)
        return self._refused(connection, account, f"{reason}, now locked" if locked else reason, occasion)

    def _refused(
        self, connection: Connection, account: Record, reason: str, occasion: Occasion
    ) -> tuple[None, str]:
        self._note(connection, account, reason, occasion)
        return None, occasion.error

    def _note(self, connection: Connection, account: Record, reason: str, occasion: Occasion) -> None:
        who = Actor(account.username, account.role)
        self._trail.record(connection, who, occasion.event, ("account", account.id), reason=reason)

    def _refuse_unknown(self, connection: Connection, username: str, occasion: Occasion) -> None:
        # The name is kept as a hash: people type their password into the wrong field.
        subject = ("username_sha256", digest(username))
        self._trail.record(connection, NOBODY, occasion.event, subject, reason="unknown account")
