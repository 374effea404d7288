"""What a person does with their own account: password and second factor."""

from __future__ import annotations

from app.accounts import store
from app.accounts.proving import OWN_CHANGE, Proof, Proving
from app.accounts.schemas import Enrolment, RecoveryCodes, SecondFactorOut
from app.accounts.second_factor import SecondFactors
from app.accounts.sessions import Sessions, ended_event
from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.database import Connection, Database, Record


class OwnAccount:
    """Changes that a person makes to their own account; each asks for the password again.

    Parameters
    ----------
    database, trail
        As everywhere.
    proving, sessions, factors
        Of accounts.
    """

    def __init__(
        self,
        database: Database,
        trail: Trail,
        proving: Proving,
        sessions: Sessions,
        factors: SecondFactors,
    ) -> None:
        self._database, self._trail = database, trail
        self._proving, self._sessions, self._factors = proving, sessions, factors

    def change_password(self, identity: Identity, old: str, code: str | None, new: str) -> None:
        """Replace the password; every other session of the account ends.

        Raises
        ------
        CodedError
            `password_too_short`, `password_refused`, `second_factor_needed`.
        """
        identity.require("account:manage")
        hashed = self._proving.hashed(new)

        def change(connection: Connection, account: Record) -> None:
            if account.password_hash is None:
                raise CodedError("forbidden")  # the demo's password is everybody's
            store.set_password(connection, account.id, hashed)
            ended = self._sessions.end_all(connection, account.id, but=identity)
            self._record(connection, identity, "account.password_changed", ended_event(ended))

        self._proving.prove(Proof(identity.username, old, code), OWN_CHANGE, change)

    def second_factor(self, identity: Identity) -> SecondFactorOut:
        """Whether there is a second factor."""
        identity.require("account:manage")
        with self._database.read() as connection:
            return self._factors.state(connection, identity.account_id)

    def begin_second_factor(self, identity: Identity, password: str) -> Enrolment:
        """Make a secret for the authenticator app; it counts once its first code has come.

        Raises
        ------
        CodedError
            `password_refused`, `second_factor_present`.
        """
        identity.require("account:manage")

        def begin(connection: Connection, account: Record) -> Enrolment:
            enrolment = self._factors.begin(connection, account)
            self._record(connection, identity, "second_factor.begun")
            return enrolment

        with self._database.read() as connection:
            if self._factors.enabled(connection, identity.account_id):
                raise CodedError("second_factor_present")
        return self._proving.prove(Proof(identity.username, password), OWN_CHANGE, begin)

    def enable_second_factor(self, identity: Identity, code: str) -> RecoveryCodes:
        """Enable what was begun, with its first code; a wrong one counts as a refused password does.

        Raises
        ------
        CodedError
            `code_refused`.
        """
        identity.require("account:manage")
        with self._database.write() as connection:
            codes = self._factors.enable(connection, identity.account_id, code)
            if codes is not None:
                self._record(connection, identity, "second_factor.enabled")
                return RecoveryCodes(recovery_codes=codes)
            self._proving.failed_code(connection, identity.username)
        raise CodedError("code_refused")

    def remove_second_factor(self, identity: Identity, password: str, code: str) -> None:
        """Remove the second factor.

        Raises
        ------
        CodedError
            `password_refused`.
        """
        identity.require("account:manage")

        def remove(connection: Connection, account: Record) -> None:
            self._factors.remove(connection, account.id)
            self._record(connection, identity, "second_factor.removed")

        self._proving.prove(Proof(identity.username, password, code), OWN_CHANGE, remove)

    def _record(
        self,
        connection: Connection,
        identity: Identity,
        action: str,
        after: dict[str, list[str]] | None = None,
    ) -> None:
        subject = ("account", identity.account_id)
        self._trail.record(connection, actor(identity), action, subject, after=after)
