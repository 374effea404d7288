"""Receiving photographs: absent or whole, whatever happens to the process in between."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from app.audit.service import Trail
from app.captures import store
from app.captures.pace import Pace
from app.captures.schemas import CaptureOut, CriterionOut, MeasurementOut, Receipt
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.images import check_upload
from app.platform.jobs import AT_ONCE, IN_THE_BACKGROUND, Jobs
from app.studies.service import Studies
from app.subjects.service import Subjects
from calibration.photo import UNTOLD, Optics

PICTURES = {
    "overlay": "overlay_sha256",
    "reading-image": "reading_sha256",
    "comparison": "comparison_sha256",
}


@dataclass(frozen=True)
class Upload:
    """A photograph on its way in.

    Attributes
    ----------
    id : str
        32 hexadecimal digits, made by the sender.
    ulcer_id, visit_code : str
        What it shows, and when.
    content : bytes
        The file.
    media_type : str
        As announced.
    sha256 : str
        As announced, in lower case; empty when it was not.
    taken_at : datetime or None
        By the camera's clock.
    print_lot : str or None
        Print lot of the card as stated by the sender; else the site's is taken.
    told : Optics
        What the sender knew of the lens; taken where the file's header does not say.
    awaited : bool
        Whether somebody waits for the result; an import's photographs are measured after those.
    """

    id: str
    ulcer_id: str
    visit_code: str
    content: bytes
    media_type: str
    sha256: str
    taken_at: datetime | None
    print_lot: str | None = None
    told: Optics = UNTOLD
    awaited: bool = True


class Captures:
    """Photographs received.

    Parameters
    ----------
    database, clock, trail, studies, subjects
        As everywhere.
    blobs : BlobStore
        Where photographs lie.
    jobs : Jobs
        Who measures them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        studies: Studies,
        subjects: Subjects,
        blobs: BlobStore,
        jobs: Jobs,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._subjects, self._blobs, self._jobs = studies, subjects, blobs, jobs
        self.pace = Pace()

    def receive(self, identity: Identity, upload: Upload) -> tuple[Receipt, bool]:
        """Take a photograph in.

        The file is on disk, synced, before the one transaction that writes row, audit event and job: a
        receipt therefore never stands for less than all of them, and what has none is sent again.

        Returns
        -------
        receipt : Receipt
            The same for the same bytes under the same name, any number of times.
        new : bool
            False when it had been received before.

        Raises
        ------
        CodedError
            A refusal; it is in the audit trail, the refused bytes are not kept.
        """
        identity.require("capture:create")
        with self.pace.receiving():
            return self._receive(identity, upload)

    def _receive(self, identity: Identity, upload: Upload) -> tuple[Receipt, bool]:
        with self._database.read() as connection:
            ulcer = self._subjects.reachable(connection, identity, upload.ulcer_id)
            version, protocol = self._studies.current(connection, identity, ulcer.study_id)
            known = store.by_id(connection, upload.id)
        digest = hashlib.sha256(upload.content).hexdigest()
        try:
            if known is not None:
                return _same_receipt(known, upload, digest), False
            if protocol.capture.enrolled_tablets_only and not _at_tablet(identity, ulcer.study_id):
                raise CodedError("tablet_needed")
            if protocol.visit(upload.visit_code) is None:
                raise CodedError("unknown_visit")
            if upload.print_lot is not None and protocol.print_lot(upload.print_lot) is None:
                raise CodedError(
                    "unknown_print_lot", {"print_lots": [lot.code for lot in protocol.print_lots]}
                )
            check_upload(upload.content, digest, announced=(upload.sha256, upload.media_type))
        except CodedError as refusal:
            self._note_refusal(identity, upload, digest, refusal, ulcer.study_id)
            raise
        self._blobs.put(upload.content)
        upload = replace(upload, print_lot=upload.print_lot or protocol.lot_in_force(ulcer.site_code))
        return self._commit(identity, upload, digest, version, ulcer.study_id)

    def _commit(
        self, identity: Identity, upload: Upload, digest: str, protocol_version: int, study_id: str
    ) -> tuple[Receipt, bool]:
        now = self._clock.now()
        with self._database.write() as connection:
            # The same photograph may have arrived by another connection meanwhile.
            store.lock_ulcer(connection, upload.ulcer_id)
            known = store.by_id(connection, upload.id)
            if known is not None:
                return _same_receipt(known, upload, digest), False
            values = {
                "ulcer_id": upload.ulcer_id,
                "visit_code": upload.visit_code,
                "sha256": digest,
                "size_bytes": len(upload.content),
                "media_type": upload.media_type,
                "print_lot": upload.print_lot,
                **asdict(upload.told),
            }
            seq = self._trail.record(
                connection,
                actor(identity),
                "capture.received",
                ("capture", upload.id),
                study_id=study_id,
                after=values | {"state": "received", "protocol_version": protocol_version},
            )
            store.insert(
                connection,
                id=upload.id,
                **values,
                protocol_version=protocol_version,
                taken_at=upload.taken_at,
                received_at=now,
                received_by=identity.account_id,
                state="received",
                accepted=False,
                changed_seq=seq,
            )
            self._jobs.enqueue(
                connection, upload.id, priority=AT_ONCE if upload.awaited else IN_THE_BACKGROUND
            )
        receipt = Receipt(
            id=upload.id, sha256=digest, size_bytes=len(upload.content), received_at=now, state="received"
        )
        return receipt, True

    def captures(
        self, identity: Identity, *, ulcer_id: str | None = None, study_id: str | None = None
    ) -> list[CaptureOut]:
        """Captures of an ulcer or a study within the account's reach."""
        identity.require("capture:read")
        with self._database.read() as connection:
            rows = store.visible(connection, identity.account_id, ulcer_id=ulcer_id, study_id=study_id)
            shown = self._shown_studies(connection, identity)
        return [_wire(row, row.study_id in shown) for row in rows]

    def capture(self, identity: Identity, capture_id: str) -> CaptureOut:
        """One capture.

        Raises
        ------
        CodedError
            `not_found` when it is out of reach.
        """
        identity.require("capture:read")
        with self._database.read() as connection:
            row = _found(store.visible_one(connection, identity.account_id, capture_id))
            return _wire(row, row.study_id in self._shown_studies(connection, identity))

    def picture(self, identity: Identity, capture_id: str, kind: str) -> bytes:
        """The reading image of a measured capture, that with the counted outline, or with the baseline's too.

        Raises
        ------
        CodedError
            `not_found` when out of reach, not measured, or not laid over a baseline; `forbidden` for an
            outline that the protocol hides.
        """
        identity.require("capture:read" if kind == "reading-image" else "picture:read")
        with self._database.read() as connection:
            row = _found(store.visible_one(connection, identity.account_id, capture_id))
            if kind != "reading-image" and row.study_id not in self._shown_studies(connection, identity):
                raise CodedError("forbidden")
        sha256 = row._mapping[PICTURES[kind]]
        if sha256 is None:
            raise CodedError("not_found")
        return self._blobs.get(sha256)

    def _shown_studies(self, connection: Connection, identity: Identity) -> frozenset[str]:
        """Studies whose areas this account may see."""
        if not identity.may("area:read"):
            return frozenset()
        if identity.require("area:read") == "own_site_if_allowed":
            return self._studies.where_staff_see_areas(connection, identity)
        return self._studies.reached(connection, identity)

    def _note_refusal(
        self, identity: Identity, upload: Upload, digest: str, refusal: CodedError, study_id: str
    ) -> None:
        facts = {"sha256": digest, "size_bytes": len(upload.content), "ulcer_id": upload.ulcer_id}
        self._trail.record_refusal(
            actor(identity),
            "capture.turned_away",
            ("capture", upload.id),
            refusal.code,
            study_id=study_id,
            after=facts,
        )


