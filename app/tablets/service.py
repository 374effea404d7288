"""The study's tablets: announced, listed and revoked by the data manager."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from app.accounts.sessions import Sessions
from app.audit.service import Trail
from app.domain import enrolment_code
from app.domain.errors import CodedError
from app.domain.identity import SYSTEM, Actor, Identity, actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.studies.service import Studies
from app.tablets import store
from app.tablets.enrolment import Enrolment, record
from app.tablets.schemas import NewTablet, NewTabletOut, TabletOut

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
    enrolment : Enrolment
        Makes the codes.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        studies: Studies,
        sessions: Sessions,
        enrolment: Enrolment,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._sessions, self._enrolment = studies, sessions, enrolment
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
        code, hashed = self._enrolment.new_code()
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
        code, hashed = self._enrolment.new_code()
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
            If there is no such tablet, or no reason.
        """
        if not reason.strip():
            raise ValueError("say why the tablet is revoked")
        with self._database.write() as connection:
            row = store.by_id(connection, tablet_id)
            if row is None:
                raise ValueError(f"there is no tablet {tablet_id!r}")
            return self._revoke(connection, SYSTEM, row, reason)

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
        record(self._trail, connection, who, "tablet.announced", row, {"name": name, "site": row.site_code})
        return row

    def _revoke(self, connection: Connection, who: Actor, row: Record, reason: str) -> TabletOut:
        if row.revoked_at is not None:
            return _wire(row)
        store.update(connection, row.id, revoked_at=self._clock.now())
        store.void_code(connection, row.id)
        ended = self._sessions.end_on_tablet(connection, row.id)
        pins = store.forget_people(connection, row.id)
        after = {"name": row.name, "sessions_closed": ended, "pins_voided": pins}
        record(self._trail, connection, who, "tablet.revoked", row, after, reason)
        return _wire(_there(store.by_id(connection, row.id)))


def _there(row: Record | None) -> Record:
    if row is None:
        raise CodedError("not_found")
    return row


def _wire(row: Record) -> TabletOut:
    return TabletOut(**{name: row._mapping[name] for name in TabletOut.model_fields})


def _with_code(row: Record, code: str) -> NewTabletOut:
    return NewTabletOut(**_wire(row).model_dump(), enrolment_code=enrolment_code.shown(code))
