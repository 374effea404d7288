"""Rules of healing: verdicts, reduction, and the footprint laid over a later visit."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.footprint import GRID_HALF_ARC_MM, GRID_HEIGHT_MM, GRID_PX_PER_MM, Footprint, register
from app.domain.healing import epithelialisation, linear_healing_rate, percent_area_reduction, verdict

ROWS, COLUMNS = int(GRID_HEIGHT_MM * GRID_PX_PER_MM), int(2 * GRID_HALF_ARC_MM * GRID_PX_PER_MM)
areas = st.floats(0, 60)
uncertainties = st.floats(0.01, 5)


def skin(seed: int = 3) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, 1, (ROWS, COLUMNS)).astype(np.float32)
    detail = cv2.GaussianBlur(noise, (0, 0), 4)
    return np.clip(140 + 20 * detail / detail.std(), 1, 255).astype(np.uint8)


def footprint(centre: tuple[int, int], radius: int, texture: NDArray[np.uint8]) -> Footprint:
    y, x = np.ogrid[:ROWS, :COLUMNS]
    disc = (y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2
    return Footprint(disc, texture, 8.0, np.ones((ROWS, 1), np.float32))


@given(areas, uncertainties, areas, uncertainties)
def test_verdict_turns_round_with_time(a: float, ua: float, b: float, ub: float) -> None:
    forth, back = verdict(a, ua, b, ub), verdict(b, ub, a, ua)
    opposite = {"smaller": "larger", "larger": "smaller", "cannot tell": "cannot tell"}
    assert back == opposite[forth]
    if abs(a - b) <= 1.96 * np.hypot(ua, ub) - 1e-9:
        assert forth == "cannot tell"


def test_verdict_at_known_values() -> None:
    assert verdict(12.0, 0.5, 9.0, 0.5) == "smaller"
    assert verdict(12.0, 0.5, 13.0, 0.5) == "cannot tell"
    assert verdict(12.0, 0.5, 13.5, 0.5) == "larger"


def test_reduction_and_rate() -> None:
    assert percent_area_reduction(12.0, 3.0) == pytest.approx(75.0)
    assert percent_area_reduction(12.0, 15.0) == pytest.approx(-25.0)
    assert linear_healing_rate(12.0, 6.0, 10.0, 28.0) == pytest.approx(6 / 10 / 28)
    with pytest.raises(ValueError, match="baseline"):
        percent_area_reduction(0.0, 3.0)


@pytest.mark.parametrize("shift", [(0, 0), (12, -9), (-20, 17)])
def test_footprint_is_found_again_when_the_frame_moved(shift: tuple[int, int]) -> None:
    texture = skin()
    baseline = footprint((200, 140), 20, texture)
    later = footprint((200 + shift[0], 140 + shift[1]), 10, np.roll(texture, shift, axis=(0, 1)))
    found, quality = register(baseline, later)
    assert found == shift
    assert quality > 0.9
    healing = epithelialisation(baseline, later, later.area_mm2)
    assert healing.method == "footprint"
    assert healing.epithelialisation_percent == pytest.approx(75.0, abs=2.0)
    assert healing.new_ulceration_mm2 == pytest.approx(0.0)


def test_new_ulceration_is_told_apart_and_not_netted_off() -> None:
    texture = skin()
    baseline, healed_half = footprint((200, 140), 20, texture), footprint((200, 140), 14, texture)
    elsewhere = footprint((260, 140), 12, texture)
    later = Footprint(healed_half.open | elsewhere.open, texture, 8.0, healed_half.weight)
    healing = epithelialisation(baseline, later, later.area_mm2)
    assert healing.epithelialisation_percent == pytest.approx(51.0, abs=3.0)
    assert healing.new_ulceration_mm2 == pytest.approx(elsewhere.area_mm2, rel=0.02)


def test_unrecognised_skin_falls_back_and_says_so() -> None:
    baseline, later = footprint((200, 140), 20, skin(1)), footprint((200, 140), 10, skin(2))
    healing = epithelialisation(baseline, later, later.area_mm2)
    assert healing.method == "area"
    assert healing.new_ulceration_mm2 is None
    assert healing.epithelialisation_percent == pytest.approx(75.0, abs=2.0)


def test_closed_needs_no_registration() -> None:
    baseline = footprint((200, 140), 20, skin(1))
    closed = Footprint(np.zeros_like(baseline.open), skin(2), 8.0, baseline.weight)
    assert epithelialisation(baseline, closed, 0.0).epithelialisation_percent == 100.0


def test_footprint_survives_the_store() -> None:
    first = footprint((200, 140), 20, skin())
    again = Footprint.from_bytes(first.to_bytes())
    np.testing.assert_array_equal(first.open, again.open)
    np.testing.assert_array_equal(first.texture, again.texture)
    assert again.radius_mm == first.radius_mm
