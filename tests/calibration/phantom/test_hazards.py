"""Each hazard against the plain digit: what it displaces, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.phantom import Camera, DigitShape, Scene, UlcerShape
from calibration.phantom.hazards import bent, with_long_nail, with_neighbour, with_relief
from calibration.phantom.nail import NailEnd
from calibration.phantom.rays import cast
from calibration.phantom.scene import truth_of

SCENE = Scene(
    digit=DigitShape(radius_mm=8.0, taper=0.0, joint_bulge=0.0),
    ulcers=(UlcerShape(12.0, 10.0, 2.0),),
    camera=Camera(distance_mm=160.0, tilt_deg=0.0),
)


def half_width_mm(digit: DigitShape, s_mm: float) -> tuple[float, float]:
    """How far level rays from above find the digit to its left and right."""
    middle = digit.tip + s_mm * digit.axis
    aside = np.linspace(0.0, 10.0, 20001)
    widths = []
    for way in (-1, 1):
        far = middle + np.array([0.0, 0.0, 500.0])
        targets = middle + way * aside[:, None] * digit.side
        hits = cast(digit, far, (targets - far) / 500.0)
        widths.append(float(aside[hits.ray].max()))
    return widths[0], widths[1]


# A crater 6 mm wide on this digit hides its ground behind its own rim where it is deeper than 0.5 mm.
@pytest.mark.parametrize("height_mm", [-0.4, -0.3, 0.3, 1.0])
def test_relief_displaces_the_outline_of_one_side_by_its_height(height_mm: float) -> None:
    digit = with_relief(SCENE, height_mm, 18.0, 1, 6.0).digit
    before, after = half_width_mm(SCENE.digit, 18.0), half_width_mm(digit, 18.0)
    assert after[0] == pytest.approx(before[0], abs=1e-3)
    assert after[1] - before[1] == pytest.approx(height_mm, abs=0.1)
    assert half_width_mm(digit, 26.0) == pytest.approx(half_width_mm(SCENE.digit, 26.0), abs=1e-6)


@pytest.mark.parametrize("gap_mm", [0.0, 2.0])
def test_a_neighbour_lies_as_far_away_as_said(gap_mm: float) -> None:
    (neighbour,) = with_neighbour(SCENE, gap_mm, -1, 4.0).hand
    apart = SCENE.digit.coordinates(neighbour.surface_point(30.0, np.pi / 2)[None])[2][0]
    assert apart == pytest.approx(8.0 + gap_mm, abs=0.1)
    assert neighbour.tip[1] == pytest.approx(SCENE.digit.tip[1] - 4.0)


def test_a_bent_digit_keeps_its_end_and_its_ulcers_area() -> None:
    scene = bent(SCENE, 12.0)
    assert scene.digit.surface_point(12.0, 0.3) == pytest.approx(SCENE.digit.surface_point(12.0, 0.3))
    assert truth_of(scene).area_mm2 == pytest.approx(truth_of(SCENE).area_mm2, rel=1e-3)
    proximal = scene.hand[0]
    turned = np.degrees(np.arccos(proximal.axis @ scene.digit.axis))
    assert turned == pytest.approx(12.0)


def test_a_long_nail_ends_as_far_beyond_the_tip_as_said() -> None:
    nail = NailEnd(SCENE.digit, with_long_nail(SCENE, 3.0).nail_beyond_mm)
    above = SCENE.digit.tip + np.array([0.0, 0.0, 500.0])
    ahead = np.linspace(0.0, 6.0, 601)
    targets = SCENE.digit.tip - ahead[:, None] * SCENE.digit.axis
    ray, _, _ = nail.meet(above, (targets - above) / 500.0)
    assert ahead[ray].max() == pytest.approx(3.0, abs=0.05)
