"""Studies and their protocols, each change of a protocol a new version."""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache

from app.audit.service import Trail
from app.domain.audit_chain import canonical
from app.domain.errors import CodedError
from app.domain.identity import SYSTEM, Identity
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.studies import store
from app.studies.schemas import EpithelialisationRule, Protocol, Sentence, StudyOut, StudySite, VisitOut
from calibration.gate_sentences import SENTENCES

TOLD_OF_CAPTURE = {"visit_questions", "phantom_shot_every_days", "check_bar_tolerance_mm"}
"""Of the protocol's plan for captures, what the pages need."""


def read_protocol(text: str) -> Protocol:
    """A protocol from its TOML file.

    Raises
    ------
    ValueError
        If it is not TOML, or not a valid protocol; the message names the place.
    """
    return Protocol.model_validate(tomllib.loads(text))


class Studies:
    """Studies.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._cached = lru_cache(maxsize=64)(self._load)

    def install(self, protocol: Protocol) -> str:
        """Store a study, or a new version of its protocol when that changed; the study's identifier."""
        content = protocol.model_dump(mode="json")
        sha256 = hashlib.sha256(canonical(content).encode()).hexdigest()
        with self._database.write() as connection:
            known = store.latest(connection, protocol.code)
            if known is not None and known.sha256 == sha256:
                study_id: str = known.id
                return study_id
            study_id, version = (known.id, known.version + 1) if known else (new_id(), 1)
            now = self._clock.now()
            if known is None:
                store.insert_study(connection, study_id, protocol.code, now)
            store.insert_protocol(connection, study_id, version, sha256, content, now)
            self._insert_new_sites(connection, study_id, protocol)
            self._trail.record(
                connection,
                SYSTEM,
                "protocol.installed",
                ("study", study_id),
                study_id=study_id,
                before={"version": known.version, "sha256": known.sha256} if known else None,
                after={"version": version, "sha256": sha256, "code": protocol.code},
            )
        return study_id

    def visible(self, identity: Identity) -> list[StudyOut]:
        """The studies of the account, with the sites it may see."""
        identity.require("study:read")
        with self._database.read() as connection:
            return [
                _wire(row, store.visible_sites(connection, identity.account_id, row.id))
                for row in store.visible(connection, identity.account_id)
            ]

    def current(self, connection: Connection, identity: Identity, study_id: str) -> tuple[int, Protocol]:
        """Version and content of the protocol in force.

        Raises
        ------
        CodedError
            `not_found` when the study is not within the account's reach.
        """
        for row in store.visible(connection, identity.account_id):
            if row.id == study_id:
                return row.version, self.protocol(study_id, row.version)
        raise CodedError("not_found")

    def where_staff_see_areas(self, connection: Connection, identity: Identity) -> frozenset[str]:
        """Those of the account's studies whose protocol shows areas to site staff."""
        return frozenset(
            row.id
            for row in store.visible(connection, identity.account_id)
            if self.protocol(row.id, row.version).site_staff_see_areas
        )

    def reached(self, connection: Connection, identity: Identity) -> frozenset[str]:
        """All of the account's studies."""
        return frozenset(row.id for row in store.visible(connection, identity.account_id))

    def protocol(self, study_id: str, version: int) -> Protocol:
        """One version, which never changes."""
        return self._cached(study_id, version)

    def site_id(self, connection: Connection, identity: Identity, study_id: str, site_code: str) -> str:
        """Identifier of a site within the account's reach.

        Raises
        ------
        CodedError
            `not_found` when it is not.
        """
        for row in store.visible_sites(connection, identity.account_id, study_id):
            if row.code == site_code:
                site_id: str = row.id
                return site_id
        raise CodedError("not_found")

    def site_ids(self, study_code: str) -> tuple[str, dict[str, str]]:
        """Identifiers of a study and of its sites, for commands on the machine itself.

        Raises
        ------
        ValueError
            If there is no study of that code.
        """
        with self._database.read() as connection:
            row = store.latest(connection, study_code)
            if row is None:
                raise ValueError(f"there is no study {study_code!r}")
            return row.id, store.site_ids(connection, row.id)

    def _load(self, study_id: str, version: int) -> Protocol:
        with self._database.read() as connection:
            return Protocol.model_validate(store.protocol(connection, study_id, version))

    def _insert_new_sites(self, connection: Connection, study_id: str, protocol: Protocol) -> None:
        present = store.site_ids(connection, study_id)
        for site in protocol.sites:
            if site.code not in present:
                store.insert_site(connection, new_id(), study_id, site.code, site.name)


def _wire(row: Record, sites: list[Record]) -> StudyOut:
    protocol = Protocol.model_validate(row.content)
    return StudyOut(
        id=row.id,
        code=row.code,
        title_fr=protocol.title_fr,
        title_en=protocol.title_en,
        protocol_version=row.version,
        visits=[VisitOut(**visit.model_dump()) for visit in protocol.visits],
        sites=[
            StudySite(code=site.code, name=site.name, print_lot=protocol.lot_in_force(site.code))
            for site in sites
        ],
        site_staff_see_areas=protocol.site_staff_see_areas,
        epithelialisation_rule=EpithelialisationRule(**protocol.epithelialisation_rule.model_dump()),
        gate=protocol.gate,
        gate_sentences={code: Sentence(fr=fr, en=en) for code, (fr, en) in SENTENCES.items()},
        print_lots=[lot.code for lot in protocol.print_lots],
        **protocol.capture.model_dump(include=TOLD_OF_CAPTURE),
    )
