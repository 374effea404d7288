"""Which open parts are the ulcer's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.footprint import Footprint
from app.domain.parts import Mask, baseline_parts, later_parts, perimeter_mm, unclaimed_parts
from tests.app.domain.test_healing import COLUMNS, ROWS

NOTHING = np.zeros((ROWS, COLUMNS), bool)


def disc(row: int, column: int, radius: int) -> Mask:
    y, x = np.ogrid[:ROWS, :COLUMNS]
    return np.asarray((y - row) ** 2 + (x - column) ** 2 <= radius**2)


def grid_of(opened: Mask, weight: NDArray[np.float64] | None = None) -> Footprint:
    """A digit with that much open; a cylinder if nothing is said of its rows."""
    weight = np.ones((ROWS, 1)) if weight is None else weight
    return Footprint(opened, np.ones(opened.shape, np.uint8), 8.0, weight.astype(np.float32))


def tapering() -> NDArray[np.float64]:
    """Radius over the greatest one by rows: within 5 mm of the tip all columns meet."""
    return np.minimum(np.arange(1, ROWS + 1)[:, None] / 100, 1.0)


discs = st.builds(disc, st.integers(30, 420), st.integers(30, 250), st.integers(3, 30))


@settings(max_examples=25, deadline=None)
@given(st.lists(discs, min_size=1, max_size=4), discs, st.lists(discs, max_size=2))
def test_every_open_cell_is_told_once(opened: list[Mask], footprint: Mask, others: list[Mask]) -> None:
    whole = np.logical_or.reduce(opened)
    for parts in (
        later_parts(grid_of(whole), footprint, others),
        baseline_parts(grid_of(whole), others, None),
        unclaimed_parts(whole, others),
    ):
        told = parts.own.astype(int) + parts.new + parts.others
        np.testing.assert_array_equal(told, whole.astype(int))
        assert (parts.count == 0) == (not parts.own.any())


@settings(max_examples=25, deadline=None)
@given(st.lists(discs, min_size=1, max_size=4), discs, discs)
def test_two_ulcers_never_claim_the_same_cell(opened: list[Mask], first: Mask, second: Mask) -> None:
    whole = np.logical_or.reduce(opened)
    of_first, of_second = (
        later_parts(grid_of(whole), first, [second]),
        later_parts(grid_of(whole), second, [first]),
    )
    if not (first & second).any():
        assert not (of_first.own & of_second.own).any()
        assert of_first.merged == of_second.merged


def test_what_is_as_near_to_two_is_the_first_ones_from_the_tip() -> None:
    above, below = disc(200, 140, 3), disc(220, 140, 3)
    across, between = disc(210, 140, 12), disc(210, 140, 2)
    for opened, merged in ((across, True), (between, False)):
        of_above, of_below = (
            later_parts(grid_of(opened), above, [below]),
            later_parts(grid_of(opened), below, [above]),
        )
        assert of_above.merged == of_below.merged == merged
        np.testing.assert_array_equal(of_above.own, of_below.others)
        np.testing.assert_array_equal(of_above.others, of_below.own)
        np.testing.assert_array_equal(of_above.own[210], opened[210])


@settings(max_examples=25, deadline=None)
@given(st.lists(discs, min_size=1, max_size=3), st.lists(discs, min_size=3, max_size=3))
def test_of_three_ulcers_each_cell_has_one(opened: list[Mask], footprints: list[Mask]) -> None:
    whole = np.logical_or.reduce(opened)
    if np.sum(footprints, axis=0).max() > 1:
        return
    told = [
        later_parts(grid_of(whole), own, [other for other in footprints if other is not own])
        for own in footprints
    ]
    claims = np.sum([parts.own for parts in told], axis=0)
    assert claims.max() <= 1


def test_a_split_ulcer_is_still_one() -> None:
    parts = later_parts(grid_of(disc(190, 140, 8) | disc(212, 140, 8)), disc(200, 140, 22), [])
    assert (parts.count, parts.merged, parts.new.any()) == (2, False, False)


def test_a_new_ulcer_elsewhere_is_not_its_own() -> None:
    own, far = disc(200, 140, 15), disc(300, 140, 10)
    parts = later_parts(grid_of(own | far), disc(200, 140, 20), [])
    np.testing.assert_array_equal(parts.own, own)
    np.testing.assert_array_equal(parts.new, far)


def test_a_known_neighbour_is_neither_its_own_nor_new() -> None:
    own, neighbour = disc(200, 140, 15), disc(260, 140, 12)
    parts = later_parts(grid_of(own | neighbour), disc(200, 140, 20), [disc(260, 140, 15)])
    np.testing.assert_array_equal(parts.others, neighbour)
    assert not parts.new.any()


def test_a_merged_part_is_shared_out_to_the_nearer_footprint() -> None:
    first, second = disc(200, 140, 15), disc(250, 140, 15)
    grown = disc(200, 140, 26) | disc(250, 140, 26)
    parts = later_parts(grid_of(grown), first, [second])
    assert parts.merged
    assert parts.own.sum() == pytest.approx(grown.sum() / 2, rel=0.02)
    rows = np.flatnonzero(parts.own.any(axis=1))
    assert rows[-1] == pytest.approx(225, abs=1)


def test_at_the_baseline_parts_close_together_are_one_ulcer_and_others_are_told() -> None:
    near, satellite, far = disc(200, 140, 15), disc(226, 140, 6), disc(320, 140, 10)
    parts = baseline_parts(grid_of(near | satellite | far), [], None)
    np.testing.assert_array_equal(parts.own, near | satellite)
    np.testing.assert_array_equal(parts.new, far)
    assert parts.count == 2


def test_the_hand_maps_phalanx_comes_before_size() -> None:
    distal, middle = disc(100, 140, 8), disc(380, 140, 20)
    np.testing.assert_array_equal(baseline_parts(grid_of(distal | middle), [], "distal").own, distal)
    np.testing.assert_array_equal(baseline_parts(grid_of(distal | middle), [], "middle").own, middle)
    np.testing.assert_array_equal(baseline_parts(grid_of(middle), [], "distal").own, middle)


def test_the_largest_is_so_on_the_skin_not_on_the_grid() -> None:
    at_the_tip, behind = disc(20, 140, 20), disc(250, 140, 14)
    parts = baseline_parts(grid_of(at_the_tip | behind, tapering()), [], None)
    np.testing.assert_array_equal(parts.own, behind)
    np.testing.assert_array_equal(parts.new, at_the_tip)


def test_near_the_tip_what_is_close_on_the_skin_is_one_ulcer() -> None:
    """4 mm apart on the grid, of which every row holds a quarter of the skin there."""
    left, right = disc(25, 110, 10), disc(25, 170, 10)
    assert baseline_parts(grid_of(left | right), [], None).new.any()
    parts = baseline_parts(grid_of(left | right, tapering()), [], None)
    np.testing.assert_array_equal(parts.own, left | right)
    later = later_parts(grid_of(left | right, tapering()), left, [])
    assert not later.new.any()


def test_what_another_ulcer_has_claimed_is_not_taken() -> None:
    large, small = disc(150, 140, 20), disc(250, 140, 10)
    parts = baseline_parts(grid_of(large | small), [large], None)
    np.testing.assert_array_equal(parts.own, small)
    np.testing.assert_array_equal(parts.others, large)


def test_without_a_registration_neighbours_alone_are_left_out() -> None:
    own, neighbour = disc(200, 140, 15), disc(300, 140, 10)
    np.testing.assert_array_equal(unclaimed_parts(own | neighbour, [neighbour]).own, own)
    np.testing.assert_array_equal(unclaimed_parts(own | neighbour, []).own, own | neighbour)
    assert not later_parts(grid_of(NOTHING), own, []).own.any()


def test_a_perimeter_goes_with_the_radius() -> None:
    assert perimeter_mm(disc(200, 140, 30)) == pytest.approx(2 * perimeter_mm(disc(200, 140, 15)), rel=0.05)
