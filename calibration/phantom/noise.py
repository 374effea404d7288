"""Smooth random textures: one cached tile, sampled at any place and wavelength."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
Numbers = NDArray[np.floating[Any]]

TILE_PX = 512
"""Side of the tile; it repeats without a seam."""

TILE_WAVE_PX = 8
"""Typical wavelength of the tile's noise, so that it repeats after 64 wavelengths."""

TILE_SEED = 20240229
"""The tile is always the same; places and phases differ by the offset that each texture draws."""

ROW_POINTS = 4096
"""OpenCV's remap takes pictures of less than 32,768 rows; points are laid out in rows of this many."""

LEAST_WEIGHT = 0.02
"""A projection that counts for less is left out."""

TURN_RAD = 0.6435
"""Each projection is turned by an irrational part of a circle, so that the tile's axes do not show."""


@lru_cache(maxsize=1)
def noise_tile() -> Float32Array:
    """Band-limited Gaussian noise (512, 512), mean 0, standard deviation 1, periodic."""
    white = np.random.default_rng(TILE_SEED).normal(size=(TILE_PX, TILE_PX))
    frequency = np.hypot(np.fft.fftfreq(TILE_PX)[:, None], np.fft.rfftfreq(TILE_PX)[None, :])
    centre = 1.0 / TILE_WAVE_PX
    band = np.exp(-0.5 * ((frequency - centre) / (0.45 * centre)) ** 2)
    band[0, 0] = 0.0
    noise = np.fft.irfft2(np.fft.rfft2(white) * band, (TILE_PX, TILE_PX))
    return np.asarray(noise / noise.std(), np.float32)


def plane_noise(x: Numbers, y: Numbers, wave_mm: float | tuple[float, float], offset: float) -> Float32Array:
    """Noise on a plane.

    Parameters
    ----------
    x, y : array of one shape
        Place, mm.
    wave_mm : float or (float, float)
        Wavelength, or wavelengths along x and y.
    offset : float
        Any number; other numbers give unrelated textures.

    Returns
    -------
    NDArray[np.float32]
        Shape of x; mean 0, standard deviation 1.
    """
    wave_x, wave_y = (wave_mm, wave_mm) if isinstance(wave_mm, int | float) else wave_mm
    cosine, sine = (np.cos(TURN_RAD), np.sin(TURN_RAD)) if wave_x == wave_y else (1.0, 0.0)
    u, v = (
        np.asarray(x, np.float32) * (TILE_WAVE_PX / wave_x),
        np.asarray(y, np.float32) * (TILE_WAVE_PX / wave_y),
    )
    shift_u, shift_v = (offset * 131.7) % TILE_PX, (offset * 71.3) % TILE_PX
    column = np.float32(cosine) * u - np.float32(sine) * v + np.float32(shift_u)
    row = np.float32(sine) * u + np.float32(cosine) * v + np.float32(shift_v)
    return _sample(column, row)


def _sample(column: Float32Array, row: Float32Array) -> Float32Array:
    """The tile at fractional places, bilinear, wrapping."""
    count = column.size
    if not count:
        return np.zeros(column.shape, np.float32)
    rows = -(-count // ROW_POINTS)
    maps = np.zeros((2, rows * ROW_POINTS), np.float32)
    maps[0, :count], maps[1, :count] = column.ravel(), row.ravel()
    across, down = maps.reshape(2, rows, ROW_POINTS)
    found = cv2.remap(noise_tile(), across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(found.ravel()[:count].reshape(column.shape))


@dataclass(frozen=True)
class NoisyPoints:
    """Points of a curved surface, prepared for noise: three plane projections, blended by the normal.

    So the noise has neither seam nor pinch. Build it once for many textures.

    Attributes
    ----------
    count : int
    projections : tuple of (indices, x, y, weight)
        For each of the three planes the points that it serves, their place on it, and their weight.
    """

    count: int
    projections: tuple[tuple[NDArray[np.intp], Float32Array, Float32Array, Float32Array], ...]

    @classmethod
    def at(cls, place: FloatArray, normal: FloatArray) -> NoisyPoints:
        """Prepare points (n, 3; mm) with unit normals (n, 3), both in the body's own frame."""
        flat = np.asarray(place, np.float32)
        weight = np.square(np.square(np.asarray(normal, np.float32)))
        weight /= np.sqrt(np.square(weight).sum(axis=1, keepdims=True))
        projections = []
        for axis, (first, second) in enumerate(((1, 2), (2, 0), (0, 1))):
            used = np.flatnonzero(weight[:, axis] > LEAST_WEIGHT)
            projections.append((used, flat[used, first], flat[used, second], weight[used, axis]))
        return cls(len(flat), tuple(projections))

    def noise(self, wave_mm: float, offset: float) -> Float32Array:
        """Noise (n,) of a wavelength; mean 0, standard deviation 1; other offsets are unrelated."""
        total = np.zeros(self.count, np.float32)
        for axis, (used, x, y, weight) in enumerate(self.projections):
            total[used] += weight * plane_noise(x, y, wave_mm, offset + 0.37 * axis)
        return total

    def some(self, which: NDArray[np.intp]) -> NoisyPoints:
        """The points with these indices, in their order."""
        position = np.full(self.count, -1, np.intp)
        position[which] = np.arange(len(which))
        projections = []
        for used, x, y, weight in self.projections:
            kept = position[used] >= 0
            projections.append((position[used][kept], x[kept], y[kept], weight[kept]))
        return NoisyPoints(len(which), tuple(projections))
