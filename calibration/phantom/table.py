"""What lies under the digit: the table, the printed card upon it, and a cloth over part of the card."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD, Rectangle
from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.light import Light
from calibration.phantom.look import Float32Array, decode_srgb, linear
from calibration.phantom.noise import plane_noise
from calibration.print_card import MM_PER_INCH, card_image

FloatArray = NDArray[np.float64]

Material = Literal["wood", "cloth", "sheet", "steel", "drape", "dark"]

MATERIALS: dict[Material, tuple[float, float, float]] = {
    "wood": (158, 116, 78),
    "cloth": (92, 138, 122),
    "sheet": (222, 222, 218),
    "steel": (158, 161, 164),
    "drape": (70, 118, 172),
    "dark": (58, 58, 62),
}
"""Tables of clinics, sRGB (own choice)."""

TEXTURE_PX_PER_MM = (12, 16, 24, 48)
"""Resolutions at which the card is drawn: whole texels to a millimetre, so edges lie between them."""

PAPER, INK = 0.895, 0.030
"""Reflectance of white paper and of black toner; usual office prints lie at 0.85–0.9 and 0.02–0.05."""

SUPERSAMPLING = 2
"""Card pixels are averaged from 2 × 2 rays into a texture of about the same pitch: edges keep their place."""

GRID_PX = 8
"""Table and light are smooth: their coordinates are computed every 8 pixels and interpolated."""

LIGHT_GRID_MM = 1.0
"""Pitch of the map of light on the table."""

LIGHT_REACH_MM = 260.0
"""The map of light ends this far from the card's middle; farther out it continues evenly."""


@dataclass(frozen=True)
class Table:
    """Table and card.

    Attributes
    ----------
    material : str
        One of `MATERIALS`.
    brightness : float
        Factor on the material's reflectance.
    pattern : float
        Any number; other numbers give other textures.
    paper : tuple of float
        Tint of the paper.
    cover : {"none", "left", "right", "below"}
        Where a cloth covers the card.
    cover_mm : float
        How far it reaches in from that side of the card.
    card : bool
        Whether a card lies there at all.
    """

    material: Material = "wood"
    brightness: float = 1.0
    pattern: float = 0.0
    paper: tuple[float, float, float] = (1.0, 1.0, 1.0)
    cover: Literal["none", "left", "right", "below"] = "none"
    cover_mm: float = 12.0
    card: bool = True


@lru_cache(maxsize=4)
def _card_texture(px_per_mm: int) -> Float32Array:
    """The printed card and its presence (h, w, 4), linear reflectance; the slot is cut out."""
    drawn = decode_srgb(np.arange(256) / 255.0)[card_image(px_per_mm * MM_PER_INCH)]
    texture = np.ones((*drawn.shape[:2], 4), np.float32)
    texture[..., :3] = INK + (PAPER - INK) * drawn
    for patch in DIGIT_CARD.patches:
        texture[_texels(patch.area, px_per_mm)][..., :3] = linear(patch.srgb)
    texture[_texels(DIGIT_CARD.slot, px_per_mm)] = 0.0
    return np.asarray(cv2.copyMakeBorder(texture, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0))


def _texels(area: Rectangle, px_per_mm: int) -> tuple[slice, slice]:
    top, bottom, left, right = (
        round(side * px_per_mm) for side in (area.top, area.bottom, area.left, area.right)
    )
    return slice(top, bottom), slice(left, right)


def table_light(
    table: Table, light: Light, camera: Camera, shadowing: tuple[DigitShape, ...]
) -> Float32Array:
    """Light (height, width, 3) that table and card send to the camera, as if no digit hid them."""
    place = _places(camera)
    reflectance = _covered(table, place, _with_card(table, camera, _material(table, place)))
    return np.asarray(reflectance * _light_map(light, shadowing, place), np.float32)


def _places(camera: Camera) -> Float32Array:
    """Points x, y (height, width, 2) of the table in mm, interpolated between exact ones."""
    columns = np.arange(0, camera.width_px + GRID_PX, GRID_PX)
    rows = np.arange(0, camera.height_px + GRID_PX, GRID_PX)
    nodes = camera.table_points(np.stack(np.meshgrid(columns, rows), axis=-1).astype(float)).astype(
        np.float32
    )
    across = np.tile(np.arange(camera.width_px, dtype=np.float32) / GRID_PX, (camera.height_px, 1))
    down = np.tile(np.arange(camera.height_px, dtype=np.float32)[:, None] / GRID_PX, (1, camera.width_px))
    return np.asarray(cv2.remap(nodes, across, down, cv2.INTER_LINEAR))


def _material(table: Table, place: Float32Array) -> Float32Array:
    """Reflectance (height, width, 3) of the table."""
    x, y, pattern = place[..., 0], place[..., 1], table.pattern
    base = linear(MATERIALS[table.material]) * table.brightness
    if table.material == "wood":
        grain = 0.16 * plane_noise(x, y, (90.0, 3.5), pattern) + 0.10 * plane_noise(
            x, y, (40.0, 1.1), pattern + 1
        )
        return _tinted(base, grain + 0.15 * plane_noise(x, y, 110.0, pattern + 2), (0.8, 1.0, 1.2))
    if table.material == "steel":
        return _tinted(
            base,
            0.04 * plane_noise(x, y, (60.0, 0.9), pattern) + 0.25 * plane_noise(x, y, 160.0, pattern + 1),
        )
    if table.material == "dark":
        return _tinted(base, 0.08 * plane_noise(x, y, 1.2, pattern))
    weave = 0.05 * np.sin(2 * np.pi * x / 0.9) * np.sin(2 * np.pi * y / 0.9)
    folds = 0.10 * plane_noise(x, y, 45.0, pattern) + 0.05 * plane_noise(x, y, (90.0, 14.0), pattern + 1)
    return _tinted(base, weave + folds + 0.03 * plane_noise(x, y, 1.6, pattern + 2))


