"""Markers in a photograph, found at sub-pixel precision: the corners from which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD, DigitCard
from calibration.edges import EDGE_HALF_WIDTH_SHARE, refine_quadrilateral
from calibration.ink_spread import ink_spread_mm, outwards
from calibration.lens import TYPICAL_FOCAL_35MM
from calibration.photo import Photo

DETECTION_LONG_SIDE_PX = 2000
"""Markers are decoded on a copy this large: at 130–320 mm a 12 mm marker still spans over 80 px, and the
detector's time falls with the square of the side. Corners are then refined at full resolution."""

SHARPENING_SD_PX = 6.0
SHARPENING_AMOUNT = 2.0
"""Unsharp mask on the detection copy: recovers markers blurred by half a module (tried on phantoms)."""

MINIMUM_MARKERS = 3
"""Fewer markers than this leave the pose to chance (design: a hand may cover the rest)."""

REFINED_SHIFT_LIMIT_SHARE = 0.12
"""A refined corner further than this share of the marker's side from the detector's is not the same
corner."""

PLANE_TOLERANCE_SHARE = 0.04
"""Corners within this share of a marker's side of one plane's homography agree with it: half a module."""

SAME_MARKER_SHARE = 0.5
"""Two sightings of one id whose centres lie further apart than this share of a side are two markers."""


class CardNotFound(ValueError):  # noqa: N818  (a finding about a photograph, in the words of the gate)
    """The photograph cannot be tied to one card.

    Attributes
    ----------
    code : str
        `no_card`, `too_few_markers` or `two_cards`.
    marker_count : int
        Number of distinct markers seen.
    """

    def __init__(self, code: str, marker_count: int) -> None:
        super().__init__(code)
        self.code = code
        self.marker_count = marker_count


@dataclass(frozen=True)
class MarkerCorners:
    """The corners of the card's markers in the photograph.

    Attributes
    ----------
    ids : tuple of int
        Markers found, ascending.
    corners_px : NDArray[np.float64], shape (4 n, 2)
        x, y in photo pixels (centre of the first pixel is 0, 0), four to a marker, clockwise from top-left.
    corners_mm : NDArray[np.float64], shape (4 n, 2)
        The same corners on the card, as large as the markers came out.
    edge_blur_px : float
        Median standard deviation of the edge spread of the markers' borders, in photo pixels.
    ink_spread_mm : float
        How far the markers' sides lie outside the drawn ones; already in `corners_mm`.
    """

    ids: tuple[int, ...]
    corners_px: NDArray[np.float64]
    corners_mm: NDArray[np.float64]
    edge_blur_px: float
    ink_spread_mm: float = 0.0


def _detector(card: DigitCard) -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    # Windows from fine to a tenth of the picture: one of them stays inside the shadow that falls across a
    # card.
    parameters.adaptiveThreshWinSizeMin = 5
    parameters.adaptiveThreshWinSizeMax = 85
    parameters.adaptiveThreshWinSizeStep = 20
    parameters.minMarkerPerimeterRate = 0.04
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, card.marker_dictionary))
    return cv2.aruco.ArucoDetector(dictionary, parameters)


def _detect(grey: NDArray[np.uint8], card: DigitCard) -> list[tuple[int, NDArray[np.float64]]]:
    """Every sighting of one of the card's ids, corners in the pixels of `grey` at full resolution."""
    long_side = max(grey.shape)
    shrink = min(1.0, DETECTION_LONG_SIDE_PX / long_side)
    size = (round(grey.shape[1] * shrink), round(grey.shape[0] * shrink))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if shrink < 1 else grey
    quads, ids, _ = _detector(card).detectMarkers(small)
    if ids is None:
        return []
    scale = np.array([grey.shape[1] / small.shape[1], grey.shape[0] / small.shape[0]])
    return [
        (int(marker), (quad.reshape(4, 2).astype(np.float64) + 0.5) * scale - 0.5)
        for quad, marker in zip(quads, ids.ravel(), strict=True)
        if int(marker) in card.marker_top_left_mm
    ]


def _sharpened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Blur rounds a marker's corners and fills its bits: give the edges back, at the price of noise."""
    share = max(grey.shape) / DETECTION_LONG_SIDE_PX
    soft = cv2.GaussianBlur(grey, (0, 0), SHARPENING_SD_PX * share)
    return np.asarray(
        cv2.addWeighted(grey, 1 + SHARPENING_AMOUNT, soft, -SHARPENING_AMOUNT, 0), dtype=np.uint8
    )


