"""What others do with the same photograph and the same true outline, each at its best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.measuring import Measurement
from calibration.camera import estimate_camera
from calibration.find_card import find_markers
from calibration.photo import Photo
from calibration.rectify import READING_SCALE_PX_PER_MM, rectify_mask


def rival_areas(photo: Photo, outline: NDArray[np.bool_], found: Measurement) -> dict[str, float]:
    """Areas in mm² by three usual ways.

    Parameters
    ----------
    photo : Photo
    outline : NDArray[np.bool_], shape (height, width)
        True outline in the photograph.
    found : Measurement
        Planimeter's, for length, width and the digit's thickness, which the rivals would take with a ruler.

    Returns
    -------
    dict
        `flat card scale`: the outline on the card's plane, perspective of the card corrected, as apps with
        one marker beside the wound do; `flat with height`: the same, reduced to the plane of the digit's
        top; `length × width`: the product that clinics write down, on the curved surface.
    """
    camera = estimate_camera(photo, find_markers(photo))
    flat = float(rectify_mask(outline, camera).sum()) / READING_SCALE_PX_PER_MM**2
    height_mm = -float(camera.centre_mm[2])
    return {
        "flat card scale": flat,
        "flat with height": flat * (1 - found.digit_width_mm / height_mm) ** 2,
        "length × width": found.length_mm * found.width_mm,
    }
