"""A photograph of the reference slip → its area and the criteria that it had to meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.gate import sheet_criteria
from app.platform.images import decode_photo
from app.studies.schemas import GatePlan
from calibration.camera import estimate_camera
from calibration.capture_gate import Criterion, GateLimits, at_least, criterion, refusal
from calibration.find_card import CardNotFound, find_markers
from calibration.photo import Photo
from calibration.reference_disc import SlipNotFound, measure_slip, slip_scale_px_per_mm

SLIP = "reference_slip"


@dataclass(frozen=True)
class ShotFinding:
    """What one phantom shot gave.

    Attributes
    ----------
    quality : tuple of Criterion
        Those that were measured.
    area_mm2 : float or None
        None where one was not met.
    """

    quality: tuple[Criterion, ...]
    area_mm2: float | None

    @property
    def state(self) -> str:
        """`measured` or `refused`."""
        return "refused" if self.area_mm2 is None else "measured"

    def criteria(self) -> list[dict[str, Any]]:
        """The criteria as JSON holds them."""
        return [asdict(item) for item in self.quality]


def measure_shot(content: bytes, gate: GatePlan) -> ShotFinding:
    """Decode in the limited child process, then measure.

    Raises
    ------
    CodedError
        If the bytes are no photograph.
    """
    return measure_slip_photo(decode_photo(content), GateLimits(**gate.model_dump()))


def measure_slip_photo(photo: Photo, limits: GateLimits) -> ShotFinding:
    """Measure the slip in the slot of the card on one photograph.

    Of the gate's criteria those count that a plane print must meet: markers, tilt, a flat card, focus, scale.
    What is measured lies in the card's own plane, so the lens need not be known.
    """
    try:
        corners = find_markers(photo)
    except CardNotFound as finding:
        return ShotFinding((refusal(finding.code, finding.marker_count, limits.minimum_markers),), None)
    camera = estimate_camera(photo, corners)
    scale = slip_scale_px_per_mm(camera)
    quality = (
        *sheet_criteria(corners, camera, limits),
        at_least("scale_px_per_mm", scale, limits.minimum_scale_px_per_mm),
    )
    if not all(item.passed for item in quality):
        return ShotFinding(quality, None)
    try:
        reading = measure_slip(photo, camera)
    except SlipNotFound:
        return ShotFinding((*quality, refusal(SLIP)), None)
    return ShotFinding((*quality, criterion(SLIP, None, None, passed=True)), reading.area_mm2)
