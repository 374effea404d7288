"""The ReadingImage: the card's plane at a fixed scale, cut to where the digit lies."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.digit_card import Rectangle, in_world
from calibration.photo import Photo

READING_SCALE_PX_PER_MM = 20.0
"""0.05 mm a pixel: one pixel of border is 5 % of a 12 mm² ulcer, and the best phones give no more."""

READING_AREA = Rectangle(left=14.5, top=2.0, right=65.5, bottom=68.0)
"""Between the two columns of markers, and 8 mm beyond the card towards the hand, where a leaning camera sees
ulcers near the proximal interphalangeal joint. Holds a thick digit's outline, and no marker."""


RIM_POINTS = 20
"""Points along each side of the area, for a lens bends its sides."""


@dataclass(frozen=True)
class ReadingImage:
    """The card's plane seen squarely.

    Attributes
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        sRGB pixels.
    scale_px_per_mm : float
        On the card's plane.
    origin_mm : tuple of float
        x, y on the card of the image's top-left edge (not of the first pixel's centre).
    """

    rgb: NDArray[np.uint8]
    scale_px_per_mm: float
    origin_mm: tuple[float, float]

    def to_card_mm(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel centres (x, y; shape (n, 2)) to millimetres on the card, shape (n, 2)."""
        return np.asarray((pixels + 0.5) / self.scale_px_per_mm + np.array(self.origin_mm))

    def from_card_mm(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Millimetres on the card (shape (n, 2)) to pixels (x, y), shape (n, 2)."""
        return np.asarray((points_mm - np.array(self.origin_mm)) * self.scale_px_per_mm - 0.5)


def reading_map(camera: Camera, area: Rectangle = READING_AREA) -> NDArray[np.float32]:
    """Where each pixel of the ReadingImage lies in the photograph.

    Returns
    -------
    NDArray[np.float32], shape (height, width, 2)
        x, y in photo pixels, lens distortion included.
    """
    scale = READING_SCALE_PX_PER_MM
    columns, rows = round((area.right - area.left) * scale), round((area.bottom - area.top) * scale)
    x_mm = area.left + (np.arange(columns) + 0.5) / scale
    y_mm = area.top + (np.arange(rows) + 0.5) / scale
    grid = np.stack(np.meshgrid(x_mm, y_mm), axis=-1).reshape(-1, 2)
    return camera.project(in_world(grid)).astype(np.float32).reshape(rows, columns, 2)


def rectify(photo: Photo, camera: Camera, area: Rectangle = READING_AREA) -> ReadingImage:
    """Resample the photograph on the card's plane.

    Parameters
    ----------
    photo : Photo
        The photograph.
    camera : Camera
        The camera over its card.
    area : Rectangle
        What to keep, in millimetres on the card.

    Returns
    -------
    ReadingImage
        At `READING_SCALE_PX_PER_MM`; black where the photograph does not reach.
    """
    rgb = sample(photo.rgb, reading_map(camera, area), cv2.INTER_CUBIC)
    return ReadingImage(rgb.astype(np.uint8), READING_SCALE_PX_PER_MM, (area.left, area.top))


def rectify_mask(
    mask: NDArray[np.bool_], camera: Camera, area: Rectangle = READING_AREA
) -> NDArray[np.float32]:
    """Carry a mask of the photograph onto the ReadingImage.

    Parameters
    ----------
    mask : NDArray[np.bool_], shape (photo height, photo width)
        True where the class is.

    Returns
    -------
    NDArray[np.float32], shape (height, width)
        Between 0 and 1; 0.5 is the mask's border.
    """
    values = sample(mask.astype(np.float32), reading_map(camera, area), cv2.INTER_LINEAR)
    return values.astype(np.float32)


def share_in_reading(mask: NDArray[np.bool_], camera: Camera, area: Rectangle = READING_AREA) -> float:
    """Share of a photograph's mask that the ReadingImage shows.

    Parameters
    ----------
    mask : NDArray[np.bool_], shape (photo height, photo width)
        Not empty.
    """
    xs, ys = np.linspace(area.left, area.right, RIM_POINTS), np.linspace(area.top, area.bottom, RIM_POINTS)
    rim_mm = np.concatenate(
        [
            np.column_stack([xs, np.full(RIM_POINTS, area.top)]),
            np.column_stack([np.full(RIM_POINTS, area.right), ys]),
            np.column_stack([xs[::-1], np.full(RIM_POINTS, area.bottom)]),
            np.column_stack([np.full(RIM_POINTS, area.left), ys[::-1]]),
        ]
    )
    shown = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(shown, [np.rint(camera.project(in_world(rim_mm))).astype(np.int32)], 1)
    return float(shown[mask].mean())


def sample(
    image: NDArray[np.uint8 | np.float32], where: NDArray[np.float32], interpolation: int
) -> NDArray[np.uint8 | np.float32]:
    """Look pixels up at fractional positions; 0 outside the picture."""
    return np.asarray(
        cv2.remap(image, where[..., 0], where[..., 1], interpolation, borderMode=cv2.BORDER_CONSTANT)
    )
