"""After a final read: every final of the ulcer held against its baseline's."""

from __future__ import annotations

from app.audit.service import Trail
from app.domain.footprint import Footprint
from app.domain.identity import SYSTEM
from app.domain.read_healing import ReadVisit, read_healing
from app.domain.skin_map import SkinMap
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.reading_room import store
from app.reading_room.pictures import as_rings
from app.studies.service import Studies


class ReadHealings:
    """Keeps the healing of final reads up to date.

    Parameters
    ----------
    database, clock, trail, studies, blobs
        As everywhere.
    """

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, studies: Studies, blobs: BlobStore
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._blobs = studies, blobs

    def follow(self, ulcer_id: str) -> None:
        """Hold every final against the baseline's: a late or a new baseline changes all."""
        with self._database.read() as connection:
            finals = store.current_finals(connection, ulcer_id)
            baseline = next((row for row in finals if self._is_baseline(row)), None)
            if baseline is None:
                return
            behind = [row for row in finals if row.baseline_assessment_id != baseline.id]
            visits = {row.id: self._visit(connection, row) for row in (*behind, baseline)}
        for row in behind:
            if row.id != baseline.id:
                self._store(row, baseline, visits[row.id], visits[baseline.id])

    def _is_baseline(self, row: Record) -> bool:
        protocol = self._studies.protocol(row.study_id, row.capture_protocol_version)
        return bool(row.visit_code == protocol.epithelialisation_rule.baseline_visit)

    def _visit(self, connection: Connection, row: Record) -> ReadVisit:
        codes = row.reads[-1:] if row.adjudicated else row.reads
        drawn = [as_rings(record.rings) for record in store.locked_records(connection, codes)]
        skin = SkinMap.from_bytes(self._blobs.get(row.skin_map_sha256))
        return ReadVisit(
            category=row.category,
            area_mm2=row.area_mm2,
            u_area_mm2=row.u_area_mm2,
            outlines=tuple(drawn) if row.category == "open" else (),
            footprint=Footprint.from_bytes(self._blobs.get(row.footprint_sha256)),
            picture_px=skin.shape,
        )

    def _store(self, row: Record, baseline: Record, later: ReadVisit, first: ReadVisit) -> None:
        found = read_healing(first, later)
        values = {
            "assessment_id": row.id,
            "baseline_assessment_id": baseline.id,
            "epithelialisation_percent": found.epithelialisation_percent if found else None,
            "epithelialisation_method": found.method if found else None,
            "percent_area_reduction": found.percent_area_reduction if found else None,
            "verdict": found.verdict if found else None,
        }
        with self._database.write() as connection:
            store.lock_capture(connection, row.capture_id)
            store.put_healing(connection, **values, computed_at=self._clock.now())
            seq = self._trail.record(
                connection, SYSTEM, "healing.read", ("assessment", row.id), study_id=row.study_id,
                before={"baseline_assessment_id": row.baseline_assessment_id}, after=values,
            )  # fmt: skip
            store.touch_capture(connection, row.capture_id, seq)
