"""The fitted surface against solids whose silhouettes are computed independently, by projecting a dense
mesh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calibration.digit_mask import DigitNotFound
from calibration.silhouette import Silhouette
from calibration.surface import Surface, area_and_obliquity
from calibration.surface_fit import fit_surface

STEP_MM = 0.1


def mesh(
    radius_mm: float, yaw_deg: float, taper: float = 0.0, tip_mm: float = 6.0
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """World points of a digit with a round tip at (40, 20), its profile's places and radii."""
    along = np.concatenate([8 * np.linspace(0, 1, 500, endpoint=False) ** 2, np.linspace(8, 70, 1300)])
    round_end = np.sqrt(np.clip(1 - ((tip_mm - along) / tip_mm) ** 2, 0, 1))
    radius = (
        radius_mm * np.where(along < tip_mm, round_end, 1.0) * (1 - taper * np.clip((30 - along) / 30, 0, 1))
    )
    angle = np.linspace(-np.pi, np.pi, 541)
    place, turn = np.meshgrid(along, angle, indexing="ij")
    direction = np.array([np.sin(np.radians(yaw_deg)), np.cos(np.radians(yaw_deg))])
    side = np.array([-direction[1], direction[0]])
    out = np.broadcast_to(radius[:, None], place.shape)
    flat = np.array([40.0, 20.0]) + place[..., None] * direction + (out * np.sin(turn))[..., None] * side
    return np.dstack([flat, -(radius.max() + out * np.cos(turn))]), along, radius


def silhouette_of(points: NDArray[np.float64], camera_mm: NDArray[np.float64]) -> Silhouette:
    """Extreme points, row by row, of the mesh's shadow on the card."""
    share = -camera_mm[2] / (points[..., 2] - camera_mm[2])
    shadow = (camera_mm + (points - camera_mm) * share[..., None])[..., :2].reshape(-1, 2)
    rows = np.arange(shadow[:, 1].min() + STEP_MM / 5, 59.5, STEP_MM)
    index = np.rint((shadow[:, 1] - rows[0]) / STEP_MM).astype(int)
    inside = (index >= 0) & (index < len(rows))
    low, high = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    np.minimum.at(low, index[inside], shadow[inside, 0])
    np.maximum.at(high, index[inside], shadow[inside, 0])
    return Silhouette(
        np.column_stack([low, rows]), np.column_stack([high, rows]), np.ones((2, 2), dtype=bool), 1.0
    )


FAR_MM = 55.0
"""Along the meridian: beyond the last place at which the digit of the tests is seen."""


def fitted(
    radius_mm: float, yaw_deg: float, camera: tuple[float, float, float], taper: float = 0.0
) -> tuple[Surface, NDArray[np.float64], NDArray[np.float64]]:
    points, along, radius = mesh(radius_mm, yaw_deg, taper)
    centre = np.array(camera)
    return fit_surface(silhouette_of(points, centre), centre), along, radius


@settings(max_examples=12, deadline=None)
@given(
    radius_mm=st.floats(5.5, 11),
    yaw_deg=st.floats(-6, 6),
    distance_mm=st.floats(140, 300),
    aside_mm=st.tuples(st.floats(-60, 60), st.floats(-60, 60)),
)
def test_cylinder_with_round_tip_is_recovered(
    radius_mm: float, yaw_deg: float, distance_mm: float, aside_mm: tuple[float, float]
) -> None:
    camera = (40 + aside_mm[0], 38 + aside_mm[1], -distance_mm)
    surface, along, radius = fitted(radius_mm, yaw_deg, camera)
    assert surface.axis.height_mm == pytest.approx(radius_mm, abs=0.03)
    for place in (2.0, 4.0, 8.0, 15.0, 25.0):
        found = float(surface.radius_at(np.array([surface.along_mm[0] + place]))[0])
        assert found == pytest.approx(float(np.interp(place, along, radius)), abs=0.12 if place < 5 else 0.04)


@pytest.mark.parametrize("camera", [(40, 38, -200), (90, 38, -180), (40, 95, -200), (20, -20, -220)])
def test_taper_is_followed(camera: tuple[float, float, float]) -> None:
    surface, along, radius = fitted(8.0, 3.0, camera, taper=0.1)
    places = np.array([8.0, 12.0, 20.0, 28.0])
    found = surface.radius_at(surface.along_mm[0] + places)
    np.testing.assert_allclose(found, np.interp(places, along, radius), atol=0.08)


def test_area_of_a_patch_on_a_cylinder() -> None:
    """Where the digit is a cylinder, a patch of arc w and length l has the area w · l, however it is seen."""
    surface, _, _ = fitted(8.0, 0.0, (60.0, 60.0, -180.0))
    step = 0.05
    x, y = np.meshgrid(np.arange(30, 56, step), np.arange(24, 60, step))
    card = np.dstack([x, y])
    area, obliquity = area_and_obliquity(surface, card)
    frame = surface.unroll(np.nan_to_num(surface.locate(card.reshape(-1, 2)), nan=-99)).reshape(*x.shape, 2)
    inside = (np.abs(frame[..., 1] * 8.0) < 2.0) & (frame[..., 0] > 15) & (frame[..., 0] < 21)
    assert np.nansum(area[inside]) == pytest.approx(4.0 * 6.0, rel=0.01)
    assert np.nanmin(obliquity) < 1.0
    assert np.isnan(area[0, 0])


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, FAR_MM), st.floats(-1.2, 1.2))
def test_unrolling_and_rolling_are_inverse(meridian_mm: float, angle: float) -> None:
    surface = _SURFACE
    world = surface.roll(np.array([[meridian_mm, angle]]))
    np.testing.assert_allclose(surface.unroll(world), [[meridian_mm, angle]], atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(2.0, FAR_MM), st.floats(-0.7, 0.7))
def test_seen_points_lie_where_they_are_seen(meridian_mm: float, angle: float) -> None:
    world = _SURFACE.roll(np.array([[meridian_mm, angle]]))
    again = _SURFACE.locate(_SURFACE.onto_card(world))
    np.testing.assert_allclose(again, world, atol=2e-3)


def test_no_digit_where_the_sides_are_too_short() -> None:
    side = np.column_stack([np.full(5, 36.0), np.linspace(20, 21, 5)])
    with pytest.raises(DigitNotFound):
        fit_surface(
            Silhouette(side, side + [8, 0], np.ones((2, 2), dtype=bool), 1.0), np.array([40, 40, -200.0])
        )


_SURFACE = fitted(8.0, 2.0, (45.0, 40.0, -200.0))[0]
assert _SURFACE.meridian_mm[-1] < FAR_MM - 5.0
