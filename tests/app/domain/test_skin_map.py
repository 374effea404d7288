"""An outline drawn on the readers' picture has the area, and the budget, that the machine would give it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.measure import find_contours

from app.domain.area_budget import Basis
from app.domain.skin_map import SkinMap, skin_map
from calibration.pose import FLAT
from calibration.surface_variants import rigid_variants
from tests.app.domain.test_planimetry import READING, SURFACE, measured, patch

OFFSET = np.array([240, 310])
SHAPE = (760, 620)
BASIS = Basis(SURFACE, rigid_variants(SURFACE, FLAT), 1e-4, 12.0, True)


@pytest.fixture(scope="module")
def skin() -> SkinMap:
    return skin_map(READING, OFFSET, SHAPE, BASIS)


def rings_of(probability: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    return [ring[:, ::-1] - OFFSET for ring in find_contours(probability, 0.5)]


@pytest.mark.parametrize("angle_deg", [-35, 0, 25])
@pytest.mark.parametrize(("arc_mm", "length_mm"), [(5.0, 3.0), (1.4, 1.4)])
def test_an_outline_has_the_machines_area_and_budget(
    skin: SkinMap, angle_deg: float, arc_mm: float, length_mm: float
) -> None:
    probability = patch(SURFACE, np.radians(angle_deg), arc_mm, length_mm)
    machine = measured(probability)
    area_mm2, budget = skin.measure(rings_of(probability))
    assert area_mm2 == pytest.approx(machine.area_mm2, rel=0.003)
    assert [part.name for part in budget.components] == [part.name for part in machine.budget.components]
    assert budget.combined_mm2 == pytest.approx(machine.budget.combined_mm2, rel=0.05)
    assert skin.perimeter_mm(rings_of(probability)) == pytest.approx(machine.perimeter_mm, rel=0.08)


def test_a_ring_within_a_ring_is_a_hole(skin: SkinMap) -> None:
    outer, inner = (rings_of(patch(SURFACE, 0.1, size, size)) for size in (5.0, 2.0))
    whole, _ = skin.measure(outer)
    hole, _ = skin.measure(inner)
    left, _ = skin.measure([*outer, *inner])
    assert left == pytest.approx(whole - hole, rel=1e-3)


def test_two_ulcers_add_up(skin: SkinMap) -> None:
    one, other = (rings_of(patch(SURFACE, 0.0, 3.0, 3.0, middle)) for middle in (12.0, 20.0))
    assert skin.measure([*one, *other])[0] == pytest.approx(
        skin.measure(one)[0] + skin.measure(other)[0], rel=1e-4
    )


@pytest.mark.parametrize("rings", [[], [np.zeros((0, 2))], [np.array([[3.0, 4.0], [9.0, 9.0]])]])
def test_what_encloses_nothing_has_no_area(skin: SkinMap, rings: list[NDArray[np.float64]]) -> None:
    area_mm2, budget = skin.measure(rings)
    assert (area_mm2, budget.combined_mm2) == (0.0, 0.0)


def test_lines_beyond_the_picture_are_cut_at_its_edge(skin: SkinMap) -> None:
    ring = np.array([[-500.0, 100.0], [40.0, 100.0], [40.0, 140.0], [-500.0, 140.0]])
    inside = np.array([[-0.5, 100.0], [40.0, 100.0], [40.0, 140.0], [-0.5, 140.0]])
    assert skin.measure([ring])[0] == pytest.approx(skin.measure([inside])[0], rel=1e-6)


def test_it_is_stored_whole(skin: SkinMap) -> None:
    again = SkinMap.from_bytes(skin.to_bytes())
    rings = rings_of(patch(SURFACE, 0.1, 4.0, 3.0))
    assert again.measure(rings) == skin.measure(rings)
    assert len(skin.to_bytes()) < 60_000
