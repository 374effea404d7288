"""Outline and surface to measurement: area, perimeter, length, width, obliquity, and how sure they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.area_budget import Basis, Region, area_budget, coverage
from calibration.rectify import ReadingImage
from calibration.surface import DigitSurface, Surface, area_and_obliquity
from calibration.uncertainty import Budget, Component
from models.counting import Counting

MINIMUM_AREA_MM2 = 0.25
"""Smaller findings are not counted: 0.5 mm across, below what a reader calls open on a photograph (own
choice)."""

DETECTION_SD_MM2 = MINIMUM_AREA_MM2 / math.sqrt(3)
"""Standard uncertainty of a closed ulcer's area: anything up to the smallest finding, rectangular."""

CONTOUR_SMOOTHING_MM = 0.12
"""Standard deviation of the smoothing along the contour before lengths are taken: pixel steps would
lengthen it by up to 27 %."""

ROI_MARGIN_PX = 6
"""Round the counted parts: 0.3 mm at the reading image's 20 px/mm, two spreads of the softest border that the
gate lets pass."""


@dataclass(frozen=True)
class Contour:
    """One closed border of the ulcer.

    Attributes
    ----------
    pixels : NDArray[np.float64], shape (n, 2)
        x, y in the ReadingImage.
    frame : NDArray[np.float64], shape (n, 2)
        Meridian from the tip (mm) and angle round the axis (radians).
    """

    pixels: NDArray[np.float64]
    frame: NDArray[np.float64]


@dataclass(frozen=True)
class Planimetry:
    """What was measured of one outline.

    Attributes
    ----------
    area_mm2, perimeter_mm, length_mm, width_mm : float
        On the surface; length is the greatest extent, width the greatest across it.
    obliquity_deg : float or None
        Angle between line of sight and the ulcer's mean normal; None without an ulcer, and on a plane, which
        does not know it.
    budget : Budget
        The area's uncertainty.
    contours : tuple of Contour
        Borders of all counted parts.
    mask : NDArray[np.bool_], shape (height, width)
        The counted parts in the ReadingImage.
    touches_edge : bool
        Whether a part runs into the ReadingImage's edge.
    """

    area_mm2: float
    perimeter_mm: float
    length_mm: float
    width_mm: float
    obliquity_deg: float | None
    budget: Budget
    contours: tuple[Contour, ...]
    mask: NDArray[np.bool_]
    touches_edge: bool


def counted_parts(
    probability: NDArray[np.float32], counting: Counting, digit: NDArray[np.bool_], scale_px_per_mm: float
) -> NDArray[np.bool_]:
    """The connected parts on the digit that are sure enough and large enough to count."""
    on_digit = np.where(digit, probability, np.float32(0))
    return counting.open_ulcer(on_digit, least_px=MINIMUM_AREA_MM2 * scale_px_per_mm**2)


def measure_area(
    probability: NDArray[np.float32],
    counting: Counting,
    digit: NDArray[np.bool_],
    reading: ReadingImage,
    basis: Basis,
) -> Planimetry:
    """Measure the ulcer on the digit's surface.

    Parameters
    ----------
    probability : NDArray[np.float32], shape (height, width)
        Of ulcer, in the ReadingImage; a traced outline gives its coverage.
    counting : Counting
        Level of the border, and how sure a part must be.
    digit : NDArray[np.bool_], shape (height, width)
        Where the digit is.
    reading : ReadingImage
        Its geometry.
    basis : Basis
        The digit's surface, and how well it is known.

    Returns
    -------
    Planimetry
        With area 0 and the detection limit as its uncertainty when nothing counts.
    """
    mask = counted_parts(probability, counting, digit, reading.scale_px_per_mm)
    threshold = counting.threshold
    if not mask.any():
        return _closed(mask)
    surface = basis.surface
    region, window = _region(probability, mask, reading, threshold)
    area_map, _ = area_and_obliquity(surface, region.card_mm)
    weights = area_map * coverage(region.probability, threshold)
    area = float(np.nansum(weights))
    contours = _contours(region.probability, threshold, window, reading, surface)
    perimeter = sum(_surface_length(contour, surface) for contour in contours)
    length, width = _extents(contours, surface)
    budget = area_budget(region, basis, area, perimeter)
    edge = bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
    obliquity = _obliquity(region.card_mm, weights, surface) if isinstance(surface, Surface) else None
    return Planimetry(area, perimeter, length, width, obliquity, budget, contours, mask, edge)


