"""A plane in the digit's place: areas on it, its frame, and where it is put."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.axis import Axis
from calibration.plane import PLANE_HEIGHT_MM, Plane, plane_in_place
from calibration.rectify import ReadingImage
from calibration.surface import area_and_obliquity
from calibration.surface_variants import plane_variants

CAMERA_MM = np.array([40.0, 30.0, -200.0])


def plane(sideways_deg: float = 0.0, lengthways_deg: float = 0.0) -> Plane:
    axis = Axis(np.array([40.0, 20.0]), np.array([0.0, 1.0]), PLANE_HEIGHT_MM)
    along = np.arange(0.0, 40.0, 0.1)
    return Plane(axis, along, np.full(len(along), 8.0), CAMERA_MM, sideways_deg, lengthways_deg)


def area_mm2(surface: Plane) -> float:
    """Of what 4 × 4 mm of the card under the camera hide."""
    step = np.arange(-2.0, 2.0, 0.1) + 0.05
    card = np.stack(np.meshgrid(CAMERA_MM[0] + step, CAMERA_MM[1] + step), axis=-1)
    return float(area_and_obliquity(surface, card)[0].sum())


def test_a_level_plane_is_nearer_by_its_height() -> None:
    assert area_mm2(plane()) == pytest.approx(16.0 * (1 - PLANE_HEIGHT_MM / 200.0) ** 2, rel=1e-6)


@pytest.mark.parametrize("lean", [(20.0, 0.0), (0.0, 20.0)])
def test_a_leaning_plane_is_larger_by_the_cosine(lean: tuple[float, float]) -> None:
    assert area_mm2(plane(*lean)) / area_mm2(plane()) == pytest.approx(1 / np.cos(np.radians(20)), rel=0.05)


@settings(max_examples=20, deadline=None)
@given(st.floats(1.0, 35.0), st.floats(-0.8, 0.8), st.floats(-20.0, 20.0), st.floats(-20.0, 20.0))
def test_rolling_unrolling_and_looking_agree(
    length_mm: float, angle: float, sideways_deg: float, lengthways_deg: float
) -> None:
    surface = plane(sideways_deg, lengthways_deg)
    world = surface.roll(np.array([[length_mm, angle]]))
    np.testing.assert_allclose(surface.unroll(world), [[length_mm, angle]], atol=1e-9)
    np.testing.assert_allclose(surface.locate(surface.onto_card(world)), world, atol=1e-9)


def test_it_begins_where_the_mask_does() -> None:
    reading = ReadingImage(np.zeros((400, 400, 3), np.uint8), 10.0, (20.0, 10.0))
    mask = np.zeros((400, 400), bool)
    mask[100:, 150:250] = True
    surface = plane_in_place(reading, mask, CAMERA_MM)
    tip = surface.onto_card(surface.roll(np.array([[0.0, 0.0]])))
    np.testing.assert_allclose(tip, [[40.0, 20.05]], atol=0.06)
    assert surface.digit_width_mm == pytest.approx(16.0)


def test_its_area_is_less_certain_than_a_fitted_digits() -> None:
    variants = plane_variants(plane(), CAMERA_MM)
    assert [item.name for item in variants] == [
        "focal length",
        "plane height",
        "lean sideways",
        "lean lengthways",
    ]
    true = area_mm2(plane())
    changes = [max(abs(area_mm2(one) / true - 1) for one in item.surfaces) for item in variants]
    assert np.sqrt(np.sum(np.square(changes))) > 0.05
