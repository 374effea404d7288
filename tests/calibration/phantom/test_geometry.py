"""Camera, rays and silhouettes of the phantom against closed forms and against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.rays import candidate_pixels, cast

angles = st.floats(0.0, 360.0)


@settings(max_examples=30, deadline=None)
@given(
    tilt=st.floats(0.0, 40.0),
    azimuth=angles,
    roll=angles,
    k1=st.floats(-0.05, 0.05),
    k2=st.floats(-0.01, 0.01),
    seed=st.integers(0, 1000),
)
def test_a_ray_projects_back_to_its_pixel(
    tilt: float, azimuth: float, roll: float, k1: float, k2: float, seed: int
) -> None:
    camera = Camera(tilt_deg=tilt, azimuth_deg=azimuth, roll_deg=roll, k1=k1, k2=k2)
    pixels = np.random.default_rng(seed).uniform(0, 1, (40, 2)) * (camera.width_px, camera.height_px)
    points = camera.position + 170.0 * camera.rays(pixels)
    assert camera.project(points) == pytest.approx(pixels, abs=1e-4)
    assert camera.depth_mm(points) == pytest.approx(170.0)


def test_the_camera_stands_where_it_is_said_to() -> None:
    camera = Camera(distance_mm=200.0, tilt_deg=30.0, azimuth_deg=90.0, aim_x_mm=40.0, aim_y_mm=25.0)
    assert camera.position == pytest.approx([40.0, 25.0 - 100.0, 200.0 * np.cos(np.radians(30.0))])
    aimed = camera.project(np.array([40.0, 25.0, 0.0]))
    assert aimed == pytest.approx(camera.principal_px)
    assert camera.axes @ camera.axes.T == pytest.approx(np.eye(3), abs=1e-12)


def test_upright_means_right_is_right_and_the_hand_is_below() -> None:
    camera = Camera()
    origin, right, hand = camera.project(np.array([[40.0, 30, 0], [50, 30, 0], [40, 40, 0]]))
    scale = camera.focal_px / camera.distance_mm
    assert right - origin == pytest.approx([10 * scale, 0.0], abs=1e-6)
    assert hand - origin == pytest.approx([0.0, 10 * scale], abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(
    radius=st.floats(5.5, 11.0),
    yaw=st.floats(-12.0, 12.0),
    rise=st.floats(0.0, 20.0),
    exponent=st.floats(2.0, 2.8),
    tilt=st.floats(0.0, 40.0),
    azimuth=angles,
)
def test_hits_lie_on_the_surface_and_nothing_hides_them(
    radius: float, yaw: float, rise: float, exponent: float, tilt: float, azimuth: float
) -> None:
    digit = DigitShape(
        radius_mm=radius,
        yaw_deg=yaw,
        inclination_deg=rise,
        tip_exponent=exponent,
        taper=0.08,
        joint_bulge=0.05,
    )
    camera = Camera(width_px=120, height_px=90, distance_mm=180.0, tilt_deg=tilt, azimuth_deg=azimuth)
    pixels = np.argwhere(candidate_pixels(digit, camera))[:, ::-1].astype(float)
    rays = camera.rays(pixels)
    hits = cast(digit, camera.position, rays)
    assert len(hits.ray) > 100
    s, _, aside = digit.coordinates(hits.points)
    assert aside == pytest.approx(digit.profile.radius_at(s), abs=1e-6)
    assert camera.project(hits.points) == pytest.approx(pixels[hits.ray], abs=1e-4)
    for share in (0.9, 0.95, 0.98, 0.995, 0.999):
        before, _, gap = digit.coordinates(camera.position + share * hits.depth_mm[:, None] * rays[hits.ray])
        outside = (before < 0) | (before > digit.length_mm) | (gap >= digit.profile.radius_at(before) - 1e-6)
        assert outside.all()


def test_rays_that_miss_pass_outside() -> None:
    digit = DigitShape(yaw_deg=5.0, joint_bulge=0.05, taper=0.1)
    camera = Camera(width_px=120, height_px=90, tilt_deg=25.0, azimuth_deg=200.0)
    pixels = np.stack(np.meshgrid(np.arange(120.0), np.arange(90.0)), axis=-1).reshape(-1, 2)
    rays = camera.rays(pixels)
    missed = np.setdiff1d(np.arange(len(pixels)), cast(digit, camera.position, rays).ray)
    depth = np.linspace(0.75, 1.25, 1500)[:, None] * camera.distance_mm
    for ray in missed[::7]:
        s, _, aside = digit.coordinates(camera.position + depth * rays[ray])
        along = (s > 0) & (s < digit.length_mm)
        assert np.all(aside[along] >= digit.profile.radius_at(s[along]) - 1e-3)


@pytest.mark.parametrize("aside_mm", [0.0, 25.0, -40.0])
def test_silhouette_of_a_cylinder(aside_mm: float) -> None:
    """Beside the axis the tangent planes from the lens make known angles with the line to the axis."""
    digit = DigitShape(radius_mm=9.0, taper=0.0, joint_bulge=0.0, length_mm=120.0)
    camera = Camera(distance_mm=200.0, aim_x_mm=40.0 + aside_mm, aim_y_mm=60.0)
    to_axis = np.array([40.0 - camera.position[0], 9.0 - camera.position[2]])
    middle = np.arctan2(to_axis[0], -to_axis[1])
    half = np.arcsin(9.0 / np.hypot(*to_axis))
    expected = camera.principal_px[0] + camera.focal_px * np.tan([middle - half, middle + half])
    columns = np.concatenate([edge + np.array([-0.01, 0.01]) for edge in expected])
    pixels = np.stack([columns, np.full(4, camera.principal_px[1])], axis=1)
    assert cast(digit, camera.position, camera.rays(pixels)).ray.tolist() == [1, 2]


@pytest.mark.parametrize("rise_deg", [0.0, 10.0])
def test_the_digit_touches_the_table_and_does_not_sink(rise_deg: float) -> None:
    digit = DigitShape(inclination_deg=rise_deg, taper=0.07, joint_bulge=0.03)
    s, phi = np.meshgrid(np.linspace(0, digit.length_mm, 2000), np.linspace(-np.pi, np.pi, 181))
    assert digit.surface_point(s, phi)[..., 2].min() == pytest.approx(0.0, abs=1e-3)


def test_normals_are_perpendicular_to_the_surface() -> None:
    digit = DigitShape(yaw_deg=4.0, inclination_deg=6.0, tip_exponent=2.4)
    s, phi, step = np.array([0.5, 3.0, 8.0, 25.0, 40.0]), np.linspace(-1.5, 1.5, 5), 1e-3
    along = digit.surface_point(s + step, phi) - digit.surface_point(s - step, phi)
    round_axis = digit.surface_point(s, phi + step) - digit.surface_point(s, phi - step)
    normal = digit.normal(s, phi)
    assert np.linalg.norm(normal, axis=1) == pytest.approx(1.0)
    for tangent in (along, round_axis):
        cosine = (normal * tangent).sum(axis=1) / np.linalg.norm(tangent, axis=1)
        assert cosine == pytest.approx(0.0, abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(turn=st.floats(-180.0, 180.0), yaw=st.floats(-10.0, 10.0), rise=st.sampled_from([0.0, 15.0, -90.0]))
def test_a_turned_finger_is_the_same_body_and_carries_its_skin_with_it(
    turn: float, yaw: float, rise: float
) -> None:
    straight = DigitShape(yaw_deg=yaw, inclination_deg=rise, protrusion_mm=12.0 if rise < 0 else None)
    turned = replace(straight, turn_deg=turn)
    assert turned.tip == pytest.approx(straight.tip)
    s, phi = np.array([0.5, 8.0, 30.0]), np.array([-0.4, 0.0, 1.1])
    elsewhere = straight.surface_point(s, phi + np.radians(turn))
    assert turned.surface_point(s, phi) == pytest.approx(elsewhere, abs=1e-9)
    assert turned.coordinates(elsewhere)[1] == pytest.approx(phi, abs=1e-9)
    top = turned.surface_point(30.0, turned.ridge_rad)
    assert top == pytest.approx(straight.surface_point(30.0, 0.0), abs=1e-9)
