"""The phantom's light: a key light, the room's light, the shadows they cast, and shine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.digit import DigitShape
from calibration.phantom.look import Float32Array
from calibration.phantom.skin import SurfacePoints
from calibration.phantom.wound import Body

FloatArray = NDArray[np.float64]

BUMP_STEP_MM = 0.05
"""Step over which the relief's slope is taken: one pixel at 20 px/mm."""

SCATTER = np.array([0.34, 0.16, 0.10], np.float32)
"""How far light wraps round into the shadow in red, green, blue: skin's reddish terminator (own choice)."""

BOUNCE = 0.35
"""Share of the light that the card and the table throw back up to the digit's underside (own choice)."""

SHADOW_STEPS = 14
"""Places along the way to the light at which a point of the table looks for the digit."""


@dataclass(frozen=True)
class Light:
    """Light on the table.

    Attributes
    ----------
    azimuth_deg, elevation_deg : float
        Where the key light stands: direction from x towards y, and height above the table.
    key_share : float
        Share of the key light in the light on the open table; the rest comes from all round.
    softness : float
        Half width of the key light as a tangent: 0.03 a lamp, 0.4 a window.
    gradient_per_100mm, gradient_deg : float
        Fall of the light over the table, and its direction.
    cast : tuple of float
        Colour of the light: factors of red, green, blue.
    shade : float
        Depth, 0–1, of the broad shadow of the phone or a hand.
    shade_x_mm, shade_y_mm, shade_mm : float
        Its middle and its size (standard deviation).
    glare : float
        Strength of highlights; 1 usual.
    """

    azimuth_deg: float = 235.0
    elevation_deg: float = 55.0
    key_share: float = 0.55
    softness: float = 0.25
    gradient_per_100mm: float = 0.1
    gradient_deg: float = 30.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    shade: float = 0.0
    shade_x_mm: float = 40.0
    shade_y_mm: float = 60.0
    shade_mm: float = 60.0
    glare: float = 1.0

    @cached_property
    def direction(self) -> FloatArray:
        """Unit vector (x, y, h) towards the key light."""
        turn, rise = np.radians([self.azimuth_deg, self.elevation_deg])
        return np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])

    def evenness(self, x_mm: FloatArray, y_mm: FloatArray) -> Float32Array:
        """Relative brightness of the light at places of the table, 1 in the card's middle."""
        turn = np.radians(self.gradient_deg)
        way = ((x_mm - 40.0) * np.cos(turn) + (y_mm - 30.0) * np.sin(turn)) / 100.0
        square = ((x_mm - self.shade_x_mm) ** 2 + (y_mm - self.shade_y_mm) ** 2) / self.shade_mm**2
        level = np.clip(1.0 - self.gradient_per_100mm * way, 0.3, 1.7) * (
            1.0 - self.shade * np.exp(-0.5 * square)
        )
        return np.asarray(level, np.float32)

    def on_table(self, digits: tuple[DigitShape, ...], x_mm: FloatArray, y_mm: FloatArray) -> Float32Array:
        """Light (n, 3) on points of the table, 1 for white open table in the card's middle."""
        key = np.ones(x_mm.shape, np.float32)
        sky = np.ones(x_mm.shape, np.float32)
        for digit in digits:
            key = np.minimum(key, self._shadow(digit, x_mm, y_mm))
            sky = np.minimum(sky, _open_sky(digit, x_mm, y_mm))
        level = (self.key_share * key + (1.0 - self.key_share) * sky) * self.evenness(x_mm, y_mm)
        return np.asarray(level[..., None] * np.array(self.cast, np.float32))

    def _shadow(self, digit: DigitShape, x_mm: FloatArray, y_mm: FloatArray) -> Float32Array:
        """Visible share of the key light, from the least clearance between the way to it and the digit."""
        ground = np.stack([x_mm, y_mm, np.zeros_like(x_mm)], axis=-1).reshape(-1, 3)
        height = 2.2 * digit.radius_mm + digit.length_mm * abs(digit.axis[2])
        clearance = np.full(len(ground), 1.0)
        for way in height / self.direction[2] * (np.arange(1, SHADOW_STEPS + 1) / SHADOW_STEPS) ** 1.5:
            s, _, distance = digit.coordinates(ground + way * self.direction)
            gap = np.where(s >= 0, distance - digit.profile.radius_at(s), np.hypot(s, distance))
            gap = np.where(s > digit.length_mm, 50.0, gap)
            clearance = np.minimum(clearance, gap / (way * self.softness + 0.3))
        share = np.clip(0.5 + 0.5 * clearance, 0.0, 1.0)
        return np.asarray(share**2 * (3 - 2 * share), np.float32).reshape(x_mm.shape)

    def on_body(self, body: Body, at: SurfacePoints, eye: FloatArray) -> Float32Array:
        """Light (n, 3) that the digit sends to the camera.

        Parameters
        ----------
        body : Body
        at : SurfacePoints
            Where it is seen.
        eye : NDArray[np.float64], shape (3,)
            The lens.
        """
        distances = body.distances(at.points)
        normal = _bumped(body, at, body.height(at, distances))
        colour, shine = body.colour(at, distances), body.shine(at, distances)
        view = (eye - at.points).astype(np.float32)
        view /= np.linalg.norm(view, axis=1, keepdims=True)
        facing = (normal @ self.direction.astype(np.float32))[:, None]
        key = np.clip((facing + SCATTER) / (1.0 + SCATTER), 0.0, None) / np.float32(self.direction[2])
        up = normal[:, 2:]
        sky = 0.5 * (1 + up) + BOUNCE * 0.5 * (1 - up) * np.clip(at.points[:, 2:] / 4.0, 0.15, 1.0)
        light = self.key_share * key + (1.0 - self.key_share) * sky
        spark = self._shine(normal, view, shine)[:, None]
        even = self.evenness(at.points[:, 0], at.points[:, 1])[:, None]
        return np.asarray((colour * light + spark) * even * np.array(self.cast, np.float32), np.float32)

    def _shine(self, normal: Float32Array, view: Float32Array, shine: Float32Array) -> Float32Array:
        """Highlights of the key light (broad on skin, narrow where wet) and a pale sheen at grazing view."""
        half = view + self.direction.astype(np.float32)
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        peak = np.clip((normal * half).sum(axis=1), 0.0, 1.0)
        grazing = (1.0 - np.clip((normal * view).sum(axis=1), 0.0, 1.0)) ** 5
        sharp = 1.0 / (0.004 + 0.25 * self.softness**2)
        lobes = 0.05 * peak**14 + shine * 0.55 * peak ** np.float32(min(sharp, 180.0))
        return np.asarray(self.glare * (self.key_share * lobes + 0.06 * grazing * (0.3 + shine)), np.float32)


