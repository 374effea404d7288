"""The phantom's areas against closed forms: the truth must be right before anything is measured by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from calibration.phantom.digit import DigitShape
from calibration.phantom.outline import Bridge, Island, UlcerShape, distance_to_outline
from calibration.phantom.ulcer import (
    advanced_to_area,
    random_outline,
    scaled_to_area,
    still_open_mm2,
    ulcer_area_mm2,
)

AREA_TOLERANCE = 5e-4
"""The quadrature promises 0.05 %."""

BALL = DigitShape(radius_mm=8.0, taper=0.0, joint_bulge=0.0, tip_length_mm=8.0, tip_exponent=2.0)
"""A digit that ends in an exact hemisphere and goes on as an exact cylinder."""


@settings(max_examples=12, deadline=None)
@given(
    chord_mm=st.floats(0.5, 3.0),
    polar_deg=st.floats(0.0, 60.0),
    phi_deg=st.floats(-180.0, 180.0),
)
def test_a_round_ulcer_on_a_sphere_is_a_cap(chord_mm: float, polar_deg: float, phi_deg: float) -> None:
    """A spherical cap with chord c from its pole has the area π c² (Archimedes), wherever it lies."""
    s_mm = 8.0 * (1.0 - np.cos(np.radians(polar_deg)))
    ulcer = UlcerShape(s_mm=float(s_mm), phi_deg=phi_deg, mean_radius_mm=chord_mm)
    assert ulcer_area_mm2(BALL, ulcer) == pytest.approx(np.pi * chord_mm**2, rel=AREA_TOLERANCE)


@pytest.mark.parametrize("chord_mm", [1.0, 2.5, 5.0])
def test_a_round_ulcer_on_a_cylinder(chord_mm: float) -> None:
    """Points within a chord of one point of a cylinder: a single integral over the angle."""
    radius = BALL.radius_mm
    largest = 2 * np.arcsin(chord_mm / (2 * radius))

    def strip(phi: float) -> float:
        return 2 * radius * float(np.sqrt(max(chord_mm**2 - (2 * radius * np.sin(phi / 2)) ** 2, 0.0)))

    expected = quad(strip, -largest, largest, limit=200)[0]
    ulcer = UlcerShape(s_mm=30.0, phi_deg=25.0, mean_radius_mm=chord_mm)
    assert ulcer_area_mm2(BALL, ulcer) == pytest.approx(expected, rel=AREA_TOLERANCE)


def test_a_small_ellipse_is_flat() -> None:
    ulcer = UlcerShape(s_mm=30.0, phi_deg=0.0, mean_radius_mm=0.3, elongation=1.7, orientation_deg=30.0)
    assert ulcer_area_mm2(BALL, ulcer) == pytest.approx(np.pi * 0.3**2, rel=1e-3)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), area_mm2=st.floats(1.5, 40.0), s_mm=st.floats(1.0, 40.0))
def test_the_area_asked_for_is_the_area_made(seed: int, area_mm2: float, s_mm: float) -> None:
    rng = np.random.default_rng(seed)
    digit = DigitShape(taper=0.08, tip_exponent=2.4, joint_bulge=0.03)
    ulcer = scaled_to_area(digit, random_outline(rng, s_mm, float(rng.uniform(-60, 60))), area_mm2)
    assert ulcer_area_mm2(digit, ulcer) == pytest.approx(area_mm2, rel=AREA_TOLERANCE)


def _cloud(digit: DigitShape, ulcer: UlcerShape) -> np.ndarray:
    """Points of the surface round an ulcer."""
    s, phi = np.meshgrid(np.linspace(0.1, ulcer.s_mm + 9, 300), np.linspace(-np.pi, np.pi, 300))
    return digit.surface_point(s, phi).reshape(-1, 3)


@pytest.mark.parametrize("rest_mm2", [9.0, 4.0, 0.5])
def test_healing_stays_within_the_footprint(rest_mm2: float) -> None:
    digit = DigitShape()
    first = scaled_to_area(digit, random_outline(np.random.default_rng(4), 10.0, 15.0), 14.0)
    later = advanced_to_area(
        digit, replace(first, islands=(Island(0.4, 0.2, 0.4),), bridge=Bridge(80.0, -0.5, 0.3)), rest_mm2
    )
    points = _cloud(digit, first)
    before = distance_to_outline(digit, first, points) < 0
    after = distance_to_outline(digit, later, points) < 0
    assert after.any()
    assert not (after & ~before).any()
    assert ulcer_area_mm2(digit, later) == pytest.approx(rest_mm2, rel=3e-3)


def test_growth_covers_the_footprint_and_closure_leaves_nothing() -> None:
    digit = DigitShape()
    first = scaled_to_area(digit, random_outline(np.random.default_rng(5), 12.0, 0.0), 8.0)
    grown = advanced_to_area(digit, first, 13.0)
    assert grown.advance_mm < 0
    assert ulcer_area_mm2(digit, grown) == pytest.approx(13.0, rel=3e-3)
    points = _cloud(digit, first)
    assert not (
        (distance_to_outline(digit, first, points) < 0) & (distance_to_outline(digit, grown, points) > 0)
    ).any()
    healed = advanced_to_area(digit, first, 0.0)
    assert healed.closed
    assert ulcer_area_mm2(digit, healed) == 0.0
    assert (distance_to_outline(digit, healed, points) > 0).all()


def test_the_distance_is_a_distance_near_the_edge() -> None:
    """A point stepped 0.1 mm out of a round edge is 0.1 mm away."""
    ulcer = UlcerShape(s_mm=30.0, phi_deg=0.0, mean_radius_mm=2.0)
    away = BALL.surface_point(30.0 + np.array([2.1, 1.9]), 0.0)
    assert distance_to_outline(BALL, ulcer, away) == pytest.approx([0.1, -0.1], abs=1e-6)


def test_what_is_still_open_of_the_baseline() -> None:
    whole = UlcerShape(s_mm=20.0, phi_deg=10.0, mean_radius_mm=2.5)
    area = ulcer_area_mm2(BALL, whole)
    healed, grown = (advanced_to_area(BALL, whole, share * area) for share in (0.4, 1.5))
    elsewhere = UlcerShape(s_mm=30.0, phi_deg=10.0, mean_radius_mm=1.5)
    for later, expected in (
        ((healed,), ulcer_area_mm2(BALL, healed)),
        ((healed, elsewhere), ulcer_area_mm2(BALL, healed)),
        ((grown,), area),
        ((whole,), area),
        ((elsewhere,), 0.0),
        ((replace(whole, closed=True),), 0.0),
        ((), 0.0),
    ):
        assert still_open_mm2(BALL, whole, later) == pytest.approx(expected, rel=1e-3, abs=1e-9)
