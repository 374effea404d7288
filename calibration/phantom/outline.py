"""The outlines of the phantom's ulcers: irregular stars on the digit, later states cut from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.digit import DigitShape

FloatArray = NDArray[np.float64]

FAR_MM = 50.0
"""Stands for the distance to an outline where it is too far to matter."""

BRIDGE_BOW_MM = 0.22
"""How far a bridge winds to either side."""

REACH_MM = 7.0
"""Beyond the outline's greatest radius by more than this, no rim or redness is drawn."""


@dataclass(frozen=True)
class Island:
    """A healed round island within the ulcer: its middle along and across the digit, and its radius."""

    along_mm: float
    across_mm: float
    radius_mm: float


@dataclass(frozen=True)
class Bridge:
    """A healed bridge that splits the ulcer: direction, offset from the ulcer's middle, and width."""

    direction_deg: float
    offset_mm: float
    width_mm: float


@dataclass(frozen=True)
class UlcerShape:
    """An ulcer as a star-shaped outline about a point of the digit, later states cut out of it.

    The outline is given in local polar coordinates: distance from the middle as a chord in space, and
    direction in the tangent plane (0 along the axis to the hand, 90° to the right).

    Attributes
    ----------
    s_mm, phi_deg : float
        The middle: distance from the tip along the axis, and angle from the top.
    mean_radius_mm : float
        Size of the outline.
    elongation, orientation_deg : float
        Ratio of the axes and direction of the long one.
    harmonics : tuple of (float, float)
        Relative amplitude and phase (rad) of the second, third … harmonic.
    advance_mm : float
        How far the margin has moved inwards since the footprint was drawn; negative grows.
    unevenness, uneven_deg : float
        The advance is larger by this share in one direction and smaller in the opposite one.
    islands : tuple of Island
    bridge : Bridge or None
    closed : bool
        Healed over: area 0, a scar where the footprint was.
    """

    s_mm: float
    phi_deg: float
    mean_radius_mm: float
    elongation: float = 1.0
    orientation_deg: float = 0.0
    harmonics: tuple[tuple[float, float], ...] = ()
    advance_mm: float = 0.0
    unevenness: float = 0.0
    uneven_deg: float = 0.0
    islands: tuple[Island, ...] = ()
    bridge: Bridge | None = None
    closed: bool = False

    @property
    def footprint(self) -> UlcerShape:
        """The ulcer as it was drawn first."""
        return replace(self, advance_mm=0.0, islands=(), bridge=None, closed=False)

    @property
    def greatest_radius_mm(self) -> float:
        """No point of the outline is farther from the middle."""
        swelling = 1.0 + sum(abs(amplitude) for amplitude, _ in self.harmonics)
        grown = max(0.0, -self.advance_mm) * (1.0 + self.unevenness)
        return self.mean_radius_mm * float(np.sqrt(self.elongation)) * swelling + grown


def distance_to_outline(digit: DigitShape, ulcer: UlcerShape, points: FloatArray) -> FloatArray:
    """Signed distance of surface points to the ulcer's edge; first order, exact on the edge itself.

    Parameters
    ----------
    digit : DigitShape
    ulcer : UlcerShape
    points : NDArray[np.float64], shape (n, 3)
        Points of the surface, card frame, mm.

    Returns
    -------
    NDArray[np.float64], shape (n,)
        Millimetres, negative within the open ulcer; `FAR_MM` away from it and everywhere once closed.
    """
    distance = np.full(len(points), FAR_MM)
    if ulcer.closed:
        return distance
    along, across, chord = _local(digit, ulcer, points)
    near = chord < ulcer.greatest_radius_mm + REACH_MM
    distance[near] = _cut(ulcer, along[near], across[near], chord[near])
    return distance


def _local(
    digit: DigitShape, ulcer: UlcerShape, points: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Tangent coordinates along and across the digit, and the chord from the ulcer's middle, mm."""
    phi = np.radians(ulcer.phi_deg)
    offset = points - digit.surface_point(ulcer.s_mm, phi)
    to_right = np.cos(phi) * digit.side - np.sin(phi) * digit.up
    to_hand = np.cross(to_right, digit.normal(ulcer.s_mm, phi))
    to_hand = to_hand * np.sign(to_hand @ digit.axis or 1.0)
    return offset @ to_hand, offset @ to_right, np.linalg.norm(offset, axis=1)


def _cut(ulcer: UlcerShape, along: FloatArray, across: FloatArray, chord: FloatArray) -> FloatArray:
    direction = np.arctan2(across, along)
    radius, slope = _star(ulcer, direction)
    distance = (chord - radius) / np.hypot(1.0, slope / radius)
    lean = 1.0 + ulcer.unevenness * np.cos(direction - np.radians(ulcer.uneven_deg))
    distance = distance + ulcer.advance_mm * lean
    for island in ulcer.islands:
        distance = np.maximum(
            distance, island.radius_mm - np.hypot(along - island.along_mm, across - island.across_mm)
        )
    if ulcer.bridge is not None:
        turn = np.radians(ulcer.bridge.direction_deg)
        aside = across * np.cos(turn) - along * np.sin(turn) - ulcer.bridge.offset_mm
        aside = aside + BRIDGE_BOW_MM * np.sin(1.9 * (along * np.cos(turn) + across * np.sin(turn)) + 1.0)
        distance = np.maximum(distance, ulcer.bridge.width_mm / 2 - np.abs(aside))
    return np.asarray(distance)


def _star(ulcer: UlcerShape, direction: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Radius of the outline in a direction (rad), and its derivative."""
    turned = direction - np.radians(ulcer.orientation_deg)
    cosine, sine, ratio = np.cos(turned), np.sin(turned), ulcer.elongation
    spread = cosine**2 / ratio + sine**2 * ratio
    ellipse = ulcer.mean_radius_mm / np.sqrt(spread)
    ellipse_slope = -ellipse * (ratio - 1.0 / ratio) * sine * cosine / spread
    wave, wave_slope = np.ones_like(direction), np.zeros_like(direction)
    for order, (amplitude, phase) in enumerate(ulcer.harmonics, start=2):
        wave += amplitude * np.cos(order * direction + phase)
        wave_slope -= amplitude * order * np.sin(order * direction + phase)
    return ellipse * wave, ellipse_slope * wave + ellipse * wave_slope
