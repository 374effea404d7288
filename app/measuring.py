"""A photograph's way to a measurement: find the card, check, rectify, segment, fit the digit, measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.artifacts import ReadingArtifacts, unroll_artifacts
from app.digit import Digit, find_digit
from app.domain.area_budget import Basis
from app.domain.comparison import Lesion, Visit, lesions, whole_lesion
from app.domain.planimetry import Planimetry, measure_area
from app.gate import DigitView, card_criteria, digit_criteria
from calibration.camera import Camera, estimate_camera
from calibration.capture_gate import Criterion, GateLimits, refusal
from calibration.colour import ColourCorrection, estimate_colour
from calibration.digit_card import PrintLot
from calibration.digit_mask import DigitNotFound
from calibration.find_card import CardNotFound, MarkerCorners, find_markers
from calibration.gate_light import paper_light
from calibration.photo import Photo
from calibration.pose import FLAT, Pose, PoseName
from calibration.rectify import ReadingImage, rectify, rectify_mask, share_in_reading
from calibration.surface import DigitSurface, SurfaceKind
from models.counting import Counting
from models.segmenter import Segmentation, Segmenter

TRACED_MODEL = "outline"
"""Name in place of the network's when the outline was given."""

TRACED = Counting(0.5)
"""A traced outline is filled with 1: half-way lies on the line itself."""

LEAST_KEPT = 0.95
"""Share of a traced outline that must lie on the digit and in the reading image; an outline of 1.5 mm² whose
border pixels are lost keeps as much."""

VERSION = version("planimeter")


@dataclass(frozen=True)
class Measurement:
    """One algorithm version on one photograph; lengths in mm, areas in mm² on the digit's surface.

    `u_area_mm2` is the combined standard uncertainty; `budget` its components by name; `pose` how the digit
    was to lie or to stand; `surface` on what the area was taken; `lens` what was known of the camera's lens
    and what was found; `colour` the correction of the ReadingImage's colours.
    """

    area_mm2: float
    u_area_mm2: float
    perimeter_mm: float
    length_mm: float
    width_mm: float
    obliquity_deg: float | None
    digit_width_mm: float
    tilt_deg: float
    distance_mm: float
    scale_px_per_mm: float
    pose: PoseName
    surface: SurfaceKind
    lens: dict[str, Any]
    colour: dict[str, Any]
    model: str
    version: str
    budget: dict[str, float]


@dataclass(frozen=True)
class PhotoReport:
    """Everything one photograph gave: the gate's criteria and, unless refused, the measurement."""

    quality: tuple[Criterion, ...]
    measurement: Measurement | None
    reading: ReadingArtifacts | None

    @property
    def status(self) -> str:
        """`measured` or `refused`."""
        return "measured" if self.measurement is not None else "refused"

    @property
    def reasons(self) -> tuple[Criterion, ...]:
        """The criteria that were not met."""
        return tuple(item for item in self.quality if not item.passed)

    @property
    def lesion(self) -> Lesion | None:
        """The ulcer told apart from what else the network found open on the digit, as at a baseline; None
        where refused. What a person has traced is the ulcer, however many its parts."""
        found = self.measurement
        if found is None or self.reading is None:
            return None
        visit = Visit(self.reading.footprint, found.area_mm2, found.u_area_mm2, found.perimeter_mm)
        if found.model == TRACED_MODEL:
            return whole_lesion(visit)
        return lesions([(visit, None)])[0]


