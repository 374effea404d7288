"""Fingertips whose shadows are computed independently, point by point of a dense mesh."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.digit_mask import DigitNotFound
from calibration.pose import TIP
from calibration.surface import Surface, area_and_obliquity
from calibration.tip_fit import HEIGHT, LEAN_X, LEAN_Y, LENGTH, LENGTH_IN_RADII, OVERCONFIDENCE, fit_tip

APEX_MM = np.array([40.0, 36.0])


def tip_mesh(
    wide_mm: float, thick_mm: float, height_mm: float, turn_deg: float = 0.0, lean_deg: float = 0.0
) -> NDArray[np.float64]:
    """World points (n, 3) of a half ellipsoid on a cylinder, down to the card, leaning towards +x."""
    length = LENGTH_IN_RADII * np.sqrt(wide_mm * thick_mm)
    down = np.concatenate([length * np.linspace(0, 1, 300) ** 2, np.linspace(length, 30, 200)])
    share = np.sqrt(1 - np.clip(1 - down / length, 0, 1) ** 2)
    angle = np.radians(np.arange(0, 360, 1.0))
    turn, lean = np.radians([turn_deg, lean_deg])
    x = wide_mm * share[:, None] * np.cos(angle)
    y = thick_mm * share[:, None] * np.sin(angle)
    z = np.broadcast_to(down[:, None], x.shape)
    x, y = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    x, z = np.cos(lean) * x + np.sin(lean) * z, np.cos(lean) * z - np.sin(lean) * x
    points = np.column_stack([APEX_MM[0] + x.ravel(), APEX_MM[1] + y.ravel(), z.ravel() - height_mm])
    return points[points[:, 2] < 0]


def outline_of(points: NDArray[np.float64], camera_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convex hull of the points' shadow on the card."""
    share = -camera_mm[2] / (points[:, 2] - camera_mm[2])
    shadow = (camera_mm + (points - camera_mm) * share[:, None])[:, :2]
    return cv2.convexHull(shadow.astype(np.float32)).reshape(-1, 2).astype(np.float64)


def apex_area(surface: Surface, half_mm: float = 1.5) -> float:
    """Area that the surface gives to a square of the card's plane round the tip as the camera sees it."""
    apex = surface.onto_card(surface.axis.reference_mm[None])[0]
    steps = np.arange(-half_mm, half_mm, 0.05) + 0.025
    grid = np.stack(np.meshgrid(apex[0] + steps, apex[1] + steps), axis=-1)
    return float(np.nansum(area_and_obliquity(surface, grid)[0]))


@pytest.mark.parametrize("camera", [(40.0, 36.0, -220.0), (75.0, 20.0, -200.0), (10.0, 60.0, -260.0)])
@pytest.mark.parametrize(("wide_mm", "thick_mm", "turn_deg"), [(8.0, 8.0, 0.0), (8.5, 7.2, 35.0)])
def test_an_upright_tip(
    camera: tuple[float, float, float], wide_mm: float, thick_mm: float, turn_deg: float
) -> None:
    centre = np.array(camera)
    surface = fit_tip(outline_of(tip_mesh(wide_mm, thick_mm, 12.0, turn_deg), centre), centre, TIP).surface
    assert surface.digit_width_mm == pytest.approx(2 * wide_mm, rel=0.03)
    assert surface.flattening == pytest.approx(thick_mm / wide_mm, abs=0.06)
    assert surface.axis.height_mm == pytest.approx(12.0, abs=1.0)


def test_a_tilted_camera_sees_part_of_the_height() -> None:
    centre = np.array([110.0, 36.0, -200.0])
    outline = outline_of(tip_mesh(8.0, 8.0, 17.0), centre)
    assert 13.0 < fit_tip(outline, centre, TIP).surface.axis.height_mm < 18.0


def test_what_was_stated_counts_where_nothing_is_seen() -> None:
    centre = np.array([40.0, 36.0, -220.0])
    outline = outline_of(tip_mesh(8.0, 8.0, 12.0), centre)
    low, high = (fit_tip(outline, centre, replace(TIP, height_mm=height)).surface for height in (9.0, 15.0))
    assert low.axis.height_mm == pytest.approx(9.0, abs=0.5)
    assert high.axis.height_mm == pytest.approx(15.0, abs=0.5)
    # 6 mm at 220 mm are 2.9 % of length, 5.8 % of area
    assert apex_area(high) / apex_area(low) == pytest.approx((220 - 15) ** 2 / (220 - 9) ** 2, abs=0.005)


def test_a_lean_is_not_taken_for_a_flat_section() -> None:
    centre = np.array([40.0, 36.0, -220.0])
    surface = fit_tip(outline_of(tip_mesh(8.0, 8.0, 12.0, lean_deg=9.0), centre), centre, TIP).surface
    assert surface.flattening > 0.9


@pytest.mark.parametrize(("wide_mm", "thick_mm"), [(2.5, 2.5), (9.0, 3.8), (20.0, 20.0)])
def test_no_fingertip(wide_mm: float, thick_mm: float) -> None:
    centre = np.array([40.0, 36.0, -220.0])
    with pytest.raises(DigitNotFound):
        fit_tip(outline_of(tip_mesh(wide_mm, thick_mm, 12.0), centre), centre, TIP)


def test_each_value_moves_as_far_as_it_is_unknown() -> None:
    """Straight from above the outline says nothing of the height: it stays as unknown as it was stated."""
    centre = np.array([40.0, 36.0, -220.0])
    fit = fit_tip(outline_of(tip_mesh(8.0, 8.0, 12.0), centre), centre, TIP)
    moved = fit.moved(HEIGHT, LENGTH)
    assert set(moved) == {HEIGHT, LENGTH}
    raised_mm = moved[HEIGHT].axis.height_mm - fit.surface.axis.height_mm
    assert raised_mm == pytest.approx(OVERCONFIDENCE * TIP.height_sd_mm, rel=0.05)
    assert moved[LENGTH].axis.height_mm == pytest.approx(fit.surface.axis.height_mm, abs=0.3)
    assert moved[LENGTH].cap.length_mm > fit.surface.cap.length_mm + 1.0


@pytest.mark.parametrize("camera", [(40.0, 36.0, -220.0), (90.0, 10.0, -230.0)])
def test_what_moves_together_keeps_to_the_covariance(camera: tuple[float, float, float]) -> None:
    centre = np.array(camera)
    fit = fit_tip(outline_of(tip_mesh(8.0, 8.0, 12.0, lean_deg=4.0), centre), centre, TIP)
    heights = [one.axis.height_mm - fit.values[HEIGHT] for one in fit.moved(LEAN_X, LEAN_Y, HEIGHT).values()]
    assert sum(height**2 for height in heights) == pytest.approx(fit.covariance[HEIGHT, HEIGHT], rel=1e-6)
