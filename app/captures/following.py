"""After a measurement: every photograph of the ulcer laid over its baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.audit.service import Trail
from app.captures import store
from app.domain.footprint import Footprint
from app.domain.healing import epithelialisation, percent_area_reduction, verdict
from app.domain.identity import SYSTEM
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Database, Record
from app.studies.service import Studies


@dataclass(frozen=True)
class Follower:
    """A measured capture beside its ulcer's baseline."""

    capture: Record
    baseline: Record

    @property
    def is_baseline(self) -> bool:
        """Whether it is compared with itself."""
        return bool(self.capture.id == self.baseline.id)


class Following:
    """Keeps the healing of every ulcer up to date.

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
        """Compute healing of every measured capture against the baseline: a late one changes all."""
        for follower in self._behind(ulcer_id):
            values = self._healing(follower)
            with self._database.write() as connection:
                capture = store.locked(connection, follower.capture.id)
                if capture is None:
                    continue
                seq = self._trail.record(
                    connection,
                    SYSTEM,
                    "healing.computed",
                    ("capture", follower.capture.id),
                    study_id=capture.study_id,
                    before={"baseline_capture_id": follower.capture.baseline_capture_id},
                    after=values,
                )
                store.put_healing(connection, follower.capture.id, self._clock.now(), **values)
                store.update(connection, follower.capture.id, changed_seq=seq)

    def _behind(self, ulcer_id: str) -> list[Follower]:
        """Captures whose healing was not computed, or against another baseline."""
        with self._database.read() as connection:
            measured = store.measured_of_ulcer(connection, ulcer_id)
            capture = store.by_id(connection, measured[0].id) if measured else None
        if capture is None:
            return []
        protocol = self._studies.protocol(capture.study_id, capture.protocol_version)
        visit = protocol.epithelialisation_rule.baseline_visit
        baseline = next((row for row in measured if row.accepted and row.visit_code == visit), None)
        if baseline is None:
            return []
        return [Follower(row, baseline) for row in measured if row.baseline_capture_id != baseline.id]

    def _healing(self, follower: Follower) -> dict[str, Any]:
        baseline, later = follower.baseline, follower.capture
        values: dict[str, Any] = {"baseline_capture_id": baseline.id, "verdict": None}
        if baseline.area_mm2 <= 0:
            return values if follower.is_baseline else values | {"verdict": _verdict(follower)}
        if follower.is_baseline:
            # By definition, not by registering a photograph with itself.
            return values | {
                "epithelialisation_percent": 0.0,
                "epithelialisation_method": "footprint",
                "percent_area_reduction": 0.0,
            }
        healing = epithelialisation(self._footprint(baseline), self._footprint(later), later.area_mm2)
        return values | {
            "verdict": _verdict(follower),
            "epithelialisation_percent": healing.epithelialisation_percent,
            "epithelialisation_method": healing.method,
            "new_ulceration_mm2": healing.new_ulceration_mm2,
            "registration_quality": healing.registration_quality,
            "percent_area_reduction": percent_area_reduction(baseline.area_mm2, later.area_mm2),
        }

    def _footprint(self, row: Record) -> Footprint:
        return Footprint.from_bytes(self._blobs.get(row.footprint_sha256))


def _verdict(follower: Follower) -> str:
    first, later = follower.baseline, follower.capture
    return verdict(first.area_mm2, first.u_area_mm2, later.area_mm2, later.u_area_mm2)
