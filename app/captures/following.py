"""After a measurement: every photograph of the digit's ulcers laid over its ulcer's baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.artifacts import render_comparison
from app.audit.service import Trail
from app.captures import store
from app.domain.comparison import Comparison, Lesion, Visit, at_baseline, compare, lesions
from app.domain.footprint import Footprint
from app.domain.identity import SYSTEM
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Database, Record
from app.platform.images import encode_png
from app.studies.schemas import Protocol
from app.studies.service import Studies


@dataclass(frozen=True)
class Digit:
    """The measured captures of one digit, in the order of arrival, and what its protocol says of visits."""

    captures: tuple[Record, ...]
    protocol: Protocol

    @property
    def baselines(self) -> tuple[Record, ...]:
        """The captures that count for the baseline, of each ulcer that has one."""
        visit = self.protocol.epithelialisation_rule.baseline_visit
        return tuple(row for row in self.captures if row.accepted and row.visit_code == visit)

    def behind(self) -> list[tuple[Record, Record]]:
        """Captures, each with its baseline, whose healing was computed against others or not at all."""
        found = []
        for baseline in self.baselines:
            wanted = (baseline.id, self.neighbours(baseline))
            own = [row for row in self.captures if row.ulcer_id == baseline.ulcer_id]
            found += [(row, baseline) for row in own if (row.baseline_capture_id, row.neighbours) != wanted]
        return found

    def neighbours(self, baseline: Record) -> list[str]:
        """Baselines of the other ulcers."""
        return [row.id for row in self.baselines if row.id != baseline.id]

    def days(self, baseline: Record, later: Record) -> int:
        """Days between two captures: by the camera's clock where it tells of both, else as planned."""
        if baseline.taken_at is not None and later.taken_at is not None:
            return int((later.taken_at.date() - baseline.taken_at.date()).days)
        first, second = (self.protocol.visit(row.visit_code) for row in (baseline, later))
        return second.day - first.day if first is not None and second is not None else 0


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
        """Compare every measured capture with its baseline: a late one changes all, and its neighbours."""
        digit = self._digit(ulcer_id)
        behind = digit.behind() if digit is not None else []
        if digit is None or not behind:
            return
        told = lesions([(self._visit(row), row.phalanx) for row in digit.baselines])
        known = dict(zip([row.id for row in digit.baselines], told, strict=True))
        for capture, baseline in behind:
            others = [known[other] for other in digit.neighbours(baseline)]
            self._store(digit, capture, baseline, self._comparison(digit, capture, baseline, known, others))

    def _digit(self, ulcer_id: str) -> Digit | None:
        with self._database.read() as connection:
            measured = store.measured_on_digit(connection, ulcer_id)
            capture = store.by_id(connection, measured[0].id) if measured else None
        if capture is None:
            return None
        protocol = self._studies.protocol(capture.study_id, capture.protocol_version)
        return Digit(tuple(measured), protocol)

    def _comparison(
        self, digit: Digit, capture: Record, baseline: Record, known: dict[str, Lesion], others: list[Lesion]
    ) -> Comparison:
        if capture.id == baseline.id:
            return at_baseline(known[baseline.id])
        return compare(known[baseline.id], self._visit(capture), others, digit.days(baseline, capture))

    def _store(self, digit: Digit, capture: Record, baseline: Record, found: Comparison) -> None:
        neighbours = digit.neighbours(baseline)
        values = _columns(found) | {"baseline_capture_id": baseline.id, "neighbours": neighbours}
        picture = self._picture(capture, found)
        with self._database.write() as connection:
            current = store.locked(connection, capture.id)
            if current is None:
                return
            seq = self._trail.record(
                connection,
                SYSTEM,
                "healing.computed",
                ("capture", capture.id),
                study_id=current.study_id,
                before={"baseline_capture_id": capture.baseline_capture_id},
                after=values,
            )
            store.put_healing(connection, capture.id, self._clock.now(), **values, comparison_sha256=picture)
            store.update(connection, capture.id, changed_seq=seq)

    def _picture(self, capture: Record, found: Comparison) -> str | None:
        """Kept under the hash of its pixels; nothing in it or in its name tells whose it is."""
        if not found.baseline_rings_px:
            return None
        overlay = self._blobs.get(capture.overlay_sha256)
        return self._blobs.put(encode_png(render_comparison(overlay, found.baseline_rings_px)))

    def _visit(self, row: Record) -> Visit:
        footprint = Footprint.from_bytes(self._blobs.get(row.footprint_sha256))
        return Visit(footprint, row.area_mm2, row.u_area_mm2, row.perimeter_mm)


def _columns(found: Comparison) -> dict[str, Any]:
    healing = found.healing
    return {
        "epithelialisation_percent": healing.epithelialisation_percent if healing else None,
        "epithelialisation_method": healing.method if healing else None,
        "new_ulceration_mm2": healing.new_ulceration_mm2 if healing else None,
        "registration_quality": healing.registration_quality if healing else None,
        "percent_area_reduction": found.percent_area_reduction,
        "linear_healing_rate_mm_per_day": found.linear_healing_rate_mm_per_day,
        "verdict": found.verdict,
        "own_area_mm2": found.own.area_mm2,
        "own_u_area_mm2": found.own.u_area_mm2,
        "own_perimeter_mm": found.own.perimeter_mm,
        "elsewhere_mm2": found.elsewhere_mm2,
        "parts": found.parts,
        "split": found.split,
        "merged": found.merged,
    }
