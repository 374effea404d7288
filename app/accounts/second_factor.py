"""The second factor: an authenticator app's codes, and recovery codes for a lost telephone."""

from __future__ import annotations

import base64
import secrets

import structlog

from app.accounts import factor_store
from app.accounts.schemas import Enrolment, SecondFactorOut
from app.domain.errors import CodedError
from app.domain.one_time_code import (
    SECRET_BYTES,
    accepted_step,
    base32,
    otpauth_uri,
    recovery_digest,
)
from app.platform.clock import Clock
from app.platform.database import Connection, Record
from app.platform.keys import Keys
from app.platform.qr import qr_svg

PURPOSE = "second factor"
RECOVERY_CODES = 10
"""Given at enrolment; each is good once."""

RECOVERY_BYTES = 10
"""80 random bits a code: 16 letters and digits."""

RECOVERY_GROUP = 4
"""Letters and digits between two dashes."""

log = structlog.get_logger()


class SecondFactors:
    """Second factors of accounts; every change happens within the caller's transaction.

    Parameters
    ----------
    clock : Clock
        Codes are good for half a minute.
    keys : Keys
        Under which the shared secrets are encrypted.
    """

    def __init__(self, clock: Clock, keys: Keys) -> None:
        self._clock, self._keys = clock, keys

    def enabled(self, connection: Connection, account_id: str) -> bool:
        """Whether the account signs in with a code besides its password."""
        row = factor_store.factor(connection, account_id)
        return row is not None and row.enabled_at is not None

    def state(self, connection: Connection, account_id: str) -> SecondFactorOut:
        """Whether there is one, and how many recovery codes are left."""
        return SecondFactorOut(
            enabled=self.enabled(connection, account_id),
            recovery_codes_left=factor_store.recovery_codes_left(connection, account_id),
        )

    def begin(self, connection: Connection, account: Record) -> Enrolment:
        """Make a secret; the factor is enabled by the first code of it.

        Raises
        ------
        CodedError
            `second_factor_present`.
        """
        if self.enabled(connection, account.id):
            raise CodedError("second_factor_present")
        secret = secrets.token_bytes(SECRET_BYTES)
        sealed = self._keys.seal(PURPOSE, secret, account.id)
        factor_store.begin(connection, account.id, sealed, self._clock.now())
        uri = otpauth_uri(secret, account.username)
        return Enrolment(secret=base32(secret), otpauth_uri=uri, qr_svg=qr_svg(uri))

    def enable(self, connection: Connection, account_id: str, code: str) -> list[str] | None:
        """With the first code: enable the factor and give its recovery codes, shown this once.

        Returns
        -------
        list of str or None
            None when the code is not right, or no enrolment was begun.
        """
        row = factor_store.factor(connection, account_id, lock=True)
        if row is None or row.enabled_at is not None or not self._accept(connection, row, code):
            return None
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        digests = [recovery_digest(account_id, code) for code in codes]
        factor_store.insert_recovery_codes(connection, account_id, digests)
        return codes

    def accepts(self, connection: Connection, account_id: str, code: str) -> bool:
        """Whether the code is good; it is used up. A recovery code does as well."""
        row = factor_store.factor(connection, account_id, lock=True)
        if row is None or row.enabled_at is None:
            return False
        if self._accept(connection, row, code):
            return True
        found = recovery_digest(account_id, code)
        return factor_store.use_recovery_code(connection, account_id, found, self._clock.now())

    def remove(self, connection: Connection, account_id: str) -> None:
        """Remove the factor, its secret and its recovery codes."""
        factor_store.remove(connection, account_id)

    def _accept(self, connection: Connection, row: Record, code: str) -> bool:
        secret = self._keys.unseal(PURPOSE, row.sealed_secret, row.account_id)
        if secret is None:
            log.error("second_factor_sealed_under_another_secret")
            return False
        now = self._clock.now()
        step = accepted_step(secret, code.replace(" ", ""), now.timestamp(), row.last_step)
        if step is None:
            return False
        factor_store.note_step(connection, row.account_id, step, now)
        return True


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[i : i + RECOVERY_GROUP] for i in range(0, len(text), RECOVERY_GROUP))
