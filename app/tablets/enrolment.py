"""Enrolling a device by a code: made for the data manager, typed on the tablet, used up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from pwdlib import PasswordHash

from app.accounts.sessions import TOKEN_BYTES, digest
from app.audit.service import Trail
from app.domain import enrolment_code as codes
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, Actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.tablets import store
from app.tablets.schemas import TabletHere


class Enrolment:
    """Codes that enrol a tablet.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    passwords : PasswordHash
        Argon2: forty random bits cannot be searched through it within a code's hour.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, passwords: PasswordHash) -> None:
        self._database, self._clock, self._trail, self._passwords = database, clock, trail, passwords

    def new_code(self) -> tuple[str, str]:
        """A code that begins like no other, and what is stored in its place."""
        with self._database.read() as connection:
            taken = store.selectors(connection)
        while True:
            code = "".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LENGTH))
            if codes.selector(code) not in taken:
                return code, self._passwords.hash(code)

    def enrol(self, typed: str) -> tuple[str, TabletHere]:
        """Enrol the device on which the code was typed; the code is used up.

        Returns
        -------
        token : str
            For the tablet's cookie; only its hash is stored.
        here : TabletHere
            The tablet, with nobody on it yet.

        Raises
        ------
        CodedError
            `enrolment_refused`, whatever the cause. Wrong codes are counted against the tablet whose code
            begins alike; those that begin like none are not recorded: anybody could fill the trail with them.
        """
        code = codes.normal(typed)
        if code is None:
            raise CodedError("enrolment_refused")
        with self._database.read() as connection:
            known = store.by_selector(connection, codes.selector(code))
        if known is None:
            raise CodedError("enrolment_refused")
        # Slow on purpose, hence outside of any writing transaction.
        right = self._passwords.verify(code, known.code_hash)
        with self._database.write() as connection:
            row = store.by_selector(connection, codes.selector(code), lock=True)
            same = row is not None and row.code_hash == known.code_hash
            if row is not None and same and self._clock.now() < row.code_expires_at:
                if right:
                    return self._enrolled(connection, row)
                self._count_wrong(connection, row)
        # Outside: the transaction that counted the failure is committed.
        raise CodedError("enrolment_refused")

    def _enrolled(self, connection: Connection, row: Record) -> tuple[str, TabletHere]:
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock.now()
        store.void_code(connection, row.id)
        store.update(connection, row.id, token_sha256=digest(token), enrolled_at=now, last_seen_at=now)
        after = {"name": row.name, "site": row.site_code}
        record(self._trail, connection, NOBODY, "tablet.enrolled", row, after)
        return token, TabletHere(name=row.name, site_code=row.site_code, people=[])

    def _count_wrong(self, connection: Connection, row: Record) -> None:
        wrong = row.wrong_codes + 1
        store.update(connection, row.id, wrong_codes=wrong)
        void = wrong >= codes.TRIES
        if void:
            store.void_code(connection, row.id)
        reason = "wrong code, now void" if void else "wrong code"
        record(self._trail, connection, NOBODY, "tablet.code_refused", row, None, reason)


def record(
    trail: Trail,
    connection: Connection,
    who: Actor,
    action: str,
    tablet: Record,
    after: Mapping[str, Any] | None,
    reason: str | None = None,
) -> None:
    """Append an event of a tablet within the caller's transaction."""
    trail.record(
        connection,
        who,
        action,
        ("tablet", tablet.id),
        study_id=tablet.study_id,
        after=after,
        reason=reason,
    )
