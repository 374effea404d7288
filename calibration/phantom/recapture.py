"""A printed card photographed with all that phones and hands do to a picture, one degradation at a time.

The print's fine structure meets the sensor's grid as it does in a camera: light is averaged over each pixel's
area, then sampled through a Bayer mosaic, so that moiré, halos and colour fringes come about by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.phantom.camera import Camera
from calibration.phantom.look import Float32Array, linear
from calibration.phantom.sensor import Sensor, encode_jpeg
from calibration.phantom.sheet import MIDDLE_MM, Sheet
from calibration.phantom.table import MATERIALS, Material

FloatArray = NDArray[np.float64]

RAYS_PER_PIXEL = 2
GRID_RAYS_PER_PIXEL = 3
"""A pixel averages 2 × 2 rays over its area; 3 × 3 where a grid must be told from its neighbours: three rays
to the finest screen's stripe at 16 px/mm."""

NODE_PX = 8
"""Places on the sheet are computed every 8 rays and interpolated: plane and cylinder are smooth."""

BAND_ROWS = 128
"""Rows that are drawn at a time, for memory's sake."""

LENS_PX = 0.4
"""Standard deviation of a good lens's blur, at the sensor's pitch (own choice)."""

CODES = 65535
"""Full scale of the mosaic: 16 bits, so that demosaicing rounds nothing that shows."""

WOBBLE_WAVES = 2.5
"""Waves of a hand's tremor (8–12 Hz) and its overtones within a picture's height, read in 30 to 100 ms."""


@dataclass(frozen=True)
class Recapture:
    """How a card is photographed.

    Attributes
    ----------
    sensor : Sensor
        Exposure, defocus, motion blur, noise, sharpening, and vignetting.
    wobble_px : float
        Amplitude of the hand's tremor while the rows are read one after the other (rolling shutter).
    wobble_exposure : float
        Time for which a row is exposed as a share of the time in which all are read: it blurs by as much as
        the tremor moves meanwhile.
    fall_per_100mm, fall_deg : float
        Share of the light lost over 100 mm of the card, and the direction.
    glare : float
        Light of a lamp's reflection in the glossy toner, in units of white paper.
    glare_mm : tuple of float
        Its middle on the card, and its size (standard deviation).
    cover_left_mm, cover_below_mm : float
        How far a cloth reaches over the card from its left and its lower edge.
    jpeg_quality : int
        Of the file; colour at half resolution (4:2:0).
    table : str
        What the card lies on.
    """

    sensor: Sensor = field(default_factory=lambda: Sensor(exposure=0.85, blur_px=0.6))
    wobble_px: float = 0.0
    wobble_exposure: float = 0.3
    fall_per_100mm: float = 0.1
    fall_deg: float = 30.0
    glare: float = 0.0
    glare_mm: tuple[float, float, float] = (8.0, 8.0, 6.0)
    cover_left_mm: float = 0.0
    cover_below_mm: float = 0.0
    jpeg_quality: int = 90
    table: Material = "wood"

    def photograph(self, view: Exposure, rng: Generator) -> NDArray[np.uint8]:
        """The photograph as decoded from its file.

        Parameters
        ----------
        view : Exposure
            What the lens throws on the sensor.
        rng : Generator
            Decides the noise and the tremor's phase.

        Returns
        -------
        NDArray[np.uint8], shape (height, width, 3)
            sRGB.
        """
        light = self.sensor.blurred(self._wobbled(self._lit(view), rng))
        seen = self._through_mosaic(light * np.float32(self.sensor.exposure), rng)
        rest = replace(self.sensor, exposure=1.0, blur_px=0.0, motion_px=0.0, read_noise=0.0, shot_noise=0.0)
        jpeg = encode_jpeg(rest.develop(seen, rng), self.jpeg_quality)
        decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        return np.asarray(decoded, np.uint8)

    def _lit(self, view: Exposure) -> Float32Array:
        """Cloth, uneven light, and the lamp's reflection."""
        x, y = view.card_mm[..., 0], view.card_mm[..., 1]
        light = np.where(view.on_card[..., None], view.light, linear(MATERIALS[self.table]))
        cloth = (x < self.cover_left_mm) | (y > DIGIT_CARD.height_mm - self.cover_below_mm)
        light[cloth & view.on_card] = linear(MATERIALS["drape"])
        turn = np.radians(self.fall_deg)
        way = (x - MIDDLE_MM[0]) * np.cos(turn) + (y - MIDDLE_MM[1]) * np.sin(turn)
        light *= np.clip(1 - self.fall_per_100mm * way / 100, 0.1, 1.9)[..., None]
        if self.glare:
            middle_x, middle_y, size = self.glare_mm
            light += (
                self.glare * np.exp(-0.5 * ((x - middle_x) ** 2 + (y - middle_y) ** 2) / size**2)[..., None]
            )
        return np.asarray(light, np.float32)

    def _wobbled(self, light: Float32Array, rng: Generator) -> Float32Array:
        """Each row where the trembling hand held the camera while it was read."""
        if not self.wobble_px:
            return light
        height, width = light.shape[:2]
        phase = rng.uniform(0, 2 * np.pi, 2)
        columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        total = np.zeros_like(light)
        moments = np.linspace(-0.5, 0.5, 5) * self.wobble_exposure
        for moment in moments:
            angle = 2 * np.pi * WOBBLE_WAVES * (rows / height + moment)
            x = columns + np.float32(self.wobble_px) * np.sin(angle + phase[0])
            y = rows + np.float32(self.wobble_px) * np.sin(angle + phase[1])
            total += cv2.remap(
                light,
                x.astype(np.float32),
                y.astype(np.float32),
                cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REPLICATE,
            )
        return np.asarray(total / len(moments), np.float32)

    def _through_mosaic(self, light: Float32Array, rng: Generator) -> Float32Array:
        """One colour to a pixel, with its noise; the others guessed from its neighbours."""
        raw = light[..., 1].copy()
        raw[0::2, 0::2] = light[0::2, 0::2, 0]
        raw[1::2, 1::2] = light[1::2, 1::2, 2]
        deviation = np.sqrt(
            np.float32(self.sensor.read_noise**2) + np.float32(self.sensor.shot_noise) * np.maximum(raw, 0)
        )
        raw += rng.standard_normal(raw.shape, dtype=np.float32) * deviation
        codes = np.rint(np.clip(raw, 0, 1) * CODES).astype(np.uint16)
        return np.asarray(cv2.cvtColor(codes, cv2.COLOR_BayerBG2RGB_EA) / np.float32(CODES), np.float32)