def measure_photo(
    photo: Photo,
    segmenter: Segmenter,
    *,
    outline: NDArray[np.bool_] | None = None,
    limits: GateLimits | None = None,
    pose: Pose = FLAT,
    lot: PrintLot | None = None,
) -> PhotoReport:
    """Measure the ulcer on one photograph.

    Parameters
    ----------
    photo : Photo
        The decoded photograph.
    segmenter : Segmenter
        The network.
    outline : NDArray[np.bool_], shape (photo height, photo width), optional
        Open ulcer, in place of the network's.
    limits : GateLimits, optional
        Of the study's protocol; the defaults otherwise.
    pose : Pose
        How the digit was to lie or to stand.
    lot : PrintLot, optional
        Measured values of the card's patches; the nominal ones otherwise.

    Returns
    -------
    PhotoReport
        With status `refused` and the reasons when a criterion is not met.

    Raises
    ------
    ValueError
        If the outline is not of the photograph's size.
    """
    limits = limits or GateLimits()
    if outline is not None and outline.shape != photo.rgb.shape[:2]:
        raise ValueError("the outline must have the photograph's size")
    try:
        corners = find_markers(photo)
    except CardNotFound as finding:
        return _refused((refusal(finding.code, finding.marker_count, limits.minimum_markers),))
    camera = estimate_camera(photo, corners)
    paper = paper_light(photo, camera, corners.ids)
    quality = card_criteria(corners, camera, paper, limits)
    if not all(item.passed for item in quality):
        return _refused(quality)
    raw = rectify(photo, camera)
    colour = estimate_colour(photo, camera, lot)
    reading = replace(raw, rgb=colour.corrected(raw.rgb))
    segmentation = segmenter.segment(reading.rgb)
    try:
        digit = find_digit(reading, segmentation, camera.centre_mm, pose)
        basis = _basis(photo, camera, corners, digit, traced=outline is not None)
        planimetry = _planimetry(camera, reading, segmentation, digit, segmenter, outline, basis)
    except DigitNotFound as finding:
        return _refused((*quality, refusal(str(finding))))
    surface = digit.surface
    view = DigitView(photo, camera, paper, raw, segmentation.skin, digit)
    quality += digit_criteria(view, planimetry, _scale_on_digit(surface, camera), limits)
    if not all(item.passed for item in quality):
        return _refused(quality)
    model = TRACED_MODEL if outline is not None else f"{segmenter.weights.name}-{segmenter.weights.version}"
    measurement = _measurement(planimetry, digit, camera, colour, model)
    artifacts = unroll_artifacts(reading, digit.mask, planimetry, basis, trusted=digit.kind != "plane")
    return PhotoReport(quality, measurement, artifacts)


def _refused(quality: tuple[Criterion, ...]) -> PhotoReport:
    return PhotoReport(quality, None, None)


def _scale_on_digit(surface: DigitSurface, camera: Camera) -> float:
    """Photo pixels to a millimetre on the digit's top line, a third of the way along what is seen."""
    meridian_mm = surface.meridian_mm[len(surface.meridian_mm) // 3]
    return camera.scale_px_per_mm(surface.roll(np.array([[meridian_mm, 0.0]]))[0])


def _basis(photo: Photo, camera: Camera, corners: MarkerCorners, digit: Digit, *, traced: bool) -> Basis:
    longer = estimate_camera(photo, corners, focal_px=camera.focal_px * (1 + camera.focal_relative_sd))
    return Basis(
        surface=digit.surface,
        variants=digit.variants(longer.centre_mm),
        scale_relative_sd=_scale_relative_sd(camera, corners),
        photo_px_per_mm=_scale_on_digit(digit.surface, camera),
        traced=traced,
    )


def _planimetry(
    camera: Camera,
    reading: ReadingImage,
    segmentation: Segmentation,
    digit: Digit,
    segmenter: Segmenter,
    outline: NDArray[np.bool_] | None,
    basis: Basis,
) -> Planimetry:
    probability = rectify_mask(outline, camera) if outline is not None else segmentation.ulcer
    counting = TRACED if basis.traced else segmenter.weights.digit_counting
    found = measure_area(probability, counting, digit.mask, reading, basis)
    if outline is not None and outline.any():
        counted = float(found.mask.sum()) / max(float((probability > counting.threshold).sum()), 1.0)
        kept = counted * share_in_reading(outline, camera)
        return replace(found, touches_edge=found.touches_edge or kept < LEAST_KEPT)
    return found


def _scale_relative_sd(camera: Camera, corners: MarkerCorners) -> float:
    """Of lengths on the card: corner noise over the corners' spread, as for a regression's slope."""
    spread_px = np.sqrt(((corners.corners_px - corners.corners_px.mean(axis=0)) ** 2).sum())
    return camera.residual_rms_px / float(spread_px)


def _measurement(
    planimetry: Planimetry, digit: Digit, camera: Camera, colour: ColourCorrection, model: str
) -> Measurement:
    return Measurement(
        area_mm2=planimetry.area_mm2,
        u_area_mm2=planimetry.budget.combined_mm2,
        perimeter_mm=planimetry.perimeter_mm,
        length_mm=planimetry.length_mm,
        width_mm=planimetry.width_mm,
        obliquity_deg=planimetry.obliquity_deg,
        digit_width_mm=digit.surface.digit_width_mm,
        tilt_deg=camera.tilt_deg,
        distance_mm=camera.distance_mm,
        scale_px_per_mm=_scale_on_digit(digit.surface, camera),
        pose=digit.pose.name,
        surface=digit.kind,
        lens=camera.lens_record(),
        colour=colour.to_record(),
        model=model,
        version=VERSION,
        budget={component.name: component.u_area_mm2 for component in planimetry.budget.components},
    )
