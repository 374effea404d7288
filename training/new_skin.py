"""New skin across a laid-on wound: bridges that split it and islands within, as healing leaves them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

BRIDGED, ISLAND = 0.35, 0.35
"""Shares of laid-on wounds that a bridge splits, and that hold an island."""

SMALLEST_PX = 24.0
"""Diameter below which a wound is not cut: what is left on either side would be specks."""

BRIDGE_PX = (4.0, 11.0)
"""Width of a bridge: 0.4 to 1.1 mm at 10 px/mm."""

BOW = 0.15
"""How far a bridge bows, in the wound's diameters."""

ISLAND_RADII = (0.15, 0.35)
"""Radius of an island in the wound's radii."""


def new_skin(rng: Generator, wound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where new skin covers a wound.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    wound : NDArray[np.float32], shape (H, W)
        Coverage of the wound, 0 to 1.

    Returns
    -------
    NDArray[np.float32], shape (H, W)
        Coverage of the wound by new skin, 0 to 1; zero everywhere for most wounds.
    """
    cover = np.zeros(wound.shape, dtype=np.uint8)
    places = np.argwhere(wound > 0.5)  # noqa: PLR2004
    diameter_px = 2 * float(np.sqrt(len(places) / np.pi))
    if diameter_px >= SMALLEST_PX:
        middle = places.mean(axis=0)[::-1]
        if rng.random() < BRIDGED:
            _bridge(rng, cover, middle, diameter_px)
        if rng.random() < ISLAND:
            _island(rng, cover, middle, diameter_px)
    return np.asarray(cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 0.8), dtype=np.float32)


def _bridge(
    rng: Generator, cover: NDArray[np.uint8], middle: NDArray[np.float64], diameter_px: float
) -> None:
    angle = rng.uniform(0, np.pi)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    run = np.linspace(-1, 1, 33)[:, None]
    offset, bow = rng.uniform(-0.25, 0.25), rng.uniform(-BOW, BOW)
    points = middle + diameter_px * (run * along + (offset + bow * run**2) * across)
    cv2.polylines(cover, [np.rint(points).astype(np.int32)], False, (1,), round(rng.uniform(*BRIDGE_PX)))


def _island(
    rng: Generator, cover: NDArray[np.uint8], middle: NDArray[np.float64], diameter_px: float
) -> None:
    centre = middle + rng.uniform(-0.2, 0.2, 2) * diameter_px
    radius_px = rng.uniform(*ISLAND_RADII) * diameter_px / 2
    cv2.circle(cover, (round(float(centre[0])), round(float(centre[1]))), round(radius_px), (1,), -1)