def _stretched(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Hard light flattens contrast within a marker: stretch it locally."""
    return np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(grey), dtype=np.uint8)


def _one_sighting_each(sightings: list[tuple[int, NDArray[np.float64]]]) -> dict[int, NDArray[np.float64]]:
    """Keep one sighting of each id.

    Raises
    ------
    CardNotFound
        With `two_cards` when an id is seen at two places.
    """
    chosen: dict[int, NDArray[np.float64]] = {}
    for marker, quad in sightings:
        if marker in chosen:
            side_px = float(np.linalg.norm(quad[0] - quad[2])) / np.sqrt(2)
            apart_px = float(np.linalg.norm(quad.mean(axis=0) - chosen[marker].mean(axis=0)))
            if apart_px > SAME_MARKER_SHARE * side_px:
                raise CardNotFound("two_cards", len(chosen))
            continue
        chosen[marker] = quad
    return chosen


def _on_one_plane(chosen: dict[int, NDArray[np.float64]], card: DigitCard) -> dict[int, NDArray[np.float64]]:
    """Replace each marker's corners by where the card's plane, agreed on by all, puts them: blur can drag
    single corners far off."""
    if len(chosen) < MINIMUM_MARKERS:
        return chosen
    seen_px = np.concatenate(list(chosen.values()))
    card_mm = np.concatenate([card.marker_corners_mm(marker) for marker in chosen])
    side_px = float(np.median(np.linalg.norm(seen_px[::4] - seen_px[1::4], axis=1)))
    plane, _ = cv2.findHomography(card_mm, seen_px, cv2.RANSAC, PLANE_TOLERANCE_SHARE * side_px)
    if plane is None:
        return chosen
    return {
        marker: cv2.perspectiveTransform(card.marker_corners_mm(marker)[None], plane)[0] for marker in chosen
    }


def find_markers(photo: Photo, card: DigitCard = DIGIT_CARD) -> MarkerCorners:
    """Find the card's markers and refine their corners.

    Parameters
    ----------
    photo : Photo
        The photograph.
    card : DigitCard
        The card that is looked for.

    Returns
    -------
    MarkerCorners
        At least `MINIMUM_MARKERS` markers.

    Raises
    ------
    CardNotFound
        `no_card`, `too_few_markers` or `two_cards`.

    Notes
    -----
    Each corner is the intersection of two lines fitted to the marker's border in linear light, at the
    half-way point of the edge: blur moves a corner detector's answer inwards, but leaves a straight edge
    where it is.
    """
    grey = np.asarray(cv2.cvtColor(photo.rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    sightings = _detect(grey, card)
    for mended in (_sharpened, _stretched):
        if len(sightings) >= len(card.marker_top_left_mm):
            break
        sightings += _detect(mended(grey), card)
    chosen = _one_sighting_each(sightings)
    if not chosen:
        raise CardNotFound("no_card", 0)
    chosen = _on_one_plane(chosen, card)
    ids, corners_px, corners_mm, blurs_px = [], [], [], []
    for marker in sorted(chosen):
        refined = refine_quadrilateral(grey, chosen[marker], EDGE_HALF_WIDTH_SHARE)
        side_px = float(np.linalg.norm(chosen[marker][0] - chosen[marker][1]))
        limit_px = REFINED_SHIFT_LIMIT_SHARE * side_px
        if refined is None or np.abs(refined.corners_px - chosen[marker]).max() > limit_px:
            continue
        ids.append(marker)
        corners_px.append(refined.corners_px)
        corners_mm.append(card.marker_corners_mm(marker))
        blurs_px.append(refined.blur_px)
    if len(ids) < MINIMUM_MARKERS:
        raise CardNotFound("too_few_markers", len(ids))
    return _as_printed(photo, tuple(ids), np.concatenate(corners_px), np.concatenate(corners_mm), blurs_px)


def _as_printed(
    photo: Photo,
    ids: tuple[int, ...],
    corners_px: NDArray[np.float64],
    drawn_mm: NDArray[np.float64],
    blurs_px: list[float],
) -> MarkerCorners:
    """The corners where print and phone put them, not where they were drawn."""
    focal_px = photo.focal_px_of(photo.focal_35mm or TYPICAL_FOCAL_35MM)
    middle_px = ((photo.width_px - 1) / 2, (photo.height_px - 1) / 2)
    spread_mm = ink_spread_mm(corners_px, drawn_mm, focal_px, middle_px)
    corners_mm = drawn_mm + spread_mm * outwards(drawn_mm)
    return MarkerCorners(ids, corners_px, corners_mm, float(np.median(blurs_px)), spread_mm)
