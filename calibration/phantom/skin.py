"""The digit's skin and nail: relief, colour and shine at points of its surface."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.digit import JOINT_MM, DigitShape
from calibration.phantom.look import BLOOD, MELANIN, NAIL_WHITE, Float32Array, Look
from calibration.phantom.noise import NoisyPoints, plane_noise

FloatArray = NDArray[np.float64]

MIDDLE_JOINT_MM = 48.0
"""Distance of the proximal interphalangeal joint from the tip (own choice within adults' range)."""

RIDGE_PERIOD_MM = 0.48
"""Period of the fingerprint's ridges: 0.4–0.5 mm in adults."""

PALM_CREASES = ((JOINT_MM - 1.0, 0.16), (MIDDLE_JOINT_MM - 1.5, 0.2), (MIDDLE_JOINT_MM + 1.5, 0.14))
"""Flexion creases on the palm's side: distance from the tip and depth, mm (own choice)."""

NAIL_START_MM = 1.2
NAIL_LENGTH_MM = 11.5
"""The nail along the meridian: from its free edge near the tip to its root (own choice)."""

NAIL_HALF_WIDTH = 0.80
"""Half width of the nail, measured round the digit, as a share of the radius."""


@dataclass(frozen=True)
class SurfacePoints:
    """Points of the digit with the coordinates that its texture needs.

    Attributes
    ----------
    points, normal : NDArray[np.float64], shape (n, 3)
        Card frame.
    place, facing : NDArray[np.float64], shape (n, 3)
        The same in the digit's frame: across, along, up.
    arc_mm, round_mm : NDArray[np.float64], shape (n,)
        Length along the meridian from the tip, and round the digit from the top.
    """

    points: FloatArray
    normal: FloatArray
    place: FloatArray
    facing: FloatArray
    arc_mm: FloatArray
    round_mm: FloatArray

    @cached_property
    def noisy(self) -> NoisyPoints:
        """Prepared for noise."""
        return NoisyPoints.at(self.place, self.facing)

    @classmethod
    def on(cls, digit: DigitShape, points: FloatArray) -> SurfacePoints:
        """Describe points (n, 3) that lie on the digit or very near to it."""
        frame = np.stack([digit.side, digit.axis, digit.up], axis=1)
        place = (points - digit.tip) @ frame
        s, across = place[:, 1], np.hypot(place[:, 0], place[:, 2])
        cosine, sine = digit.profile.slope_at(s)
        outward = cosine / np.maximum(across, 1e-9)
        facing = np.stack([outward * place[:, 0], -sine, outward * place[:, 2]], axis=1)
        phi = np.arctan2(place[:, 0], place[:, 2])
        return cls(points, facing @ frame.T, place, facing, digit.profile.arc_at(s), across * phi)


@dataclass(frozen=True)
class Skin:
    """Skin and nail of one digit.

    Attributes
    ----------
    digit : DigitShape
    look : Look
    plain : bool
        Without nail, joints and fingerprint: the rest of the hand.
    """

    digit: DigitShape
    look: Look
    plain: bool = False

    @property
    def has_nail(self) -> bool:
        """Whether a nail faces the camera."""
        return self.look.view == "dorsal" and not self.plain

    @cached_property
    def nail_half_width_mm(self) -> float:
        """Half the nail's width round the digit."""
        return NAIL_HALF_WIDTH * self.digit.radius_mm

    def nail_depth(self, at: SurfacePoints) -> FloatArray:
        """Distance (n,) in mm into the nail plate, negative outside; first order."""
        if not self.has_nail:
            return np.full(len(at.points), -50.0)
        half_length, half_width = NAIL_LENGTH_MM / 2, self.nail_half_width_mm
        along = np.abs(at.arc_mm - NAIL_START_MM - half_length) / half_length
        across = np.abs(at.round_mm) / half_width
        exponent = np.where(at.arc_mm > NAIL_START_MM + half_length, 2.6, 5.0)
        ring = (along**exponent + across**exponent) ** (1 / exponent)
        return (1.0 - ring) * min(half_length, half_width)

    def height(self, at: SurfacePoints, smooth: Float32Array | float = 0.0) -> Float32Array:
        """Relief (n,) in mm for shading; `smooth` (0–1) tells where scar or wound has no skin pattern."""
        nail = self.nail_depth(at)
        plate = np.clip(0.5 + nail / 0.2, 0.0, 1.0).astype(np.float32)
        skin = self._folds(at) + self.look.texture * self._grain(at)
        relief = skin * (1.0 - plate) * (1.0 - smooth)
        if self.has_nail:
            ridges = 0.004 * plane_noise(at.round_mm, at.arc_mm, (0.5, 9.0), self.look.pattern)
            root = at.arc_mm > NAIL_START_MM + 0.35 * NAIL_LENGTH_MM
            fold = 0.16 * np.exp(-(((nail + 0.9) / 0.7) ** 2)) * np.where(root, 1.0, 0.5)
            relief = relief + plate * (ridges + 0.05) + fold.astype(np.float32)
        return np.asarray(relief, np.float32)

    def _grain(self, at: SurfacePoints) -> Float32Array:
        """Fine relief: lines and pores on the back, papillary ridges on the pulp."""
        pattern = self.look.pattern
        coarse = at.noisy.noise(1.3, pattern + 1.1)
        fine = at.noisy.noise(0.42, pattern + 2.3)
        if self.look.view == "dorsal" or self.plain:
            lines = -np.exp(-((coarse / 0.25) ** 2))
            return np.asarray(0.012 * coarse + 0.006 * fine + 0.010 * lines, np.float32)
        return np.asarray(0.008 * coarse + 0.004 * fine + 0.011 * self._ridges(at), np.float32)

    def _ridges(self, at: SurfacePoints) -> Float32Array:
        """A fingerprint: loops round a core in the pulp, lying across farther down."""
        across, along = at.place[:, 0], at.arc_mm
        core = 8.0
        beyond = np.maximum(along - core, 0.0)
        ring = np.hypot(across, np.minimum(along - core, 0.0) * 1.1 - 0.5)
        ring = ring + 0.8 * beyond - 0.012 * across**2 * (beyond > 0)
        bent = ring + 0.35 * plane_noise(across, along, 7.0, self.look.pattern + 5.0)
        fade = np.exp(-((along / 40.0) ** 4))
        return np.asarray(np.sin(2 * np.pi * bent / RIDGE_PERIOD_MM) * fade, np.float32)

    def _folds(self, at: SurfacePoints) -> Float32Array:
        """Wrinkles over the joints on the back; flexion creases on the palm's side."""
        s, pattern = at.place[:, 1], self.look.pattern
        if self.plain:
            return np.zeros(len(s), np.float32)
        if self.look.view == "pulp":
            bow = 0.02 * at.round_mm**2 + 0.5 * plane_noise(at.round_mm, s, (12.0, 30.0), pattern + 9.0)
            relief = np.zeros(len(s), np.float32)
            for place, depth in PALM_CREASES:
                relief -= (depth * np.exp(-(((s - place - bow) / 0.35) ** 2))).astype(np.float32)
            return relief
        wander = 0.5 * plane_noise(at.round_mm, s, (9.0, 9.0), pattern + 4.0)
        waves = plane_noise(at.round_mm, s + wander, (16.0, 1.9), pattern + 3.0)
        depth = np.clip(0.45 + 0.45 * plane_noise(at.round_mm, s, (4.0, 2.5), pattern + 6.0), 0.0, 1.0)
        creases = np.exp(-((waves / 0.32) ** 2)) * depth
        near = 0.7 * np.exp(-(((s - JOINT_MM) / 4.0) ** 2)) + np.exp(-(((s - MIDDLE_JOINT_MM) / 6.5) ** 2))
        relief = near * (0.03 * waves - 0.07 * creases) * (0.4 + 0.6 * self.look.texture)
        return np.asarray(relief, np.float32)

    def colour(
        self, at: SurfacePoints, blood: Float32Array | float = 0.0, melanin: Float32Array | float = 0.0
    ) -> Float32Array:
        """Reflectance (n, 3), linear; `blood` and `melanin` (n,) are added to the skin's own."""
        pattern, s = self.look.pattern, at.place[:, 1]
        cloud = at.noisy.noise(7.0, pattern + 11.0)
        mottle = at.noisy.noise(1.7, pattern + 12.0)
        speck = at.noisy.noise(0.5, pattern + 13.0)
        pigment = 0.04 * cloud + 0.02 * mottle + 0.02 * speck + melanin
        red = 0.045 * at.noisy.noise(6.0, pattern + 14.0) + 0.025 * mottle + self.look.redness + blood
        if self.look.view == "dorsal" and not self.plain:
            joints = 0.6 * np.exp(-(((s - JOINT_MM) / 5.0) ** 2)) + np.exp(
                -(((s - MIDDLE_JOINT_MM) / 8.0) ** 2)
            )
            pigment = pigment + joints * 0.04 * self.look.tone
            red = red + 0.12 * joints
        elif not self.plain:
            red = red + 0.25 * np.exp(-(((s - 4.0) / 9.0) ** 2))
        dose = (
            np.asarray(pigment, np.float32)[:, None] * MELANIN + np.asarray(red, np.float32)[:, None] * BLOOD
        )
        crease = np.maximum(-self._folds(at), 0.0)[:, None] * 2.0 * (MELANIN + BLOOD)
        skin = self.look.skin * np.exp(-dose - crease)
        return self._with_blemishes(at, self._with_nail(at, skin.astype(np.float32)))

    def _with_nail(self, at: SurfacePoints, skin: Float32Array) -> Float32Array:
        if not self.has_nail:
            return skin
        depth = self.nail_depth(at)
        plate = np.clip(0.5 + depth / 0.25, 0.0, 1.0)[:, None]
        bed = np.clip(skin * np.array([1.06, 0.90, 0.88], np.float32) + 0.03, 0.0, 0.85)
        from_root = at.arc_mm - NAIL_START_MM - NAIL_LENGTH_MM
        lunula = np.clip(1.0 - np.hypot(at.round_mm / 3.4, from_root / 2.8), 0.0, 1.0)
        free = np.clip((NAIL_START_MM + 1.1 - at.arc_mm) / 0.3, 0.0, 1.0)
        white = np.clip(0.55 * np.minimum(1.0, 2.5 * lunula) + 0.8 * free, 0.0, 0.9)[:, None]
        streak = plane_noise(at.round_mm, at.arc_mm, (0.7, 12.0), self.look.pattern + 21.0)
        nail = (bed + white * (NAIL_WHITE * 0.8 - bed)) * (1.0 + 0.03 * streak[:, None])
        groove = np.exp(-(((depth + 0.1) / 0.22) ** 2))[:, None] * (at.arc_mm > NAIL_START_MM + 1.0)[:, None]
        mixed = skin + plate * (nail - skin)
        return np.asarray(mixed * (1.0 - 0.4 * groove * np.array([0.6, 1.0, 1.0])), np.float32)

    def _with_blemishes(self, at: SurfacePoints, colour: Float32Array) -> Float32Array:
        """Moles, old pitting scars and red spots: things that a careless eye takes for an ulcer."""
        rng = np.random.default_rng(round(self.look.pattern * 1e6) % 2**32)
        for _ in range(0 if self.plain else self.look.blemishes):
            place = self.digit.surface_point(rng.uniform(4.0, 40.0), rng.uniform(-1.0, 1.0))
            size, kind = rng.uniform(0.3, 1.3), rng.integers(3)
            strength, wobble = rng.uniform(0.4, 1.2), rng.uniform(0.2, 0.6)
            distance = np.linalg.norm(at.points - place, axis=1)
            near = np.flatnonzero(distance < 4 * size)
            if not len(near):
                continue
            rough = (
                wobble
                * size
                * plane_noise(at.round_mm[near], at.arc_mm[near], 1.5 * size, float(kind) + size)
            )
            share = (
                np.clip(0.5 - (distance[near] + rough - size) / (0.5 * size), 0.0, 1.0)[:, None] * strength
            )
            dose = (1.2 * MELANIN, -0.25 * MELANIN - 0.1 * BLOOD, 0.9 * BLOOD)[kind]
            colour[near] = colour[near] * np.exp(-share * dose)
        return np.minimum(colour, 0.95)

    def shine(self, at: SurfacePoints) -> Float32Array:
        """Strength (n,) of the sharp highlight: a little on skin, more on the nail."""
        plate = np.clip(0.5 + self.nail_depth(at) / 0.25, 0.0, 1.0)
        return np.asarray(0.25 * self.look.gloss + plate * 0.45, np.float32)
