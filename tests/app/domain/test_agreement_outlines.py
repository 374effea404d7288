"""Dice of outlines, and how far readers move toward the machine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.domain.agreement_outlines import (
    DICE_BINS,
    Outline,
    Redrawing,
    dice,
    dice_agreement,
    machine_shift,
)
from tests.app.domain.reading_studies import disc

Mask = NDArray[np.bool_]
masks = arrays(np.bool_, (9, 11), elements=st.booleans())
few = arrays(np.bool_, (9, 11), elements=st.sampled_from([False] * 9 + [True]))


def outline(mask: Mask) -> Outline:
    found = Outline.of(mask)
    assert found is not None
    return found


@given(st.one_of(masks, few), st.one_of(masks, few))
def test_a_cut_outline_tells_what_the_whole_mask_tells(one: Mask, other: Mask) -> None:
    a, b = Outline.of(one), Outline.of(other)
    assert (a is None) == (not one.any())
    if a is None or b is None:
        return
    assert a.area_px == one.sum()
    assert a.overlap_px(b) == b.overlap_px(a) == (one & other).sum()
    assert dice(a, b) == pytest.approx(2 * (one & other).sum() / (one.sum() + other.sum()))
    assert dice(a, a) == 1


def test_dice_at_known_values() -> None:
    """Two 4 × 4 squares, half over each other: 2 · 8 / 32."""
    one, other = np.zeros((10, 10), bool), np.zeros((10, 10), bool)
    one[2:6, 2:6], other[2:6, 4:8] = True, True
    assert dice(outline(one), outline(other)) == 0.5
    assert dice(outline(one), outline(np.roll(one, 4, axis=1))) == 0


def test_outlines_of_different_pictures_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different pictures"):
        dice(outline(np.ones((4, 4), bool)), outline(np.ones((4, 5), bool)))


def test_the_distribution_holds_every_pair_perfect_ones_in_the_last_bin() -> None:
    one = outline(disc((30, 40), 9))
    pairs = [(one, outline(disc((30, 40 + aside), 9))) for aside in (0, 0, 1, 3, 6, 30)]
    found = dice_agreement(pairs)
    assert len(found.bins) == DICE_BINS
    assert sum(found.bins) == found.mean.n == 6
    assert found.bins[-1] == 2
    assert found.bins[0] == 1  # nothing in common
    assert found.mean.interval is not None
    assert dice_agreement([]).mean.value is None


radii = st.floats(5, 14)
asides = st.floats(-4, 4)
drawn = st.lists(st.tuples(radii, radii, asides, asides), min_size=5, max_size=12)


def redrawings(cases: list[tuple[float, float, float, float]], way: str) -> list[Redrawing]:
    found = []
    for own_radius, machine_radius, y, x in cases:
        first, machine = outline(disc((32 + y, 48 + x), own_radius)), outline(disc((32, 48), machine_radius))
        found.append(Redrawing(first, machine, {"stays": first, "takes": machine}[way]))
    return found


@settings(max_examples=20, deadline=None)
@given(drawn)
def test_a_reader_who_stays_does_not_move_and_one_who_takes_the_machines_moves_wholly(
    cases: list[tuple[float, float, float, float]],
) -> None:
    for way, expected in (("stays", 0.0), ("takes", 1.0)):
        found = machine_shift(redrawings(cases, way))
        for shift in (found.area, found.dice):
            if shift.value is not None:  # none of the cases left a way to go
                assert shift.value == pytest.approx(expected, abs=1e-12)


def test_half_way_is_about_a_half_and_away_is_negative() -> None:
    machine = outline(disc((32, 48), 14))
    half, away = [], []
    for own in (8.0, 9.0, 10.0, 11.0, 12.0):
        first = outline(disc((32, 48), own))
        half.append(Redrawing(first, machine, outline(disc((32, 48), np.sqrt(own * 14)))))
        away.append(Redrawing(first, machine, outline(disc((32, 48), own * own / 14))))
    assert machine_shift(half).area.value == pytest.approx(0.5, abs=0.03)
    assert machine_shift(half).dice.value == pytest.approx(0.5, abs=0.1)
    assert machine_shift(away).area.value == pytest.approx(-1.0, abs=0.05)
    found = machine_shift(away).dice
    assert found.value is not None
    assert found.value < -0.5


def test_a_first_outline_that_is_the_machines_leaves_no_way_to_go() -> None:
    one = outline(disc((32, 48), 9))
    found = machine_shift([Redrawing(one, one, outline(disc((32, 48), 12)))] * 6)
    assert (found.area.value, found.area.n, found.area.note) == (None, 0, "too_few")
    assert (found.dice.value, found.dice.n) == (None, 0)
