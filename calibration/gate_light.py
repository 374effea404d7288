"""Light for the capture gate: how evenly it falls on the card, and what of the ulcer mirrors the lamp.

The white paper round the markers tells how light falls across the card, and so how bright anything on it can
be that is not a mirror.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.capture_gate import FULL_SCALE
from calibration.digit_card import DIGIT_CARD, Rectangle, in_world
from calibration.photo import Photo
from calibration.rectify import ReadingImage
from calibration.srgb import SRGB_TO_LINEAR

PAPER_STEP_MM = 0.5
"""Pitch of the places at which paper is looked at: some 900 on either side of a digit."""

PRINT_MARGIN_MM = 0.75
"""Paper nearer to print or to an edge is left out: five times the blur that the gate lets pass."""

TICKS_MM = 2.0
"""Reach of the ticks beside the slot; the few longer ones are too thin to count."""

CAPTION_AREA = Rectangle(left=30.0, top=11.0, right=52.0, bottom=13.5)
"""Where the card's line of text stands (print_card)."""

MARKER_RING_MM = 2.0
"""White that surrounds every marker: one module at least (measurement design)."""

RING_PERCENTILE = 75.0
"""Level of a marker's surroundings: a sleeve or a shadow over less than three quarters leaves it as it is."""

HIGHLIGHT_SHARE = 0.8
"""Skin and wound take most of the blue, and none is as white as paper: a pixel whose three channels all reach
this share of white paper's light mirrors the lamp (the lightest slough and macerated skin of phantoms stay
below 0.6)."""


@dataclass(frozen=True)
class PaperLight:
    """Light on the card as the white paper round its markers shows it.

    Attributes
    ----------
    middle_mm : NDArray[np.float64], shape (2,)
        Middle of the markers, x, y on the card.
    rgb : NDArray[np.float64], shape (3,)
        Linear light of white paper there.
    slope_per_mm : NDArray[np.float64], shape (2,)
        Change of the light's logarithm along x and y; 0 in a direction in which only one marker is seen.
    even_percent : float
        Light round the dimmest marker as a share of that round the brightest.
    lowest_mm : float
        Lower edge of the lowest marker seen: below it a cloth or a hand may lie on the card.
    """

    middle_mm: NDArray[np.float64]
    rgb: NDArray[np.float64]
    slope_per_mm: NDArray[np.float64]
    even_percent: float
    lowest_mm: float

    def at(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Linear light, shape (n, 3), of open white paper at points of the card, shape (n, 2)."""
        level = np.exp((points_mm - self.middle_mm) @ self.slope_per_mm)
        return np.asarray(level[:, None] * self.rgb)


@lru_cache(maxsize=1)
def paper_places_mm() -> NDArray[np.float64]:
    """Where the card is white.

    Returns
    -------
    NDArray[np.float64], shape (n, 2)
        x, y on the card, `PAPER_STEP_MM` apart.
    """
    card = DIGIT_CARD
    x = np.arange(PAPER_STEP_MM / 2, card.width_mm, PAPER_STEP_MM)
    y = np.arange(PAPER_STEP_MM / 2, card.height_mm, PAPER_STEP_MM)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    slot = Rectangle(card.slot.left - TICKS_MM, card.slot.top, card.slot.right + TICKS_MM, card.slot.bottom)
    printed = [slot, CAPTION_AREA, *(patch.area for patch in card.patches)]
    printed += [DIGIT_CARD.marker_area(marker) for marker in card.marker_top_left_mm]
    white = _within(places, Rectangle(0.0, 0.0, card.width_mm, card.height_mm), -PRINT_MARGIN_MM)
    for area in printed:
        white &= ~_within(places, area, PRINT_MARGIN_MM)
    return np.asarray(places[white])


def _within(points_mm: NDArray[np.float64], area: Rectangle, margin_mm: float) -> NDArray[np.bool_]:
    x, y = points_mm.T
    across = (x > area.left - margin_mm) & (x < area.right + margin_mm)
    return np.asarray(across & (y > area.top - margin_mm) & (y < area.bottom + margin_mm))


@lru_cache(maxsize=8)
def _ring_places_mm(marker: int) -> NDArray[np.float64]:
    """The white round a marker, shape (n, 2)."""
    places = paper_places_mm()
    return np.asarray(places[_within(places, DIGIT_CARD.marker_area(marker), MARKER_RING_MM)])


def light_at(photo: Photo, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light (n, 3) at places of the photograph (x, y; n, 2); beyond its border, the border's."""
    if len(pixels) == 0:
        return np.zeros((0, 3))
    x, y = pixels.astype(np.float32).T[..., None]
    codes = cv2.remap(photo.rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0]
    return np.asarray(np.maximum(SRGB_TO_LINEAR[codes], SRGB_TO_LINEAR[1]), dtype=np.float64)


def paper_light(photo: Photo, camera: Camera, markers: tuple[int, ...]) -> PaperLight:
    """Look at the white round the markers that were found.

    Parameters
    ----------
    photo : Photo
        The photograph.
    camera : Camera
        The camera over its card.
    markers : tuple of int
        Ids of the markers found: where a marker shows, the paper round it is not covered.

    Returns
    -------
    PaperLight
        A plane through the logarithms of the markers' levels: light falls smoothly where nothing shades it.
    """
    areas = [DIGIT_CARD.marker_area(marker) for marker in markers]
    middles = np.array([[(area.left + area.right) / 2, (area.top + area.bottom) / 2] for area in areas])
    rings = [_ring_places_mm(marker) for marker in markers]
    light = light_at(photo, camera.project(in_world(np.concatenate(rings))))
    parts = np.split(light, np.cumsum([len(ring) for ring in rings])[:-1])
    rgb = np.array([np.percentile(part, RING_PERCENTILE, axis=0) for part in parts])
    level, offsets = rgb.mean(axis=1), middles - middles.mean(axis=0)
    logarithm = np.log(level)
    return PaperLight(
        middle_mm=middles.mean(axis=0),
        rgb=np.asarray(np.median(rgb / level[:, None], axis=0) * np.exp(logarithm.mean())),
        slope_per_mm=np.linalg.lstsq(offsets, logarithm - logarithm.mean(), rcond=1e-6)[0],
        even_percent=100 * float(level.min() / level.max()),
        lowest_mm=max(area.bottom for area in areas),
    )


def glare_percent(reading: ReadingImage, ulcer: NDArray[np.bool_], paper: PaperLight) -> float | None:
    """Share of the ulcer that mirrors the lamp or is clipped.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    ulcer : NDArray[np.bool_], shape (height, width)
        What was counted as ulcer in it.
    paper : PaperLight
        Light round the markers.

    Returns
    -------
    float or None
        Percent; None without an ulcer.

    Notes
    -----
    Each part's convex hull is looked at: a highlight that was not taken for ulcer leaves a hole or a notch.
    """
    contours, _ = cv2.findContours(ulcer.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hulls = [cv2.convexHull(contour) for contour in contours]
    left, top, width, height = cv2.boundingRect(np.concatenate(hulls))
    window = np.zeros((height, width), np.uint8)
    for hull in hulls:
        cv2.fillConvexPoly(window, hull - np.array([left, top]), 1)
    codes = reading.rgb[top : top + height, left : left + width][window.astype(bool)]
    middle = np.array([[left + width / 2, top + height / 2]])
    white = paper.at(reading.to_card_mm(middle))[0]
    mirrored = (SRGB_TO_LINEAR[codes] >= HIGHLIGHT_SHARE * white).all(axis=1)
    return 100 * float((mirrored | (codes >= FULL_SCALE).any(axis=1)).mean())
