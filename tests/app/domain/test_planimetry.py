"""Areas of patches whose true area on the digit is known in closed form."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.area_budget import COMMON_SHARE, Basis, coverage
from app.domain.planimetry import MINIMUM_AREA_MM2, Planimetry, counted_parts, measure_area
from calibration.pose import FLAT
from calibration.rectify import ReadingImage
from calibration.surface import Surface
from calibration.surface_variants import rigid_variants
from models.counting import Counting
from tests.calibration.test_surface import fitted

SCALE = 20.0
SHAPE = (1320, 1020)
READING = ReadingImage(np.zeros((*SHAPE, 3), np.uint8), SCALE, (14.5, 2.0))
RADIUS_MM = 8.0
SURFACE = fitted(RADIUS_MM, 0.0, (55.0, 50.0, -180.0))[0]


def patch(
    surface: Surface, angle: float, arc_mm: float, length_mm: float, middle_mm: float = 18.0
) -> NDArray[np.float32]:
    """An ellipse on the unrolled cylinder, as the reading image shows it (1 inside, 0 outside)."""
    y, x = np.mgrid[400:1000, 300:800]
    card = READING.to_card_mm(np.column_stack([x.ravel(), y.ravel()]).astype(float))
    frame = surface.unroll(np.nan_to_num(surface.locate(card), nan=-99.0))
    across = (frame[:, 1] - angle) * RADIUS_MM / (arc_mm / 2)
    along = (frame[:, 0] - middle_mm) / (length_mm / 2)
    full = np.zeros(SHAPE, np.float32)
    full[400:1000, 300:800] = (across**2 + along**2 < 1).reshape(x.shape)
    return full


def measured(probability: NDArray[np.float32], traced: bool = True) -> Planimetry:
    return measure_area(
        probability,
        Counting(0.5),
        np.ones(SHAPE, dtype=bool),
        READING,
        Basis(SURFACE, rigid_variants(SURFACE, FLAT), 1e-4, 12.0, traced),
    )


@pytest.mark.parametrize("angle_deg", [0, 15, -20, 30])
@pytest.mark.parametrize(("arc_mm", "length_mm"), [(3.0, 4.0), (5.0, 3.0), (1.4, 1.4)])
def test_ellipse_on_a_cylinder(angle_deg: float, arc_mm: float, length_mm: float) -> None:
    found = measured(patch(SURFACE, np.radians(angle_deg), arc_mm, length_mm))
    assert found.area_mm2 == pytest.approx(np.pi / 4 * arc_mm * length_mm, rel=0.015)
    assert found.length_mm == pytest.approx(max(arc_mm, length_mm), abs=0.12)
    assert found.width_mm == pytest.approx(min(arc_mm, length_mm), abs=0.12)
    circumference = np.pi * (
        3 * (arc_mm + length_mm) / 2 - np.sqrt((3 * arc_mm + length_mm) * (arc_mm + 3 * length_mm)) / 2
    )
    assert found.perimeter_mm == pytest.approx(circumference, rel=0.03)


def test_obliquity_is_the_turn_from_the_line_of_sight() -> None:
    angles = []
    for angle_deg in (-30, 0, 30):
        found = measured(patch(SURFACE, np.radians(angle_deg), 2.0, 2.0))
        assert found.obliquity_deg is not None
        angles.append(found.obliquity_deg)
    # The camera stands 15 mm to one side of the axis at 180 mm, so the two sides differ by about twice 5°.
    assert abs(angles[0] - angles[2]) == pytest.approx(2 * np.degrees(np.arctan(15 / 164)), abs=1.5)


def test_every_component_of_the_budget_is_there() -> None:
    found = measured(patch(SURFACE, 0.2, 3.0, 4.0))
    names = [component.name for component in found.budget.components]
    assert names == [
        "scale",
        "print",
        "digit height",
        "digit radius",
        "obliquity",
        "resolution",
    ]
    assert 0.005 * found.area_mm2 < found.budget.combined_mm2 < 0.05 * found.area_mm2


def test_the_networks_border_adds_what_its_band_of_probability_holds() -> None:
    hard = patch(SURFACE, 0.2, 3.0, 4.0)
    soft = cv2.GaussianBlur(hard, (0, 0), 3.0)
    borders = []
    for probability in (hard, soft):
        found = measured(probability, traced=False)
        borders.append({part.name: part.u_area_mm2 for part in found.budget.components}["border"])
    # The band of a blurred edge is one standard deviation of its blur: 3 px along the perimeter.
    assert borders[1] == pytest.approx(COMMON_SHARE * found.perimeter_mm * 3.0 / SCALE, rel=0.15)
    assert borders[0] < borders[1] / 3


def test_parts_too_small_to_count_and_parts_off_the_digit_are_left_out() -> None:
    speck = int(np.sqrt(MINIMUM_AREA_MM2) * SCALE) - 2
    probability = np.zeros(SHAPE, np.float32)
    probability[500 : 500 + speck, 500 : 500 + speck] = 1
    probability[700:780, 500:580] = 1
    probability[700:780, 100:180] = 1
    digit = np.zeros(SHAPE, dtype=bool)
    digit[:, 300:] = True
    kept = counted_parts(probability, Counting(0.5), digit, SCALE)
    assert kept[740, 540]
    assert not kept[502, 502]
    assert not kept[740, 140]


def test_nothing_open_is_zero_with_the_detection_limit() -> None:
    found = measured(np.zeros(SHAPE, np.float32))
    assert (found.area_mm2, found.perimeter_mm, found.obliquity_deg) == (0.0, 0.0, None)
    assert found.budget.combined_mm2 == pytest.approx(MINIMUM_AREA_MM2 / np.sqrt(3))


def test_two_parts_add_up() -> None:
    one, other = patch(SURFACE, 0.0, 2.0, 2.0, 14.0), patch(SURFACE, 0.1, 3.0, 2.0, 20.0)
    both = measured(np.maximum(one, other))
    assert both.area_mm2 == pytest.approx(measured(one).area_mm2 + measured(other).area_mm2, rel=1e-3)
    assert len(both.contours) == 2


def test_coverage_is_the_share_of_a_pixel_inside() -> None:
    x = np.linspace(-3, 3, 61)
    ramp = np.tile(np.clip(0.5 - x / 4, 0, 1), (5, 1))
    covered = coverage(ramp, 0.5)[2]
    assert covered[0] == 1.0
    assert covered[-1] == 0.0
    assert covered[30] == pytest.approx(0.5, abs=0.01)
