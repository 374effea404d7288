"""Corners of the card as the phantom's camera projects them, with noise and without a picture."""

from __future__ import annotations

import numpy as np

from calibration.digit_card import DIGIT_CARD
from calibration.find_card import MarkerCorners
from calibration.phantom.camera import Camera
from calibration.photo import Photo

ALL_MARKERS = (0, 1, 2, 3, 4, 5)


def corners_of(
    camera: Camera,
    ids: tuple[int, ...] = ALL_MARKERS,
    *,
    noise_px: float = 0.1,
    bow_mm: float = 0.0,
    start_px: tuple[float, float] = (0.0, 0.0),
    seed: int = 0,
) -> MarkerCorners:
    """Corners of a card bent along x, in a picture that begins at `start_px` of the camera's."""
    corners_mm = np.concatenate([DIGIT_CARD.marker_corners_mm(marker) for marker in ids])
    height_mm = bow_mm * (2 * corners_mm[:, 0] / DIGIT_CARD.width_mm - 1) ** 2
    pixels = camera.project(np.column_stack([corners_mm, height_mm])) - np.array(start_px)
    noise = np.random.default_rng(seed).normal(0, noise_px, pixels.shape)
    return MarkerCorners(ids, pixels + noise, corners_mm, 1.0)


def blank(width_px: int, height_px: int, focal_35mm: float | None = 26.0, zoom: float = 1.0) -> Photo:
    """A photograph of nothing, for its size and header."""
    return Photo(np.broadcast_to(np.uint8(0), (height_px, width_px, 3)), focal_35mm, zoom)