def _tinted(
    base: Float32Array, level: Float32Array, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> Float32Array:
    return np.clip(base * np.exp(level[..., None] * np.array(tint, np.float32)), 0.005, 0.95).astype(
        np.float32
    )


def _with_card(table: Table, camera: Camera, ground: Float32Array) -> Float32Array:
    """Lay the card on the table: rays through 2 × 2 sub-pixels, exact lens and perspective."""
    rows, columns = _card_window(camera)
    if not table.card or rows.stop <= rows.start or columns.stop <= columns.start:
        return ground
    step = 1.0 / SUPERSAMPLING
    across = np.arange(columns.start, columns.stop, step) + (step - 1) / 2
    down = np.arange(rows.start, rows.stop, step) + (step - 1) / 2
    texture_scale = _texture_scale(camera)
    texture = _card_texture(texture_scale)
    band = 256 * SUPERSAMPLING
    for first in range(0, len(down), band):
        some = down[first : first + band]
        where = camera.table_points(np.stack(np.meshgrid(across, some), axis=-1)) * texture_scale + 0.5
        maps = where.astype(np.float32)
        card = cv2.remap(
            texture, maps[..., 0], maps[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )
        card = cv2.resize(card, None, fx=step, fy=step, interpolation=cv2.INTER_AREA)
        top = rows.start + first // SUPERSAMPLING
        part = ground[top : top + len(card), columns]
        grain = 1.0 + 0.006 * np.random.default_rng(round(table.pattern * 1e6) + first).standard_normal(
            card.shape[:2]
        )
        paper = np.array(table.paper, np.float32) * grain[..., None].astype(np.float32)
        ground[top : top + len(card), columns] = part * (1.0 - card[..., 3:]) + card[..., :3] * paper
    return ground


def _card_window(camera: Camera) -> tuple[slice, slice]:
    """Rows and columns of the photograph that may show the card."""
    x, y = np.meshgrid(np.linspace(0, DIGIT_CARD.width_mm, 9), np.linspace(0, DIGIT_CARD.height_mm, 9))
    pixels = camera.project(np.stack([x, y, np.zeros_like(x)], axis=-1)).reshape(-1, 2)
    low, high = np.floor(pixels.min(axis=0)) - 4, np.ceil(pixels.max(axis=0)) + 5
    limit = (camera.width_px, camera.height_px)
    left, top = (int(np.clip(value, 0, size)) for value, size in zip(low, limit, strict=True))
    right, bottom = (int(np.clip(value, 0, size)) for value, size in zip(high, limit, strict=True))
    return slice(top, bottom), slice(left, right)


def _texture_scale(camera: Camera) -> int:
    """Texture resolution that suits the photograph's: about two texels to a pixel."""
    needed = SUPERSAMPLING * camera.focal_px / camera.distance_mm
    return min(TEXTURE_PX_PER_MM, key=lambda scale: abs(np.log(scale / needed)))


def _covered(table: Table, place: Float32Array, ground: Float32Array) -> Float32Array:
    """Lay a cloth over one side of the card."""
    if table.cover == "none":
        return ground
    x, y = place[..., 0], place[..., 1]
    inwards = {
        "left": table.cover_mm - x,
        "right": x - DIGIT_CARD.width_mm + table.cover_mm,
        "below": y - DIGIT_CARD.height_mm + table.cover_mm,
    }[table.cover]
    edge = inwards + 1.2 * plane_noise(x, y, 35.0, table.pattern + 7.0) + 0.05 * (y - DIGIT_CARD.height_mm)
    share = np.clip(0.5 + edge / 0.25, 0.0, 1.0)[..., None]
    hem = 1.0 - 0.45 * np.exp(-((np.minimum(edge, 0.0) / 1.6) ** 2)) * (edge < 0)
    other: Material = "drape" if table.material != "drape" else "cloth"
    cloth = _material(Table(other, pattern=table.pattern + 0.5), place)
    return np.asarray(ground * hem[..., None] * (1 - share) + cloth * share, np.float32)


def _light_map(light: Light, shadowing: tuple[DigitShape, ...], place: Float32Array) -> Float32Array:
    """Light (height, width, 3) on the table at each pixel, from a coarse map."""
    middle = np.array([DIGIT_CARD.width_mm, DIGIT_CARD.height_mm]) / 2
    steps = np.arange(-LIGHT_REACH_MM, LIGHT_REACH_MM + LIGHT_GRID_MM, LIGHT_GRID_MM)
    low = np.maximum(place.reshape(-1, 2).min(axis=0), middle + steps[0])
    high = np.minimum(place.reshape(-1, 2).max(axis=0), middle + steps[-1])
    x = np.arange(low[0] - LIGHT_GRID_MM, high[0] + 2 * LIGHT_GRID_MM, LIGHT_GRID_MM)
    y = np.arange(low[1] - LIGHT_GRID_MM, high[1] + 2 * LIGHT_GRID_MM, LIGHT_GRID_MM)
    grid_x, grid_y = np.meshgrid(x, y)
    grid = light.on_table(shadowing, grid_x, grid_y)
    where = (place - np.array([x[0], y[0]], np.float32)) / np.float32(LIGHT_GRID_MM)
    return np.asarray(
        cv2.remap(grid, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )
