"""Where the cells of a footprint lie in space."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain.footprint import GRID_PX_PER_MM, Chart, Footprint
from tests.app.domain.test_healing import COLUMNS, ROWS

RADIUS_MM = 8.0


def _sphere_on_a_cylinder(chart: Chart) -> Footprint:
    """A digit that ends in half a ball: its rings by the length of the meridian are known."""
    row_mm, column_mm = ((np.arange(count) + 0.5) / GRID_PX_PER_MM for count in (ROWS, COLUMNS))
    if chart == "tip":
        along, across = row_mm[:, None] - ROWS / GRID_PX_PER_MM / 2, column_mm - COLUMNS / GRID_PX_PER_MM / 2
        meridian = np.hypot(along, across)
        weight = _ring_mm(meridian) / meridian
    else:
        weight = _ring_mm(row_mm)[:, None] / RADIUS_MM
    nothing = np.zeros((ROWS, COLUMNS), bool)
    return Footprint(nothing, nothing.astype(np.uint8), RADIUS_MM, weight.astype(np.float32), chart)


def _ring_mm(meridian_mm: np.ndarray) -> np.ndarray:
    return RADIUS_MM * np.sin(np.minimum(meridian_mm / RADIUS_MM, np.pi / 2))


@pytest.mark.parametrize("chart", ["unrolled", "tip"])
def test_cells_lie_on_the_ball_that_they_were_taken_from(chart: Chart) -> None:
    places = _sphere_on_a_cylinder(chart).places_mm
    radial, depth = np.hypot(places[..., 0], places[..., 1]), places[..., 2]
    depth = depth + RADIUS_MM - np.sqrt(RADIUS_MM**2 - radial.min() ** 2)  # the first ring is not the top
    on_the_ball = depth < 0.9 * RADIUS_MM
    away = np.hypot(radial, depth - RADIUS_MM)[on_the_ball]
    assert on_the_ball.sum() > 1000
    assert np.abs(away - RADIUS_MM).max() < 0.15


@pytest.mark.parametrize("chart", ["unrolled", "tip"])
def test_neighbours_along_the_meridian_are_a_cell_apart(chart: Chart) -> None:
    places = _sphere_on_a_cylinder(chart).places_mm
    down = places[ROWS // 2 :, COLUMNS // 2] if chart == "tip" else places[:, 17]
    apart = np.linalg.norm(np.diff(down[5:100], axis=0), axis=1)  # beside the top
    assert np.abs(apart * GRID_PX_PER_MM - 1).max() < 0.05