def _at_tablet(identity: Identity, study_id: str) -> bool:
    return identity.tablet is not None and identity.tablet.study_id == study_id


def _same_receipt(known: Record, upload: Upload, digest: str) -> Receipt:
    told = Optics(known.focal_35mm_mm, known.digital_zoom_ratio, known.orientation)
    stored = (known.sha256, known.ulcer_id, known.visit_code, told)
    same = stored == (digest, upload.ulcer_id, upload.visit_code, upload.told)
    if not same or upload.print_lot not in {None, known.print_lot}:
        raise CodedError("capture_id_taken")
    return Receipt(
        id=known.id,
        sha256=known.sha256,
        size_bytes=known.size_bytes,
        received_at=known.received_at,
        state=known.state,
    )


def _found(row: Record | None) -> Record:
    if row is None:
        raise CodedError("not_found")
    return row


def _wire(row: Record, shows_areas: bool) -> CaptureOut:
    measured = row.state == "measured" and shows_areas
    told = dict(row._mapping) | {"has_comparison": row.comparison_sha256 is not None}
    numbers = {name: told[name] for name in MeasurementOut.model_fields} if measured else None
    return CaptureOut(
        id=row.id,
        ulcer_id=row.ulcer_id,
        visit_code=row.visit_code,
        state=row.state,
        received_at=row.received_at,
        size_bytes=row.size_bytes,
        print_lot=row.print_lot,
        quality=[CriterionOut(**criterion) for criterion in row.quality or []],
        measurement=MeasurementOut(**numbers) if numbers else None,
        accepted=row.accepted,
    )
