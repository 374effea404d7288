"""The true area of the phantom's ulcers by quadrature, and outlines made to have a wanted area."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from calibration.phantom.digit import DigitShape
from calibration.phantom.outline import UlcerShape, distance_to_outline

FloatArray = NDArray[np.float64]

CONVERGED = 2e-4
"""Relative change at which the quadrature stops: less than half of the promised 0.05 %."""

FIRST_CELLS = 200
"""Cells along each side of the first quadrature grid; doubled until converged."""

WINDOW_CELLS = 64
WINDOW_MARGIN_CELLS = 2.0
"""Grid on which the open part of an ulcer is looked for, and the margin left round it."""

SEARCH_CELLS = 120
"""Cells along a side while an outline's size is searched; errs by about 0.1 %."""

SEARCH_HALVINGS = 18
"""Halvings of the margin's range: to about 1e-4 mm."""

MOST_CELLS = 3200
"""Cells along a side at which refinement stops; single ulcers converge long before."""


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
    """Midpoint rule over the ulcer's window; a cell on the edge counts by the share that lies inside."""
    window = _window(digit, ulcer)
    if window is None:
        return 0.0
    grid = _Grid.over(digit, window, cells)
    return grid.area_mm2(grid.distance(digit, ulcer))


def still_open_mm2(digit: DigitShape, baseline: UlcerShape, later: tuple[UlcerShape, ...]) -> float:
    """True area of the baseline's open ulcer that is open at a later state too; refined as `ulcer_area_mm2`.

    Parameters
    ----------
    digit : DigitShape
    baseline : UlcerShape
    later : tuple of UlcerShape
        All ulcers of the later state.
    """
    window = _window(digit, baseline)
    if window is None or not later:
        return 0.0
    cells, area, before = FIRST_CELLS, 0.0, np.inf
    while abs(area - before) > CONVERGED * area and cells <= MOST_CELLS:
        grid = _Grid.over(digit, window, cells)
        nearest = np.minimum.reduce([grid.distance(digit, ulcer) for ulcer in later])
        before, area = area, grid.area_mm2(np.maximum(grid.distance(digit, baseline), nearest))
        cells *= 2
    return area


def _window(digit: DigitShape, ulcer: UlcerShape) -> FloatArray | None:
    """Least and greatest length along the meridian, least and greatest angle, that hold the open ulcer.

    None where nothing is open. Found on a coarse grid over all that the outline can reach: a cell farther
    from the edge than its own size holds nothing, for the distance changes no faster than the place does.
    """
    profile, reach = digit.profile, 1.25 * ulcer.greatest_radius_mm
    middle, phi = float(profile.arc_at(np.array(ulcer.s_mm))), float(np.radians(ulcer.phi_deg))
    low, high = max(0.0, middle - reach), min(float(profile.arc_mm[-1]), middle + reach)
    least_radius = float(profile.radius_at(profile.s_of_arc(np.linspace(low, high, WINDOW_CELLS))).min())
    half = _half_angle(least_radius, reach)
    grid = _Grid.over(digit, np.array([low, high, phi - half, phi + half]), WINDOW_CELLS)
    near = grid.distance(digit, ulcer) < WINDOW_MARGIN_CELLS * grid.width_mm
    if not near.any():
        return None
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    along, round_axis = (high - low) / WINDOW_CELLS, 2 * half / WINDOW_CELLS
    found = [low + rows[0] * along, low + (rows[-1] + 1) * along]
    turned = [phi - half + columns[0] * round_axis, phi - half + (columns[-1] + 1) * round_axis]
    return np.array([*found, *turned])


def _half_angle(least_radius: float, reach: float) -> float:
    """Half the angle round the axis that surely holds the ulcer; all round where the tip is near."""
    across = reach / (2.0 * max(least_radius, 1e-9))
    return float(np.pi if across >= 1.0 else min(np.pi, 2.0 * np.arcsin(across)))


@dataclass(frozen=True)
class _Grid:
    """Cells of the surface: middles (n, n, 3), area and width of each row's cells (n, 1)."""

    points: FloatArray
    cell_mm2: FloatArray
    width_mm: FloatArray

    @classmethod
    def over(cls, digit: DigitShape, window: FloatArray, cells: int) -> _Grid:
        middles = (np.arange(cells) + 0.5) / cells
        step_arc, step_phi = (window[1] - window[0]) / cells, (window[3] - window[2]) / cells
        s = digit.profile.s_of_arc(window[0] + middles * (window[1] - window[0]))
        phi = window[2] + middles * (window[3] - window[2])
        radius = digit.profile.radius_at(s)[:, None]
        width = np.hypot(step_arc, radius * step_phi) / np.sqrt(2.0)
        return cls(digit.surface_point(s[:, None], phi[None, :]), radius * step_arc * step_phi, width)

    def distance(self, digit: DigitShape, ulcer: UlcerShape) -> FloatArray:
        flat = distance_to_outline(digit, ulcer, self.points.reshape(-1, 3))
        return flat.reshape(self.points.shape[:2])

    def area_mm2(self, distance_mm: FloatArray) -> float:
        """Area where the signed distance is negative; a cell on the edge counts by the share inside."""
        inside = np.clip(0.5 - distance_mm / self.width_mm, 0.0, 1.0)
        return float((inside * self.cell_mm2).sum())


def scaled_to_area(digit: DigitShape, ulcer: UlcerShape, area_mm2: float) -> UlcerShape:
    """The same outline, larger or smaller, with the requested true area."""
    scaled = replace(ulcer, mean_radius_mm=float(np.sqrt(area_mm2 / np.pi)))
    for cells in (SEARCH_CELLS, SEARCH_CELLS, 0, 0):
        area = _quadrature(digit, scaled, cells) if cells else ulcer_area_mm2(digit, scaled)
        scaled = replace(scaled, mean_radius_mm=scaled.mean_radius_mm * float(np.sqrt(area_mm2 / area)))
        if not cells and abs(area / area_mm2 - 1.0) < CONVERGED / 2:
            break
    return scaled


def advanced_to_area(digit: DigitShape, ulcer: UlcerShape, area_mm2: float) -> UlcerShape:
    """A later state: the margin moved in (or out) until the open area is the requested one; 0 closes it."""
    if area_mm2 <= 0.0:
        return replace(ulcer, closed=True)
    low, high = -ulcer.mean_radius_mm, 2.0 * ulcer.greatest_radius_mm
    for _ in range(SEARCH_HALVINGS):
        middle = (low + high) / 2
        area = _quadrature(digit, replace(ulcer, advance_mm=middle), SEARCH_CELLS)
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
