"""Phantom shots: received, measured at once, kept whatever they show, and charted for each site."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from app.audit.service import Trail
from app.captures.schemas import CriterionOut
from app.cards import store
from app.cards.measuring import measure_shot
from app.cards.schemas import DriftPointOut, PhantomShotOut, SiteDrift
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.domain.site_drift import drift_chart
from app.measuring import VERSION
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.images import check_upload
from app.studies.schemas import StudySite
from app.studies.service import Studies
from calibration.reference_slip import REFERENCE_SLIP


@dataclass(frozen=True)
class ShotUpload:
    """A phantom shot on its way in.

    Attributes
    ----------
    id : str
        32 hexadecimal digits, made by the sender.
    study_id, site_code : str
        Whose card it shows.
    taken_at : datetime
        By the camera's clock.
    content : bytes
        The file.
    media_type, sha256 : str
        As announced.
    """

    id: str
    study_id: str
    site_code: str
    taken_at: datetime
    content: bytes
    media_type: str
    sha256: str


class PhantomShots:
    """Phantom shots.

    Parameters
    ----------
    database, clock, trail, studies
        As everywhere.
    blobs : BlobStore
        Where photographs lie.
    """

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, studies: Studies, blobs: BlobStore
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._blobs = studies, blobs

    def receive(self, identity: Identity, upload: ShotUpload) -> tuple[PhantomShotOut, bool]:
        """Take a shot in, measure it, and keep it with what it gave.

        Returns
        -------
        shot : PhantomShotOut
            The same for the same bytes under the same name, any number of times.
        new : bool
            False when it had been received before.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`, `shot_id_taken`, or why the file is no photograph.
        """
        identity.require("card:record")
        digest = hashlib.sha256(upload.content).hexdigest()
        with self._database.read() as connection:
            site_id = self._studies.site_id(connection, identity, upload.study_id, upload.site_code)
            version, protocol = self._studies.current(connection, identity, upload.study_id)
            known = store.shot_by_id(connection, upload.id)
        if known is not None:
            return _same(known, site_id, digest), False
        check_upload(upload.content, digest, announced=(upload.sha256, upload.media_type))
        finding = measure_shot(upload.content, protocol.gate)
        self._blobs.put(upload.content)
        values = {
            "sha256": digest,
            "size_bytes": len(upload.content),
            "media_type": upload.media_type,
            "protocol_version": version,
            "state": finding.state,
            "true_area_mm2": REFERENCE_SLIP.area_mm2,
            "area_mm2": finding.area_mm2,
            "version": VERSION,
        }
        return self._commit(identity, upload, site_id, values, finding.criteria())

    def _commit(
        self,
        identity: Identity,
        upload: ShotUpload,
        site_id: str,
        values: dict[str, Any],
        quality: list[dict[str, Any]],
    ) -> tuple[PhantomShotOut, bool]:
        with self._database.write() as connection:
            # The same photograph may have arrived by another connection meanwhile.
            store.lock_site(connection, site_id)
            known = store.shot_by_id(connection, upload.id)
            if known is not None:
                return _same(known, site_id, values["sha256"]), False
            unmet = [item["code"] for item in quality if not item["passed"]]
            self._trail.record(
                connection,
                actor(identity),
                f"phantom_shot.{values['state']}",
                ("phantom_shot", upload.id),
                study_id=upload.study_id,
                after=values | {"site_code": upload.site_code, "taken_at": upload.taken_at.isoformat()},
                reason=", ".join(unmet) or None,
            )
            store.insert_shot(
                connection,
                id=upload.id,
                study_id=upload.study_id,
                site_id=site_id,
                taken_at=upload.taken_at,
                received_at=self._clock.now(),
                received_by=identity.account_id,
                quality=quality,
                **values,
            )
            return _wire(_stored(connection, upload.id)), True

    def shots(self, identity: Identity, study_id: str) -> list[PhantomShotOut]:
        """The shots of the sites within the account's reach, each site's in the order of taking.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`.
        """
        identity.require("card:read")
        with self._database.read() as connection:
            self._studies.current(connection, identity, study_id)
            return [_wire(row) for row in store.visible_shots(connection, identity.account_id, study_id)]

    def drift(self, identity: Identity, study_id: str) -> list[SiteDrift]:
        """The control chart of every site of the study, those without a shot too.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`.
        """
        identity.require("drift:read")
        with self._database.read() as connection:
            _, protocol = self._studies.current(connection, identity, study_id)
            rows = store.visible_shots(connection, identity.account_id, study_id)
        every_days = protocol.capture.phantom_shot_every_days
        taken = {site: [_wire(row) for row in own] for site, own in groupby(rows, lambda row: row.site_code)}
        (study,) = [study for study in self._studies.visible(identity) if study.id == study_id]
        return [_chart(site, taken.get(site.code, []), every_days) for site in study.sites]


def _chart(site: StudySite, shots: list[PhantomShotOut], every_days: int | None) -> SiteDrift:
    measured = [(shot, shot.deviation_percent) for shot in shots if shot.deviation_percent is not None]
    chart = drift_chart([deviation for _, deviation in measured])
    return SiteDrift(
        site_code=site.code,
        site_name=site.name,
        centre_percent=chart.centre_percent,
        lower_percent=chart.lower_percent,
        upper_percent=chart.upper_percent,
        points=[
            DriftPointOut(
                shot_id=shot.id,
                taken_at=shot.taken_at,
                deviation_percent=deviation,
                signals=list(point.signals),
            )
            for (shot, deviation), point in zip(measured, chart.points, strict=True)
        ],
        refused=len(shots) - len(measured),
        next_due_on=(
            (measured[-1][0].taken_at + timedelta(days=every_days)).date()
            if measured and every_days is not None
            else None
        ),
    )


def _same(known: Record, site_id: str, digest: str) -> PhantomShotOut:
    if (known.site_id, known.sha256) != (site_id, digest):
        raise CodedError("shot_id_taken")
    return _wire(known)


def _stored(connection: Connection, shot_id: str) -> Record:
    row = store.shot_by_id(connection, shot_id)
    if row is None:
        raise CodedError("not_found")
    return row


def _wire(row: Record) -> PhantomShotOut:
    deviation = None if row.area_mm2 is None else 100 * (row.area_mm2 / row.true_area_mm2 - 1)
    return PhantomShotOut(
        id=row.id,
        site_code=row.site_code,
        taken_at=row.taken_at,
        received_at=row.received_at,
        state=row.state,
        area_mm2=row.area_mm2,
        true_area_mm2=row.true_area_mm2,
        deviation_percent=deviation,
        quality=[CriterionOut(**criterion) for criterion in row.quality],
    )
