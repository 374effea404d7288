"""Shadow for the capture gate: whether one lies over the digit, as the card's white beside it shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.gate_light import PaperLight, light_at, paper_places_mm
from calibration.photo import Photo
from calibration.rectify import READING_AREA
from calibration.silhouette import Silhouette
from calibration.surface import Surface

STRETCH_MM = 8.0
STRETCH_STEP_MM = 4.0
"""Stretches of the digit that are judged one by one, overlapping: a shadow as wide as a small finger fills
one."""

SHADED_PERCENTILE = 20.0
"""Of the paper beside a stretch the darkest fifth counts: what lies nearest to the digit."""

LIT_SHARE = 0.75
"""Paper that gets this share of the light lies in no shadow; beside a thick digit it may get no more."""

SKIN_ANGLES_DEG = np.arange(-50.0, 51.0, 10.0)
SKIN_STEP_MM = 2.0
SKIN_PERCENTILE = 75.0
"""Where skin is looked at, round the digit's top, and the level taken: an ulcer seldom fills three quarters
of it."""

DARKEST_PAPER_SHARE = 0.08
"""Less light than this comes from no shaded paper in a lit room, but from black cloth or a glove on it (ink
gives 0.03)."""

PAPER_TINT_TOLERANCE = 0.35
"""A channel's share of the light may differ by this much between lit and shaded paper (lamp and sky); what
differs more is no paper (own choice; skin, gloves and cloth differ by more)."""

COVERED_PROBABILITY = 0.1
COVERED_STEP_MM = 0.5
COVERED_REACH_MM = 1.0
"""Paper this close to what may be skin is left out: the network's border errs by less."""

LEAST_PLACES = 30
"""Fewer places (7.5 mm²) on a side of a stretch say nothing of the light there."""


def shade_percent(
    photo: Photo,
    camera: Camera,
    paper: PaperLight,
    skin: NDArray[np.float32],
    silhouette: Silhouette,
    surface: Surface,
) -> float | None:
    """How much light a shadow takes from the stretch of the digit that is shaded most.

    Parameters
    ----------
    photo : Photo
        The photograph.
    camera : Camera
        The camera over its card.
    paper : PaperLight
        Light round the markers.
    skin : NDArray[np.float32], shape (height, width)
        Probability of skin in the ReadingImage: it hides the paper.
    silhouette : Silhouette
        The digit's outline, in the ReadingImage too.
    surface : Surface
        The digit's surface.

    Returns
    -------
    float or None
        Percent; None where too little paper is in view.

    Notes
    -----
    A shadow that falls over a stretch of the digit darkens the paper on both its sides, and the skin between.
    The digit's own shadow darkens one side; the shadows of folded fingers both, but not the skin. So the
    lighter side counts, and the skin where it is lighter still: its colour is unknown, and it is held against
    stretches in the light, where there are any. A shadow along one half of the digit is not seen here; one
    that reaches the markers makes the light uneven.
    """
    along, lateral, share = _paper_beside(photo, camera, paper, skin, silhouette, surface)
    starts, sides = [], []
    for start in np.arange(0.0, DIGIT_CARD.height_mm, STRETCH_STEP_MM):
        beside = (along >= start) & (along < start + STRETCH_MM)
        both = [share[beside & (lateral < 0)], share[beside & (lateral > 0)]]
        if min(len(side) for side in both) >= LEAST_PLACES:
            starts.append(float(start))
            sides.append(max(float(np.percentile(side, SHADED_PERCENTILE)) for side in both))
    if not starts:
        return None
    light = np.array(sides)
    lit = light >= LIT_SHARE
    if lit.any() and not lit.all():
        levels = np.array([_skin_level(photo, camera, paper, surface, start) for start in starts])
        light = np.where(lit, light, np.maximum(light, levels / np.median(levels[lit])))
    return 100 * max(0.0, 1.0 - float(light.min()))


def _paper_beside(
    photo: Photo,
    camera: Camera,
    paper: PaperLight,
    skin: NDArray[np.float32],
    silhouette: Silhouette,
    surface: Surface,
) -> tuple[NDArray[np.float64], ...]:
    """Open paper: distance from the tip along the axis, to its side, and share of the light, shapes (n,)."""
    places = paper_places_mm()
    places = places[_open_paper(places, skin, silhouette.mask) & (places[:, 1] < paper.lowest_mm)]
    pixels = camera.project(in_world(places))
    inside = ((pixels >= 0) & (pixels <= [photo.width_px - 1, photo.height_px - 1])).all(axis=1)
    places, light, expected = places[inside], light_at(photo, pixels[inside]), paper.at(places[inside])
    share = light.mean(axis=1) / expected.mean(axis=1)
    tint = light / expected / share[:, None]
    white = (np.abs(tint - 1).max(axis=1, initial=0.0) < PAPER_TINT_TOLERANCE) & (share > DARKEST_PAPER_SHARE)
    along, lateral, _ = surface.axis.coordinates(in_world(places[white]))
    return along - surface.along_mm[0], lateral, share[white]


def _skin_level(photo: Photo, camera: Camera, paper: PaperLight, surface: Surface, start_mm: float) -> float:
    """Light of a stretch of the digit's top as a share of white paper's."""
    places = surface.along_mm[0] + np.arange(start_mm + SKIN_STEP_MM / 2, start_mm + STRETCH_MM, SKIN_STEP_MM)
    meridian = np.interp(places, surface.along_mm, surface.meridian_mm)
    grid = np.stack(np.meshgrid(meridian, np.radians(SKIN_ANGLES_DEG)), axis=-1).reshape(-1, 2)
    world = surface.roll(grid)
    share = light_at(photo, camera.project(world)).mean(axis=1) / paper.at(world[:, :2]).mean(axis=1)
    return float(np.percentile(share, SKIN_PERCENTILE))


def _open_paper(
    places_mm: NDArray[np.float64], skin: NDArray[np.float32], digit: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether places lie within the ReadingImage and clear of skin."""
    columns = round((READING_AREA.right - READING_AREA.left) / COVERED_STEP_MM)
    rows = round((READING_AREA.bottom - READING_AREA.top) / COVERED_STEP_MM)
    coarse = [
        cv2.resize(layer, (columns, rows), interpolation=cv2.INTER_NEAREST) > COVERED_PROBABILITY
        for layer in (skin, digit.astype(np.uint8))
    ]
    size = 2 * round(COVERED_REACH_MM / COVERED_STEP_MM) + 1
    covered = cv2.dilate((coarse[0] | coarse[1]).astype(np.uint8), np.ones((size, size), np.uint8))
    cells = np.floor((places_mm - [READING_AREA.left, READING_AREA.top]) / COVERED_STEP_MM).astype(int)
    inside = ((cells >= 0) & (cells < [columns, rows])).all(axis=1)
    column, row = np.clip(cells, 0, [columns - 1, rows - 1]).T
    return np.asarray(inside & (covered[row, column] == 0))
