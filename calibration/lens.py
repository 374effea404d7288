"""What is known of a photograph's lens before the card is looked at: the header, and the lenses of phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.photo import Photo

TYPICAL_FOCAL_35MM = 26.5
"""Main cameras of phones and tablets state 23 to 30 mm (median near 26); used when the header is silent."""

TYPICAL_FOCAL_RELATIVE_SD = 0.12
"""Spread of those values, widened for cropped pictures."""

STATED_FOCAL_RELATIVE_SD = 0.02
"""The header rounds to whole millimetres (± 2 % at 26 mm), and breathing at close focus adds about as
much."""

PRINCIPAL_SD_SHARE = 0.005
"""Of the picture's diagonal: sensors are glued, and stabilised lenses come to rest, some tens of pixels of
twelve megapixels off the middle (own choice: 25 px at 4000 × 3000)."""

K1_SD = 0.05
"""Residual radial distortion of phone pictures after their own correction, in units of (radius / focal
length)²."""

HELD_RELATIVE_SD = 1e-6
"""A focal length that is held is a prior this narrow."""

SENSOR_ASPECT = 4 / 3
"""Phones' sensors are 4:3; other pictures are cut from them, and makers differ on whether the 35 mm
equivalent is the sensor's or the picture's."""

LensSource = Literal["header", "zoom", "typical", "altered"]
"""`header`: as stated. `zoom`: stated, with a digital zoom that the stated focal length may or may not hold.
`typical`: the header is silent. `altered`: stated for a picture of another size, so not of this one."""


@dataclass(frozen=True)
class LensPrior:
    """Lens and spread before the card is looked at.

    Attributes
    ----------
    lens : NDArray[np.float64], shape (4,)
        Logarithm of the focal length in pixels, k1, x and y of the principal point in pixels.
    sd : NDArray[np.float64], shape (4,)
        Standard deviation of each.
    source : {"header", "zoom", "typical", "altered"}
        Where the focal length is from.
    """

    lens: NDArray[np.float64]
    sd: NDArray[np.float64]
    source: LensSource


def lens_prior(photo: Photo, focal_px: float | None = None) -> LensPrior:
    """The lens as header and experience tell it.

    Parameters
    ----------
    photo : Photo
        Size and, where stated, focal length and zoom.
    focal_px : float, optional
        Held instead.
    """
    diagonal_px = float(np.hypot(photo.width_px, photo.height_px))
    log_focal, sd = _focal(photo)
    if focal_px is not None:
        log_focal, sd = float(np.log(focal_px)), HELD_RELATIVE_SD
    principal_sd_px = PRINCIPAL_SD_SHARE * diagonal_px
    return LensPrior(
        lens=np.array([log_focal, 0.0, (photo.width_px - 1) / 2, (photo.height_px - 1) / 2]),
        sd=np.array([sd, K1_SD, principal_sd_px, principal_sd_px]),
        source=_source(photo),
    )


def _source(photo: Photo) -> LensSource:
    if photo.size_differs:
        return "altered"
    if photo.focal_35mm is None:
        return "typical"
    return "zoom" if photo.zoom > 1 else "header"


def _focal(photo: Photo) -> tuple[float, float]:
    """Logarithm of the focal length in pixels, and its spread.

    Where the stated value may or may not have been multiplied by a factor, the middle of both is taken, and
    half of what lies between them added to the spread.
    """
    if photo.focal_35mm is None:
        return float(np.log(photo.focal_px_of(TYPICAL_FOCAL_35MM))), TYPICAL_FOCAL_RELATIVE_SD
    halves = np.array([np.log(_cut_from_sensor(photo)), np.log(photo.zoom)]) / 2
    stated = float(np.log(photo.focal_px_of(photo.focal_35mm)) + halves.sum())
    return stated, float(np.hypot(STATED_FOCAL_RELATIVE_SD, np.linalg.norm(halves)))


def _cut_from_sensor(photo: Photo) -> float:
    """Diagonal of the sensor that a picture was cut from, in diagonals of the picture."""
    short, long = sorted((photo.width_px, photo.height_px))
    sensor = np.hypot(1, 1 / SENSOR_ASPECT) * max(long, short * SENSOR_ASPECT)
    return float(sensor / np.hypot(short, long))
