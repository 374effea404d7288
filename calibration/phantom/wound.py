"""The ulcer's looks: tissue, soft border, rim and scar, laid on the skin; the outline itself is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.digit import DigitShape
from calibration.phantom.look import CALLUS, ESCHAR, FIBRIN, GRANULATION, MACERATED, Float32Array, Look
from calibration.phantom.outline import FAR_MM, UlcerShape, distance_to_outline
from calibration.phantom.skin import Skin, SurfacePoints

FloatArray = NDArray[np.float64]

TISSUE_SHARES = {
    "granulation": (1.6, -0.6, -1.2),
    "fibrin": (-0.6, 1.6, -1.2),
    "eschar": (-1.0, -0.4, 1.8),
    "mixed": (0.3, 0.3, -0.3),
}
"""Bias of granulation, fibrin and eschar against each other, before noise decides (own choice)."""


@dataclass(frozen=True)
class Distances:
    """Signed distances (n,) in mm to the open ulcers and to the footprints, negative inside."""

    open_mm: FloatArray
    footprint_mm: FloatArray


@dataclass(frozen=True)
class Body:
    """A digit with its skin and its ulcers: everything that light meets.

    Attributes
    ----------
    digit : DigitShape
    ulcers : tuple of UlcerShape
    look : Look
    plain : bool
        The rest of the hand, without nail and joints.
    """

    digit: DigitShape
    ulcers: tuple[UlcerShape, ...]
    look: Look
    plain: bool = False

    @property
    def skin(self) -> Skin:
        """The healthy skin."""
        return Skin(self.digit, self.look, self.plain)

    def labels(self, points: FloatArray) -> NDArray[np.uint8]:
        """Number (n,) of the ulcer in which each surface point lies, from 1; 0 on skin."""
        found = np.zeros(len(points), np.uint8)
        for number, ulcer in enumerate(self.ulcers, start=1):
            found[distance_to_outline(self.digit, ulcer, points) < 0] = number
        return found

    def distances(self, points: FloatArray) -> Distances:
        """Distance to the nearest open ulcer, and to the nearest footprint."""
        nearest, footprint = np.full(len(points), FAR_MM), np.full(len(points), FAR_MM)
        for ulcer in self.ulcers:
            nearest = np.minimum(nearest, distance_to_outline(self.digit, ulcer, points))
            footprint = np.minimum(footprint, distance_to_outline(self.digit, ulcer.footprint, points))
        return Distances(nearest, footprint)

    def height(self, at: SurfacePoints, distances: Distances) -> Float32Array:
        """Relief (n,) in mm, for shading alone."""
        look, edge = self.look, distances.open_mm
        scar, wound = self._scar(distances), _inside(edge, look.border_mm)
        relief = self.skin.height(at, smooth=np.maximum(0.75 * scar, wound))
        bowl = -look.depth_mm * np.clip(-edge / 0.5, 0.0, 1.0) ** 0.7
        rim = (0.06 + 0.22 * look.callus + 0.1 * look.maceration) * np.exp(-(((edge - 0.45) / 0.45) ** 2))
        relief = relief + bowl.astype(np.float32) + rim.astype(np.float32) - 0.05 * scar * (1 - wound)
        inside = np.flatnonzero(wound > 0)
        if len(inside):
            bumps = at.noisy.some(inside).noise(0.75, look.pattern + 31.0)
            grain = at.noisy.some(inside).noise(0.3, look.pattern + 32.0)
            relief[inside] += wound[inside] * (0.022 * bumps + 0.005 * grain)
        return np.asarray(relief, np.float32)

    def colour(self, at: SurfacePoints, distances: Distances) -> Float32Array:
        """Reflectance (n, 3), linear."""
        look, edge = self.look, distances.open_mm
        scar, rim = self._scar(distances), np.flatnonzero(edge < 6.0)  # noqa: PLR2004
        blood, melanin = 0.42 * scar, -0.06 * look.tone * scar
        cloud = np.ones(len(edge), np.float32)
        cloud[rim] += 0.35 * at.noisy.some(rim).noise(1.6, look.pattern + 41.0)
        blood = blood + look.erythema * 0.9 * np.exp(-((np.maximum(edge, 0.0) / 1.9) ** 2)) * np.clip(
            cloud, 0.2, 1.6
        )
        colour = self.skin.colour(at, blood.astype(np.float32), melanin.astype(np.float32))
        colour = self._with_rim(colour, edge, cloud)
        wound = _inside(edge, look.border_mm)
        inside = np.flatnonzero(wound > 0)
        if len(inside):
            tissue = self._tissue(at, inside, edge[inside])
            colour[inside] += wound[inside, None] * (tissue - colour[inside])
        return colour

    def shine(self, at: SurfacePoints, distances: Distances) -> Float32Array:
        """Strength (n,) of the sharp highlight."""
        wound, scar = _inside(distances.open_mm, self.look.border_mm), self._scar(distances)
        wet = self.look.wetness * (0.25 if self.look.tissue == "eschar" else 1.0)
        base = self.skin.shine(at) + 0.15 * scar
        return np.asarray(base + wound * (wet - base), np.float32)

    def _scar(self, distances: Distances) -> Float32Array:
        """New skin (n,) 0–1: within a footprint, no longer open."""
        share = np.clip(0.5 - distances.footprint_mm / 0.8, 0.0, 1.0)
        return np.asarray(share, np.float32)

    def _with_rim(self, colour: Float32Array, edge: FloatArray, cloud: Float32Array) -> Float32Array:
        """White macerated and yellow horny skin outside the edge."""
        look = self.look
        horny = look.callus * np.exp(-(((edge - 0.8) / 0.9) ** 2)) * np.clip(cloud, 0.0, 1.2) * (edge > -1)
        white = (
            look.maceration * np.exp(-(((edge - 0.35) / 0.55) ** 2)) * np.clip(1.4 * cloud - 0.3, 0.0, 1.2)
        )
        paler = np.sqrt(np.maximum(look.skin.max(), 0.1))
        for share, target in ((0.6 * horny, CALLUS), (0.75 * white, MACERATED)):
            some = np.clip(share, 0.0, 0.9).astype(np.float32)[:, None]
            colour = colour + some * (target * paler - colour)
        return colour

    def _tissue(self, at: SurfacePoints, inside: NDArray[np.intp], edge: FloatArray) -> Float32Array:
        """Colour (m, 3) of the ulcer's ground."""
        noisy, pattern = at.noisy.some(inside), self.look.pattern
        shares = np.stack(
            [
                bias + 0.9 * noisy.noise(2.8, pattern + 51.0 + 3.1 * kind)
                for kind, bias in enumerate(TISSUE_SHARES[self.look.tissue])
            ]
        )
        shares = np.exp(2.4 * (shares - shares.max(axis=0)))
        shares /= shares.sum(axis=0)
        bumps = noisy.noise(0.75, pattern + 31.0)
        grain = noisy.noise(0.35, pattern + 61.0)
        relief = np.clip(0.26 * bumps + 0.10 * grain, -1.0, 1.0)[:, None]
        colour = np.zeros((len(inside), 3), np.float32)
        for share, (middle, low, high) in zip(shares, (GRANULATION, FIBRIN, ESCHAR), strict=True):
            shade = middle + np.maximum(relief, 0) * (high - middle) + np.maximum(-relief, 0) * (low - middle)
            colour += share[:, None].astype(np.float32) * shade
        brink = np.exp(-(((edge + 0.25) / 0.25) ** 2))[:, None]
        return np.asarray(colour * (1.0 - 0.25 * brink), np.float32)


def _inside(edge: FloatArray, border_mm: float) -> Float32Array:
    """Share (n,) of the ulcer's colour: one half exactly on the true outline."""
    return np.clip(0.5 - edge / border_mm, 0.0, 1.0).astype(np.float32)
