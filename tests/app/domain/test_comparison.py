"""A visit against its baseline, with other ulcers on the digit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.comparison import Visit, at_baseline, compare, lesions
from app.domain.footprint import Footprint
from app.domain.planimetry import MINIMUM_AREA_MM2
from tests.app.domain.test_healing import COLUMNS, ROWS, footprint, skin
from tests.app.domain.test_parts import disc

SKIN = skin()
PLACES = np.stack(np.meshgrid(np.arange(35) * 16.0, np.arange(69) * 16.0), axis=-1).astype(np.float32)
"""A picture at two pixels to a cell."""


def visit(*discs: NDArray[np.bool_], texture: NDArray[np.uint8] = SKIN) -> Visit:
    opened = np.logical_or.reduce([np.zeros((ROWS, COLUMNS), bool), *discs])
    laid: Footprint = replace(footprint((200, 140), 1, texture), open=opened, places_px=PLACES)
    return Visit(laid, laid.area_mm2, 0.3, 4 * laid.area_mm2**0.5)


def test_an_ulcer_alone_is_followed() -> None:
    (lesion,) = lesions([(visit(disc(200, 140, 20)), "distal")])
    found = compare(lesion, visit(disc(200, 140, 10)), [], days=30)
    assert found.healing is not None
    assert found.healing.epithelialisation_percent == pytest.approx(75, abs=2)
    assert found.percent_area_reduction == pytest.approx(75, abs=2)
    mean_mm = (lesion.visit.perimeter_mm + found.own.perimeter_mm) / 2
    lost_mm2 = lesion.visit.area_mm2 - found.own.area_mm2
    assert found.linear_healing_rate_mm_per_day == pytest.approx(lost_mm2 / mean_mm / 30)
    assert (found.verdict, found.parts, found.split, found.merged) == ("smaller", 1, False, False)
    (ring,) = found.baseline_rings_px
    assert ring.mean(axis=0) == pytest.approx([280, 400], abs=1)
    assert np.ptp(ring, axis=0) == pytest.approx([81, 81], abs=2)


def test_no_day_no_rate() -> None:
    (lesion,) = lesions([(visit(disc(200, 140, 20)), None)])
    assert compare(lesion, visit(disc(200, 140, 10)), [], days=0).linear_healing_rate_mm_per_day is None


def test_the_baseline_is_not_laid_over_itself() -> None:
    whole = visit(disc(200, 140, 20), disc(320, 140, 8))
    (lesion,) = lesions([(whole, None)])
    found = at_baseline(lesion)
    assert found.healing is not None
    assert (found.healing.epithelialisation_percent, found.percent_area_reduction) == (0, 0)
    assert (found.verdict, found.baseline_rings_px) == (None, ())
    assert found.elsewhere_mm2 == pytest.approx(disc(320, 140, 8).sum() / 100)


def test_two_ulcers_of_a_digit_share_the_photographs_between_them() -> None:
    first, second = disc(180, 140, 20), disc(260, 140, 12)
    both = visit(first, second)
    large, small = lesions([(both, "distal"), (both, "distal")])
    assert (large.visit.area_mm2, small.visit.area_mm2) == pytest.approx(
        (first.sum() / 100, second.sum() / 100)
    )
    healed = visit(second)
    of_large, of_small = compare(large, healed, [small], 30), compare(small, healed, [large], 30)
    assert of_large.own.area_mm2 == 0
    assert of_large.own.u_area_mm2 == pytest.approx(MINIMUM_AREA_MM2 / 3**0.5)
    assert of_large.healing is not None
    assert (of_large.healing.epithelialisation_percent, of_large.healing.new_ulceration_mm2) == (100, 0)
    assert of_large.elsewhere_mm2 == pytest.approx(second.sum() / 100)
    assert of_small.own.area_mm2 == pytest.approx(second.sum() / 100)
    assert of_small.verdict == "cannot tell"


def test_two_ulcers_that_merge_keep_what_lies_nearer() -> None:
    both = visit(disc(180, 140, 15), disc(250, 140, 15))
    upper, lower = lesions([(both, None), (both, None)])
    grown = visit(disc(180, 140, 37), disc(250, 140, 37))
    found = [compare(upper, grown, [lower], 30), compare(lower, grown, [upper], 30)]
    assert all(one.merged for one in found)
    assert sum(one.own.area_mm2 for one in found) == pytest.approx(grown.area_mm2, rel=0.02)


def test_a_split_ulcer_is_summed_and_told() -> None:
    (lesion,) = lesions([(visit(disc(200, 140, 22)), None)])
    found = compare(lesion, visit(disc(190, 140, 7), disc(212, 140, 7)), [], 30)
    assert (found.parts, found.split) == (2, True)
    assert found.own.area_mm2 == pytest.approx(2 * disc(200, 140, 7).sum() / 100)


def test_a_new_ulcer_is_told_apart_from_its_own_area() -> None:
    (lesion,) = lesions([(visit(disc(200, 140, 20)), None)])
    found = compare(lesion, visit(disc(200, 140, 20), disc(320, 140, 10)), [], 30)
    assert found.own.area_mm2 == pytest.approx(lesion.visit.area_mm2, rel=0.01)
    assert found.healing is not None
    assert found.healing.new_ulceration_mm2 == pytest.approx(disc(320, 140, 10).sum() / 100, abs=0.05)
    assert found.verdict == "cannot tell"


def test_an_ulcer_beyond_the_grid_is_followed_by_its_area() -> None:
    beyond = replace(visit(), area_mm2=12.0, perimeter_mm=13.0)
    (lesion,) = lesions([(beyond, None)])
    found = compare(lesion, replace(beyond, area_mm2=9.0), [], 30)
    assert found.healing is not None
    assert (found.healing.method, found.healing.epithelialisation_percent) == ("area", 25)
    assert found.own.area_mm2 == 9.0


def test_an_ulcer_partly_beyond_the_grid_is_not_taken_for_closed() -> None:
    """What is left of it on the grid at the baseline must not decide what is its own later."""
    cut = visit(disc(200, 140, 8))
    baseline = replace(cut, area_mm2=12 * cut.area_mm2)
    (lesion,) = lesions([(baseline, None)])
    later = replace(visit(disc(320, 140, 10)), area_mm2=6 * cut.area_mm2)
    found = compare(lesion, later, [], days=30)
    assert lesion.visit.area_mm2 == baseline.area_mm2
    assert found.own.area_mm2 == later.area_mm2
    assert found.healing is not None
    assert (found.healing.method, found.healing.epithelialisation_percent) == ("area", pytest.approx(50))


def test_unrecognised_skin_is_measured_whole_and_shows_no_baseline() -> None:
    (lesion,) = lesions([(visit(disc(200, 140, 20)), None)])
    found = compare(lesion, visit(disc(200, 140, 10), texture=skin(9)), [], 30)
    assert found.healing is not None
    assert (found.healing.method, found.baseline_rings_px) == ("area", ())
    assert found.own.area_mm2 == pytest.approx(disc(200, 140, 10).sum() / 100)