def _open_sky(digit: DigitShape, x_mm: FloatArray, y_mm: FloatArray) -> Float32Array:
    """Share of the room's light beside a long cylinder on the table, d from its contact: d² / (d² + R²)."""
    ground = np.stack([x_mm, y_mm, np.full_like(x_mm, digit.tip[2])], axis=-1).reshape(-1, 3)
    s, _, _ = digit.coordinates(ground)
    aside = (ground - digit.tip) @ digit.across
    square = aside**2 + np.minimum(s - digit.tip_length_mm, 0.0) ** 2
    return np.asarray(square / (square + digit.radius_mm**2), np.float32).reshape(x_mm.shape)


def _bumped(body: Body, at: SurfacePoints, height: Float32Array) -> Float32Array:
    """Normals (n, 3) tilted by the slope of the relief."""
    first = np.cross(at.normal, body.digit.axis + 0.01 * body.digit.side)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(at.normal, first)
    normal = at.normal.astype(np.float32)
    for tangent in (first, second):
        aside = SurfacePoints.on(body.digit, at.points + BUMP_STEP_MM * tangent)
        slope = (body.height(aside, body.distances(aside.points)) - height) / BUMP_STEP_MM
        normal = normal - slope[:, None] * tangent.astype(np.float32)
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True), np.float32)
