"""The study's tablets: announced and revoked by the data manager, enrolled by a code."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pwdlib import PasswordHash

from app.accounts.sessions import TOKEN_BYTES, Sessions, digest
from app.audit.service import Trail
from app.domain import enrolment_code
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, SYSTEM, Actor, Identity, actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.studies.service import Studies
from app.tablets import store
from app.tablets.schemas import NewTablet, NewTabletOut, TabletHere, TabletOut

SEEN_GRAIN = timedelta(minutes=15)
"""How exactly it is known when a tablet was last there: a lost one is missed within hours."""


class Tablets:
    """Enrolled devices.

    Parameters
    ----------
    database, clock, trail, studies
        As everywhere.
    sessions : Sessions
        Those opened on a tablet end with it.
    passwords : PasswordHash
        Argon2, also for enrolment codes: forty random bits cannot be searched through it within their hour.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        studies: Studies,
        sessions: Sessions,
        passwords: PasswordHash,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._sessions, self._passwords = studies, sessions, passwords
        self._seen: dict[str, datetime] = {}
        self._seen_lock = threading.Lock()

    def announce(self, identity: Identity, study_id: str, new: NewTablet) -> NewTabletOut:
        """Make a place for a tablet at a site, and the code that enrols it.

        Raises
        ------
        CodedError
            `forbidden`; `not_found` when study or site are out of reach.
        """
        identity.require("tablet:manage")
        code, hashed = self._new_code()
        with self._database.write() as connection:
            site_id = self._studies.site_id(connection, identity, study_id, new.site_code)
            row = self._insert(connection, actor(identity), (study_id, site_id), new.name, code, hashed)
        return _with_code(row, code)

    def announce_by_command(self, study_code: str, site_code: str, name: str) -> NewTabletOut:
        """The same, for whoever runs the service.

        Raises
        ------
        ValueError
            If there is no such study or site.
        """
        study_id, sites = self._studies.site_ids(study_code)
        if site_code not in sites:
            raise ValueError(f"the study has no site {site_code!r}; there are: {', '.join(sorted(sites))}")
        code, hashed = self._new_code()
        with self._database.write() as connection:
            row = self._insert(connection, SYSTEM, (study_id, sites[site_code]), name, code, hashed)
        return _with_code(row, code)

    def tablets(self, identity: Identity, study_id: str) -> list[TabletOut]:
        """The study's tablets, by site and name.

        Raises
        ------
        CodedError
            `not_found` when the study is out of reach.
        """
        identity.require("tablet:manage")
        with self._database.read() as connection:
            self._studies.current(connection, identity, study_id)
            return [_wire(row) for row in store.visible(connection, identity.account_id, study_id)]

    def listed(self, study_code: str) -> list[TabletOut]:
        """The same, for whoever runs the service."""
        study_id, _ = self._studies.site_ids(study_code)
        with self._database.read() as connection:
            return [_wire(row) for row in store.of_study(connection, study_id)]

    def revoke(self, identity: Identity, tablet_id: str, reason: str) -> TabletOut:
        """End a tablet: its cookie, its code, every session opened on it, every PIN; again changes nothing.

        Raises
        ------
        CodedError
            `forbidden`; `reason_missing`; `not_found` when it is out of reach.
        """
        identity.require("tablet:manage")
        if not reason:
            raise CodedError("reason_missing")
        with self._database.write() as connection:
            row = store.visible_one(connection, identity.account_id, tablet_id)
            if row is None:
                raise CodedError("not_found")
            return self._revoke(connection, actor(identity), row, reason)

    def revoke_by_command(self, tablet_id: str, reason: str) -> TabletOut:
        """The same, for whoever runs the service.

        Raises
        ------
        ValueError
            If there is no such tablet.
        """
        with self._database.write() as connection:
            row = store.by_id(connection, tablet_id)
            if row is None:
                raise ValueError(f"there is no tablet {tablet_id!r}")
            return self._revoke(connection, SYSTEM, row, reason)

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
        code = enrolment_code.normal(typed)
        selector = enrolment_code.selector(code) if code else ""
        with self._database.read() as connection:
            known = store.by_selector(connection, selector)
        if code is None or known is None:
            raise CodedError("enrolment_refused")
        right = self._passwords.verify(code, known.code_hash)  # slow on purpose, hence outside of any writing
        with self._database.write() as connection:
            row = store.by_selector(connection, selector, lock=True)
            if (
                row is not None
                and row.code_hash == known.code_hash
                and self._clock.now() < row.code_expires_at
            ):
                if right:
                    return self._enrolled(connection, row)
                self._count_wrong(connection, row)
        raise CodedError("enrolment_refused")

    def note_seen(self, tablet_id: str) -> None:
        """Remember that a tablet was there, to `SEEN_GRAIN`; between, nothing is written."""
        now = self._clock.now()
        with self._seen_lock:
            last = self._seen.get(tablet_id)
            if last is not None and now - last < SEEN_GRAIN:
                return
            self._seen[tablet_id] = now
        with self._database.write() as connection:
            store.note_seen(connection, tablet_id, now, now - SEEN_GRAIN)

    def _new_code(self) -> tuple[str, str]:
        with self._database.read() as connection:
            taken = store.selectors(connection)
        while True:
            code = "".join(secrets.choice(enrolment_code.ALPHABET) for _ in range(enrolment_code.LENGTH))
            if enrolment_code.selector(code) not in taken:
                return code, self._passwords.hash(code)

    def _insert(
        self,
        connection: Connection,
        who: Actor,
        place: tuple[str, str],
        name: str,
        code: str,
        code_hash: str,
    ) -> Record:
        tablet_id, (study_id, site_id), now = new_id(), place, self._clock.now()
        store.insert(
            connection,
            id=tablet_id,
            study_id=study_id,
            site_id=site_id,
            name=name,
            code_selector=enrolment_code.selector(code),
            code_hash=code_hash,
            code_expires_at=now + enrolment_code.GOOD_FOR,
            created_at=now,
        )
        row = _there(store.by_id(connection, tablet_id))
        self._record(connection, who, "tablet.announced", row, {"name": name, "site": row.site_code})
        return row

    def _enrolled(self, connection: Connection, row: Record) -> tuple[str, TabletHere]:
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock.now()
        store.void_code(connection, row.id)
        store.update(connection, row.id, token_sha256=digest(token), enrolled_at=now, last_seen_at=now)
        self._record(connection, NOBODY, "tablet.enrolled", row, {"name": row.name, "site": row.site_code})
        return token, TabletHere(name=row.name, site_code=row.site_code, people=[])

    def _count_wrong(self, connection: Connection, row: Record) -> None:
        wrong = row.wrong_codes + 1
        store.update(connection, row.id, wrong_codes=wrong)
        void = wrong >= enrolment_code.TRIES
        if void:
            store.void_code(connection, row.id)
        reason = "wrong code, now void" if void else "wrong code"
        self._record(connection, NOBODY, "tablet.code_refused", row, None, reason)

    def _revoke(self, connection: Connection, who: Actor, row: Record, reason: str) -> TabletOut:
        if row.revoked_at is not None:
            return _wire(row)
        store.update(connection, row.id, revoked_at=self._clock.now())
        store.void_code(connection, row.id)
        ended = self._sessions.end_on_tablet(connection, row.id)
        pins = store.forget_people(connection, row.id)
        after = {"name": row.name, "sessions_closed": ended, "pins_voided": pins}
        self._record(connection, who, "tablet.revoked", row, after, reason)
        return _wire(_there(store.by_id(connection, row.id)))

    def _record(
        self,
        connection: Connection,
        who: Actor,
        action: str,
        row: Record,
        after: Mapping[str, Any] | None,
        reason: str | None = None,
    ) -> None:
        subject = ("tablet", row.id)
        self._trail.record(
            connection, who, action, subject, study_id=row.study_id, after=after, reason=reason
        )


def _there(row: Record | None) -> Record:
    if row is None:
        raise CodedError("not_found")
    return row


def _wire(row: Record) -> TabletOut:
    return TabletOut(**{name: row._mapping[name] for name in TabletOut.model_fields})


def _with_code(row: Record, code: str) -> NewTabletOut:
    return NewTabletOut(**_wire(row).model_dump(), enrolment_code=enrolment_code.shown(code))
