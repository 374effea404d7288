"""Rules of healing: verdicts, reduction, and the footprint laid over a later visit."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.footprint import GRID_HALF_ARC_MM, GRID_HEIGHT_MM, GRID_PX_PER_MM, Footprint
from app.domain.healing import (
    Healing,
    epithelialisation,
    linear_healing_rate,
    percent_area_reduction,
    verdict,
)
from app.domain.registration import Registration, register

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


def followed(baseline: Footprint, later: Footprint) -> Healing:
    return epithelialisation(baseline, later, register(baseline, later), later.area_mm2)


@pytest.mark.parametrize("shift", [(0, 0), (12, -9), (-20, 17)])
def test_a_margin_that_moved_in_is_told_wherever_the_frame_lies(shift: tuple[int, int]) -> None:
    texture = skin()
    baseline = footprint((200, 140), 20, texture)
    later = footprint((200 + shift[0], 140 + shift[1]), 10, np.roll(texture, shift, axis=(0, 1)))
    healing = followed(baseline, later)
    assert healing.method == "footprint"
    assert healing.epithelialisation_percent == pytest.approx(75.0, abs=2.0)
    assert healing.new_ulceration_mm2 == pytest.approx(0.0, abs=0.05)


def test_a_border_found_a_little_aside_heals_nothing() -> None:
    baseline = footprint((200, 140), 20, skin())
    aside = footprint((202, 140), 20, skin())
    healing = epithelialisation(baseline, aside, Registration(np.eye(2, 3), 0.9), aside.area_mm2)
    assert healing.epithelialisation_percent == pytest.approx(0.0, abs=0.5)
    assert healing.new_ulceration_mm2 == pytest.approx(0.0, abs=0.05)


def test_healing_on_one_side_and_growth_on_the_other_are_not_set_off() -> None:
    baseline = footprint((200, 140), 20, skin())
    wandered = footprint((215, 140), 20, skin())
    healing = epithelialisation(baseline, wandered, Registration(np.eye(2, 3), 0.9), wandered.area_mm2)
    assert healing.epithelialisation_percent > 30.0
    assert healing.new_ulceration_mm2 is not None
    assert healing.new_ulceration_mm2 > 0.3 * baseline.area_mm2


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 30), st.integers(4, 40), st.integers(-30, 30), st.integers(-30, 30))
def test_a_share_lies_between_none_and_all(before: int, after: int, down: int, right: int) -> None:
    texture = np.full((ROWS, COLUMNS), 120, np.uint8)
    baseline, later = (
        footprint((200, 140), before, texture),
        footprint((200 + down, 140 + right), after, texture),
    )
    healing = epithelialisation(baseline, later, Registration(np.eye(2, 3), 0.9), later.area_mm2)
    assert 0.0 <= healing.epithelialisation_percent <= 100.0
    assert healing.new_ulceration_mm2 is not None
    assert 0.0 <= healing.new_ulceration_mm2 <= later.area_mm2 + 1e-6


def test_new_ulceration_is_told_apart_and_not_netted_off() -> None:
    texture = skin()
    baseline, healed_half = footprint((200, 140), 20, texture), footprint((200, 140), 14, texture)
    elsewhere = footprint((260, 140), 12, texture)
    later = Footprint(healed_half.open | elsewhere.open, texture, 8.0, healed_half.weight)
    healing = followed(baseline, later)
    assert healing.epithelialisation_percent == pytest.approx(51.0, abs=3.0)
    assert healing.new_ulceration_mm2 == pytest.approx(elsewhere.area_mm2, rel=0.02)


def test_unrecognised_skin_falls_back_and_says_so() -> None:
    baseline, later = footprint((200, 140), 20, skin(1)), footprint((200, 140), 10, skin(2))
    healing = followed(baseline, later)
    assert healing.method == "area"
    assert healing.new_ulceration_mm2 is None
    assert healing.epithelialisation_percent == pytest.approx(75.0, abs=2.0)


def test_an_ulcer_that_grew_unrecognised_has_not_healed_by_less_than_nothing() -> None:
    baseline, later = footprint((200, 140), 10, skin(1)), footprint((200, 140), 20, skin(2))
    healing = followed(baseline, later)
    assert (healing.method, healing.epithelialisation_percent) == ("area", 0.0)


def test_closed_needs_no_registration() -> None:
    baseline = footprint((200, 140), 20, skin(1))
    closed = Footprint(np.zeros_like(baseline.open), skin(2), 8.0, baseline.weight)
    assert followed(baseline, closed).epithelialisation_percent == 100.0


def test_footprint_survives_the_store() -> None:
    first = replace(footprint((200, 140), 20, skin()), places_px=np.ones((69, 35, 2), np.float32))
    again = Footprint.from_bytes(first.to_bytes())
    np.testing.assert_array_equal(first.open, again.open)
    np.testing.assert_array_equal(first.texture, again.texture)
    np.testing.assert_array_equal(first.places_px, again.places_px)
    assert again.radius_mm == first.radius_mm
