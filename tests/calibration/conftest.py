"""A card photographed by a camera that is known exactly: flat, without a digit, supersampled."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.camera import project
from calibration.digit_card import DIGIT_CARD
from calibration.photo import Photo
from calibration.srgb import SRGB_TO_LINEAR

TEXTURE_PX_PER_MM = 24
SUPERSAMPLING = 2
MARGIN_MM = 40


def card_texture() -> NDArray[np.float32]:
    """The card in the middle of a grey table, in linear light."""
    scale, margin = TEXTURE_PX_PER_MM, MARGIN_MM * TEXTURE_PX_PER_MM
    height, width = int(DIGIT_CARD.height_mm * scale), int(DIGIT_CARD.width_mm * scale)
    texture = np.full((height + 2 * margin, width + 2 * margin), 105, np.uint8)
    card = texture[margin : margin + height, margin : margin + width]
    card[:] = 240
    slot = DIGIT_CARD.slot
    card[int(slot.top * scale) :, int(slot.left * scale) : int(slot.right * scale)] = 105
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DIGIT_CARD.marker_dictionary))
    side = int(DIGIT_CARD.marker_side_mm * scale)
    for marker, (left, top) in DIGIT_CARD.marker_top_left_mm.items():
        picture = cv2.aruco.generateImageMarker(dictionary, marker, side)
        card[int(top * scale) : int(top * scale) + side, int(left * scale) : int(left * scale) + side] = (
            np.clip(picture, 25, 240)
        )
    # Softer than the sub-samples are apart: point samples of a hard edge would shift it by a quarter of a
    # pixel.
    return cv2.GaussianBlur(SRGB_TO_LINEAR[texture], (0, 0), 2.0)


def pose(
    tilt_deg: float, azimuth_deg: float, distance_mm: float, roll_deg: float = 0.0
) -> NDArray[np.float64]:
    """Rotation vector and translation of a camera that looks at the card's middle."""
    tilt, azimuth, roll = np.radians([tilt_deg, azimuth_deg, roll_deg])
    lean = np.array([np.cos(azimuth), np.sin(azimuth), 0.0]) * tilt
    turn = cv2.Rodrigues(np.array([0.0, 0.0, roll]))[0] @ cv2.Rodrigues(lean)[0]
    middle = np.array([DIGIT_CARD.width_mm / 2, DIGIT_CARD.height_mm / 2, 0.0])
    translation = np.array([0.0, 0.0, distance_mm]) - turn @ middle
    return np.concatenate([cv2.Rodrigues(turn)[0].ravel(), translation])


@pytest.fixture(scope="session")
def photograph() -> Callable[..., tuple[Photo, NDArray[np.float64]]]:
    """Factory: photograph of the bare card and the parameter vector of its camera."""
    texture = card_texture()

    def take(
        tilt_deg: float = 0.0,
        azimuth_deg: float = 0.0,
        distance_mm: float = 200.0,
        roll_deg: float = 0.0,
        k1: float = 0.0,
        size: tuple[int, int] = (1600, 1200),
        blur_px: float = 0.0,
        noise: float = 1.5,
        focal_35mm: float | None = 26.0,
        light: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]] | None = None,
    ) -> tuple[Photo, NDArray[np.float64]]:
        width, height = size
        focal_px = 26.0 * float(np.hypot(width, height)) / float(np.hypot(36, 24))
        principal = ((width - 1) / 2, (height - 1) / 2)
        parameters = np.concatenate(
            [pose(tilt_deg, azimuth_deg, distance_mm, roll_deg), [np.log(focal_px), k1]]
        )
        step = 1 / SUPERSAMPLING
        columns = np.arange(width * SUPERSAMPLING) * step + (step - 1) / 2
        rows = np.arange(height * SUPERSAMPLING) * step + (step - 1) / 2
        linear = _look(texture, parameters, principal, columns, rows)
        linear = cv2.resize(linear, size, interpolation=cv2.INTER_AREA)
        if blur_px:
            linear = cv2.GaussianBlur(linear, (0, 0), blur_px)
        if light is not None:
            y, x = np.mgrid[0:height, 0:width]
            linear = linear * light(x / width, y / height)
        grey = 255 * np.where(
            linear > 0.0031308, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055, 12.92 * linear
        )
        grey = grey + np.random.default_rng(0).normal(0, noise, grey.shape)
        rgb = np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], 3, axis=2)
        return Photo(rgb, focal_35mm), parameters

    return take


def _look(
    texture: NDArray[np.float32],
    parameters: NDArray[np.float64],
    principal: tuple[float, float],
    columns: NDArray[np.float64],
    rows: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Linear light at fractional pixels: distortion undone by fixed-point iteration, then the plane's
    homography."""
    focal_px, k1 = float(np.exp(parameters[6])), float(parameters[7])
    x, y = np.meshgrid((columns - principal[0]) / focal_px, (rows - principal[1]) / focal_px)
    bent_x, bent_y = x, y
    for _ in range(8):
        factor = 1 + k1 * (x**2 + y**2)
        x, y = bent_x / factor, bent_y / factor
    rotation = cv2.Rodrigues(parameters[:3])[0]
    plane = np.column_stack([rotation[:, 0], rotation[:, 1], parameters[3:6]])
    rays = np.linalg.inv(plane) @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    card = (rays[:2] / rays[2]).reshape(2, *x.shape)
    where = ((card + MARGIN_MM) * TEXTURE_PX_PER_MM - 0.5).astype(np.float32)
    return cv2.remap(texture, where[0], where[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def true_corners_px(
    parameters: NDArray[np.float64], corners_mm: NDArray[np.float64], photo: Photo
) -> NDArray[np.float64]:
    """Where the camera really puts points of the card."""
    principal = ((photo.width_px - 1) / 2, (photo.height_px - 1) / 2)
    return project(parameters, np.column_stack([corners_mm, np.zeros(len(corners_mm))]), principal)