def _closed(mask: NDArray[np.bool_]) -> Planimetry:
    limit = Component("detection", DETECTION_SD_MM2, "smallest finding that counts, rectangular")
    return Planimetry(0.0, 0.0, 0.0, 0.0, None, Budget((limit,)), (), mask, False)


def _region(
    probability: NDArray[np.float32], mask: NDArray[np.bool_], reading: ReadingImage, threshold: float
) -> tuple[Region, tuple[int, int]]:
    """Cut out the counted parts with their soft borders; everything else is set to 0."""
    near = cv2.dilate(mask.astype(np.uint8), np.ones((2 * ROI_MARGIN_PX + 1,) * 2, np.uint8)).astype(bool)
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    top, left = max(rows[0] - 2, 0), max(columns[0] - 2, 0)
    bottom, right = rows[-1] + 3, columns[-1] + 3
    kept = np.where(near, probability, 0.0)[top:bottom, left:right].astype(np.float64)
    grid = np.stack(
        np.meshgrid(np.arange(left, left + kept.shape[1]), np.arange(top, top + kept.shape[0])), axis=-1
    )
    card = reading.to_card_mm(grid.reshape(-1, 2).astype(np.float64)).reshape(*kept.shape, 2)
    return Region(card, kept, threshold), (int(left), int(top))


def _contours(
    kept: NDArray[np.float64],
    threshold: float,
    window: tuple[int, int],
    reading: ReadingImage,
    surface: DigitSurface,
) -> tuple[Contour, ...]:
    from skimage.measure import find_contours  # noqa: PLC0415  (half a second to import: only where an ulcer is)

    found = []
    for ring in find_contours(np.pad(kept, 1), threshold):  # type: ignore[no-untyped-call]
        pixels = smooth_ring(ring[:, ::-1] - 1, CONTOUR_SMOOTHING_MM * reading.scale_px_per_mm) + np.array(
            window
        )
        world = surface.locate(reading.to_card_mm(pixels))
        hit = np.isfinite(world[:, 0])
        if hit.sum() >= 8:  # noqa: PLR2004  (fewer points are no border)
            found.append(Contour(pixels[hit], surface.unroll(world[hit])))
    return tuple(found)


def smooth_ring(ring: NDArray[np.float64], sd_px: float) -> NDArray[np.float64]:
    """Evenly spaced points (one a pixel) along a closed ring, smoothed by a Gaussian."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    where = np.linspace(0.0, along[-1], max(int(along[-1]), 8), endpoint=False)
    even = np.column_stack([np.interp(where, along, ring[:, axis]) for axis in (0, 1)])
    frequency = np.fft.fftfreq(len(even))
    gain = np.exp(-2 * (np.pi * frequency * sd_px) ** 2)
    return np.real(np.fft.ifft(np.fft.fft(even, axis=0) * gain[:, None], axis=0))


def _surface_length(contour: Contour, surface: DigitSurface) -> float:
    world = surface.roll(contour.frame)
    return float(np.linalg.norm(world - np.roll(world, 1, axis=0), axis=1).sum())


def _extents(contours: tuple[Contour, ...], surface: DigitSurface) -> tuple[float, float]:
    """Greatest extent of all parts together on the unrolled surface, and the greatest across it."""
    frame = np.concatenate([contour.frame for contour in contours])
    along = np.interp(frame[:, 0].mean(), surface.meridian_mm, surface.along_mm)
    flat = np.column_stack([frame[:, 0], frame[:, 1] * float(surface.radius_at(np.array([along]))[0])])
    angles = np.radians(np.arange(0, 180))
    spans = np.ptp(flat @ np.stack([np.cos(angles), np.sin(angles)]), axis=0)
    longest = int(spans.argmax())
    return float(spans[longest]), float(spans[(longest + 90) % 180])


def _obliquity(card_mm: NDArray[np.float64], weights: NDArray[np.float64], surface: DigitSurface) -> float:
    flat, share = card_mm.reshape(-1, 2), np.nan_to_num(weights.ravel())
    inside = share > 0
    world = surface.locate(flat[inside])
    normal = (surface.normals(world) * share[inside][:, None]).sum(axis=0)
    centre = np.average(world, axis=0, weights=share[inside])
    sight = surface.camera_mm - centre
    cosine = normal @ sight / np.linalg.norm(normal) / np.linalg.norm(sight)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
