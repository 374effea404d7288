"""From light to file: blur, noise, the phone's tone curve, JPEG and its header."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from calibration.phantom.look import Float32Array

TONE_STEPS = 65536
"""Entries of the table that turns linear light into sRGB values."""

MOTION_KERNEL_PX = 31
"""Largest kernel of motion blur."""

TURNS = {1: 0, 3: 2, 6: 1, 8: -1}
"""EXIF orientations without mirroring, as quarter turns anticlockwise from upright to stored pixels."""


@dataclass(frozen=True)
class Sensor:
    """Optics' sharpness, exposure and noise.

    Attributes
    ----------
    exposure : float
        Linear value of a white surface in full light; 1 clips.
    blur_px : float
        Standard deviation of the defocus.
    motion_px, motion_deg : float
        Length and direction of motion blur.
    read_noise, shot_noise : float
        Standard deviation in the dark, and variance per linear unit (full scale 1).
    sharpening : float
        Strength of the phone's unsharp mask.
    vignetting : float
        Light lost in the corners.
    """

    exposure: float = 0.95
    blur_px: float = 0.7
    motion_px: float = 0.0
    motion_deg: float = 0.0
    read_noise: float = 0.002
    shot_noise: float = 0.00008
    sharpening: float = 0.2
    vignetting: float = 0.08

    def develop(self, light: Float32Array, rng: Generator) -> NDArray[np.uint8]:
        """A picture (height, width, 3) of sRGB bytes from linear light of the same shape."""
        picture = light * np.float32(self.exposure)
        picture = self._vignetted(self.blurred(picture))
        noise = rng.standard_normal(picture.shape, dtype=np.float32)
        deviation = np.sqrt(
            np.float32(self.read_noise**2) + np.float32(self.shot_noise) * np.maximum(picture, 0)
        )
        picture += noise * deviation
        toned = _tone_table()[(np.clip(picture, 0.0, 1.0) * (TONE_STEPS - 1) + 0.5).astype(np.uint16)]
        if self.sharpening:
            toned = toned + np.float32(self.sharpening) * (toned - cv2.GaussianBlur(toned, (0, 0), 1.2))
        return np.asarray(np.clip(toned * 255.0 + 0.5, 0.0, 255.0), np.uint8)

    def blurred(self, picture: Float32Array) -> Float32Array:
        """Linear light (height, width, 3) through defocus and motion."""
        if self.blur_px > 0:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), self.blur_px), np.float32)
        if self.motion_px > 0:
            kernel = np.zeros((MOTION_KERNEL_PX, MOTION_KERNEL_PX), np.float32)
            middle, turn = MOTION_KERNEL_PX // 2, np.radians(self.motion_deg)
            for part in np.linspace(-0.5, 0.5, 8 * MOTION_KERNEL_PX):
                way = part * min(self.motion_px, MOTION_KERNEL_PX - 2)
                kernel[round(middle + way * np.sin(turn)), round(middle + way * np.cos(turn))] += 1
            picture = np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)
        return picture

    def _vignetted(self, picture: Float32Array) -> Float32Array:
        height, width = picture.shape[:2]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * (width / np.hypot(width, height))
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * (height / np.hypot(width, height))
        return np.asarray(picture * (1.0 - np.float32(self.vignetting) * (x**2 + y**2))[..., None])


def _tone_table() -> Float32Array:
    """sRGB values 0–1 of linear values, evenly spaced (IEC 61966-2-1)."""
    value = np.linspace(0.0, 1.0, TONE_STEPS)
    high = 1.055 * np.maximum(value, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(value > 0.0031308, high, 12.92 * value).astype(np.float32)  # noqa: PLR2004


@dataclass(frozen=True)
class Header:
    """What phones write into the file: the focal length is wanted, the rest could unblind a reader.

    Attributes
    ----------
    focal_35mm : float or None
        Written rounded to a whole number, as phones do.
    orientation : int
        EXIF orientation 1, 3, 6 or 8; the stored pixels are turned so that the picture shows upright.
    make, model, taken_at : str or None
        `taken_at` as EXIF writes it, local time: "2024:02:29 10:11:12".
    gps : tuple of float or None
        Latitude and longitude in degrees.
    zoom : float or None
        Digital zoom.
    size_px : tuple of int or None
        Width and height of the picture when it was taken.
    """

    focal_35mm: float | None = 26.0
    orientation: int = 1
    make: str | None = None
    model: str | None = None
    taken_at: str | None = None
    gps: tuple[float, float] | None = None
    zoom: float | None = None
    size_px: tuple[int, int] | None = None

    def exif(self) -> Image.Exif:
        """The header as Pillow writes it."""
        exif = Image.Exif()
        exif[Base.Orientation] = self.orientation
        for tag, text in ((Base.Make, self.make), (Base.Model, self.model), (Base.DateTime, self.taken_at)):
            if text is not None:
                exif[tag] = text
        details = exif.get_ifd(IFD.Exif)
        if self.focal_35mm is not None:
            details[Base.FocalLengthIn35mmFilm] = round(self.focal_35mm)
        if self.zoom is not None:
            details[Base.DigitalZoomRatio] = self.zoom
        if self.size_px is not None:
            details[Base.ExifImageWidth], details[Base.ExifImageHeight] = self.size_px
        if self.taken_at is not None:
            details[Base.DateTimeOriginal] = self.taken_at
        if self.gps is not None:
            place = exif.get_ifd(IFD.GPSInfo)
            for value, signs, first in (
                (self.gps[0], "NS", GPS.GPSLatitudeRef),
                (self.gps[1], "EW", GPS.GPSLongitudeRef),
            ):
                place[first] = signs[value < 0]
                place[first + 1] = _sexagesimal(abs(value))
        return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees % 1) * 60
    return float(int(degrees)), float(int(minutes)), round((minutes % 1) * 60, 2)


def encode_jpeg(rgb: NDArray[np.uint8], quality: int = 92, header: Header | None = None) -> bytes:
    """A JPEG file as a phone writes it.

    Parameters
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        The upright picture.
    quality : int
        JPEG quality, 1–95; colour is stored at half resolution, as phones do.
    header : Header or None
        None writes no EXIF at all.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    stored = np.rot90(rgb, TURNS[header.orientation]) if header else rgb
    picture = Image.fromarray(np.ascontiguousarray(stored))
    exif = header.exif() if header else Image.Exif()
    picture.save(buffer, "JPEG", quality=quality, subsampling="4:2:0", exif=exif)
    return buffer.getvalue()