@dataclass(frozen=True)
class Exposure:
    """What a lens throws on a sensor, in even light and without noise.

    Attributes
    ----------
    light : NDArray[np.float32], shape (height, width, 3)
        Linear light, 1 for a perfect white.
    card_mm : NDArray[np.float32], shape (height, width, 2)
        Place on the sheet at each pixel's centre.
    on_card : NDArray[np.bool_], shape (height, width)
        Whether that is on the sheet.
    """

    light: Float32Array
    card_mm: Float32Array
    on_card: NDArray[np.bool_]


def expose(sheet: Sheet, camera: Camera) -> Exposure:
    """Look at a sheet through a camera.

    Parameters
    ----------
    sheet : Sheet
    camera : Camera

    Returns
    -------
    Exposure
        Blurred by the lens before it is averaged over the pixels, as in a camera.
    """
    bands = [
        _band(sheet, camera, first, min(first + BAND_ROWS, camera.height_px))
        for first in range(0, camera.height_px, BAND_ROWS)
    ]
    light = np.concatenate([band[0] for band in bands])
    card_mm = np.concatenate([band[1] for band in bands])
    on_card = _inside(card_mm)
    if sheet.slip is not None:
        on_card |= sheet.slip.holds(card_mm)
    return Exposure(light, card_mm, on_card)


def _inside(card_mm: Float32Array) -> NDArray[np.bool_]:
    x, y = card_mm[..., 0], card_mm[..., 1]
    slot = DIGIT_CARD.slot
    on_sheet = (x > 0) & (x < DIGIT_CARD.width_mm) & (y > 0) & (y < DIGIT_CARD.height_mm)
    return np.asarray(on_sheet & ~((x > slot.left) & (x < slot.right) & (y > slot.top)))


def _band(sheet: Sheet, camera: Camera, first: int, last: int) -> tuple[Float32Array, Float32Array]:
    """Light and place of some rows; two rows more on either side carry the lens's blur."""
    fine, margin = RAYS_PER_PIXEL if sheet.grid == "none" else GRID_RAYS_PER_PIXEL, 2
    rows, columns = (last - first + 2 * margin) * fine, camera.width_px * fine
    node_x, node_y = np.meshgrid(
        np.arange(0, columns + NODE_PX, NODE_PX), np.arange(0, rows + NODE_PX, NODE_PX)
    )
    pixels = np.stack([(node_x + 0.5) / fine - 0.5, (node_y + 0.5) / fine - 0.5 + first - margin], axis=-1)
    nodes = sheet.seen(camera.position, camera.rays(pixels)).astype(np.float32)
    across, down = np.meshgrid(
        np.arange(columns, dtype=np.float32) / NODE_PX, np.arange(rows, dtype=np.float32) / NODE_PX
    )
    place = np.asarray(cv2.remap(nodes, across, down, cv2.INTER_LINEAR), np.float32)
    where = place * np.float32(sheet.texels_per_mm) - np.float32(0.5)
    drawn = cv2.remap(
        sheet.texture, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    seen = cv2.GaussianBlur(sheet.gridded(np.asarray(drawn, np.float32), place), (0, 0), LENS_PX * fine)
    size = (camera.width_px, last - first + 2 * margin)
    light, middle = (
        np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)[margin:-margin]
        for part in (seen, place)
    )
    return light, middle
