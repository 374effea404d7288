"""Place for the capture gate: where the digit lies on the card, and the ulcer in the photograph."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.photo import Photo
from calibration.rectify import ReadingImage
from calibration.silhouette import Silhouette
from calibration.surface import Surface


@dataclass(frozen=True)
class DigitPlace:
    """Where a digit lies on the card.

    Attributes
    ----------
    tip_inside_mm : float
        From the card's upper edge to the tip as the camera sees it on the card's plane.
    on_card_mm : float
        Length of the axis from the tip to the card's lower edge.
    aside_mm : float
        Distance of the axis from the slot's middle line, half-way along that length.
    askew_deg : float
        Angle between the axis and the slot.
    """

    tip_inside_mm: float
    on_card_mm: float
    aside_mm: float
    askew_deg: float


def digit_place(silhouette: Silhouette, surface: Surface) -> DigitPlace:
    """Tell where a digit that lies flat is on the card.

    Parameters
    ----------
    silhouette : Silhouette
        Its outline on the card's plane.
    surface : Surface
        Its surface.

    Returns
    -------
    DigitPlace
    """
    tip = surface.roll(np.array([[0.0, 0.0]]))[0, :2]
    across, down = surface.axis.direction
    on_card_mm = (DIGIT_CARD.height_mm - tip[1]) / max(float(down), 1e-6)
    middle_x = tip[0] + on_card_mm / 2 * across
    slot = DIGIT_CARD.slot
    return DigitPlace(
        tip_inside_mm=float(min(silhouette.left_mm[:, 1].min(), silhouette.right_mm[:, 1].min())),
        on_card_mm=float(on_card_mm),
        aside_mm=float(abs(middle_x - (slot.left + slot.right) / 2)),
        askew_deg=float(np.degrees(np.arctan2(abs(across), down))),
    )


def ulcer_margin_percent(
    photo: Photo, camera: Camera, reading: ReadingImage, ulcer: NDArray[np.bool_]
) -> float | None:
    """Least distance of the ulcer from the photograph's border.

    Parameters
    ----------
    photo : Photo
        The photograph.
    camera : Camera
        The camera over its card.
    reading : ReadingImage
        The card's plane.
    ulcer : NDArray[np.bool_], shape (height, width)
        What was counted as ulcer in it.

    Returns
    -------
    float or None
        Percent of the photograph's shorter side, 50 at most; None without an ulcer.
    """
    contours, _ = cv2.findContours(ulcer.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    border = reading.to_card_mm(np.concatenate(contours).reshape(-1, 2).astype(np.float64))
    seen = camera.project(in_world(border))
    last = np.array([photo.width_px - 1, photo.height_px - 1])
    margin_px = max(0.0, float(np.minimum(seen, last - seen).min()))
    return 100 * margin_px / min(photo.width_px, photo.height_px)
