"""The phantom's ulcers: irregular outlines on the digit's surface, their true area by quadrature."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from calibration.phantom_digit import DigitShape

FloatArray = NDArray[np.float64]

FAR_MM = 50.0
"""Stands for the distance to an outline where it is too far to matter."""

REACH_MM = 7.0
"""Beyond the outline's greatest radius by more than this, no rim or redness is drawn."""

CONVERGED = 2e-4
"""Relative change at which the quadrature stops: less than half of the promised 0.05 %."""

FIRST_CELLS = 200
"""Cells along each side of the first quadrature grid; doubled until converged."""

MOST_CELLS = 3200
"""Cells along a side at which refinement stops; single ulcers converge long before."""


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
        distance = np.maximum(distance, ulcer.bridge.width_mm / 2 - np.abs(aside))
    return distance


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


def ulcer_area_mm2(digit: DigitShape, ulcer: UlcerShape) -> float:
    """True area of the open ulcer on the curved surface.

    Dense quadrature of dA = r(s) √(1 + r'(s)²) ds dφ over the meridian's length and the angle round the
    axis, refined until it changes by less than `CONVERGED`.

    Returns
    -------
    float
        Square millimetres; 0 when closed.
    """
    if ulcer.closed:
        return 0.0
    cells, area, before = FIRST_CELLS, _quadrature(digit, ulcer, FIRST_CELLS), np.inf
    while abs(area - before) > CONVERGED * area and cells < MOST_CELLS:
        cells, before = cells * 2, area
        area = _quadrature(digit, ulcer, cells)
    return area


def _quadrature(digit: DigitShape, ulcer: UlcerShape, cells: int) -> float:
    """Midpoint rule; a cell on the edge counts by the share that the edge leaves inside."""
    profile, reach = digit.profile, 1.25 * ulcer.greatest_radius_mm
    middle = float(profile.arc_at(np.array(ulcer.s_mm)))
    low, high = max(0.0, middle - reach), min(float(profile.arc_mm[-1]), middle + reach)
    arc = low + (np.arange(cells) + 0.5) * (high - low) / cells
    s = profile.s_of_arc(arc)
    half = _half_angle(digit, ulcer, float(profile.radius_at(s).min()), reach)
    phi = np.radians(ulcer.phi_deg) + half * (2 * (np.arange(cells) + 0.5) / cells - 1)
    step_arc, step_phi = (high - low) / cells, 2 * half / cells
    radius = profile.radius_at(s)
    points = digit.surface_point(s[:, None], phi[None, :]).reshape(-1, 3)
    distance = distance_to_outline(digit, ulcer, points).reshape(cells, cells)
    width = np.hypot(step_arc, radius * step_phi)[:, None] / np.sqrt(2.0)
    inside = np.clip(0.5 - distance / width, 0.0, 1.0)
    return float((inside * radius[:, None]).sum() * step_arc * step_phi)


def _half_angle(digit: DigitShape, ulcer: UlcerShape, least_radius: float, reach: float) -> float:
    """Half the angle round the axis that surely holds the ulcer; all round where the tip is near."""
    across = reach / (2.0 * max(least_radius, 1e-9))
    return float(np.pi if across >= 1.0 else min(np.pi, 2.0 * np.arcsin(across)))


def scaled_to_area(digit: DigitShape, ulcer: UlcerShape, area_mm2: float) -> UlcerShape:
    """The same outline, larger or smaller, with the requested true area."""
    scaled = replace(ulcer, mean_radius_mm=float(np.sqrt(area_mm2 / np.pi)))
    for _ in range(6):
        ratio = area_mm2 / ulcer_area_mm2(digit, scaled)
        scaled = replace(scaled, mean_radius_mm=scaled.mean_radius_mm * float(np.sqrt(ratio)))
        if abs(ratio - 1.0) < CONVERGED:
            break
    return scaled


def advanced_to_area(digit: DigitShape, ulcer: UlcerShape, area_mm2: float) -> UlcerShape:
    """A later state: the margin moved in (or out) until the open area is the requested one; 0 closes it."""
    if area_mm2 <= 0.0:
        return replace(ulcer, closed=True)
    low, high = -ulcer.mean_radius_mm, 2.0 * ulcer.greatest_radius_mm
    for _ in range(24):
        middle = (low + high) / 2
        area = _quadrature(digit, replace(ulcer, advance_mm=middle), FIRST_CELLS)
        low, high = (middle, high) if area > area_mm2 else (low, middle)
    return replace(ulcer, advance_mm=(low + high) / 2)


def random_outline(rng: Generator, s_mm: float, phi_deg: float, irregularity: float = 0.08) -> UlcerShape:
    """An irregular smooth outline of unit size; scale it with `scaled_to_area`."""
    orders = np.arange(2, 7)
    amplitudes = irregularity * rng.normal(size=orders.size) / np.sqrt(orders - 1)
    amplitudes = np.clip(amplitudes, -0.16, 0.16)
    phases = rng.uniform(0, 2 * np.pi, orders.size)
    return UlcerShape(
        s_mm=s_mm,
        phi_deg=phi_deg,
        mean_radius_mm=1.0,
        elongation=float(rng.uniform(1.0, 1.8)),
        orientation_deg=float(rng.uniform(0, 180)),
        harmonics=tuple((float(a), float(p)) for a, p in zip(amplitudes, phases, strict=True)),
        unevenness=float(rng.uniform(0, 0.5)),
        uneven_deg=float(rng.uniform(0, 360)),
    )
