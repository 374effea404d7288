"""Shadows cast on a rendered digit: those over it count, its own and those beside it do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.capture_gate import GateLimits
from calibration.gate_shade import shade_percent
from calibration.photo import Photo
from tests.calibration.digit_view import View, digit_view

LIMIT = GateLimits().maximum_shade_percent


def shade(view: View) -> float | None:
    return shade_percent(view.photo, view.camera, view.paper, view.skin, view.silhouette, view.surface)


def shadow(view: View, where: NDArray[np.bool_], depth: float = 0.6) -> View:
    return view.lit(np.where(where, 1.0 - depth, 1.0))


def test_the_digits_own_hard_shadow_is_none_over_it() -> None:
    found = shade(digit_view())
    assert found is not None
    assert found < LIMIT / 3


@pytest.mark.parametrize("depth", [0.5, 0.8])
def test_a_shadow_over_the_whole_digit_is_found_with_its_depth(depth: float) -> None:
    view = digit_view()
    x, _ = np.moveaxis(view.card_mm(), -1, 0)
    assert shade(shadow(view, np.abs(x - 40) < 25.5, depth)) == pytest.approx(100 * depth, abs=4)


def test_a_shadow_across_a_part_of_the_digit_is_found() -> None:
    view = digit_view()
    x, y = np.moveaxis(view.card_mm(), -1, 0)
    found = shade(shadow(view, (np.abs(x - 40) < 25.5) & (np.abs(y - 32) < 9)))
    assert found is not None
    assert found > LIMIT


def test_shadows_beside_the_digit_alone_do_not_count() -> None:
    view = digit_view()
    x, y = np.moveaxis(view.card_mm(), -1, 0)
    found = shade(shadow(view, (np.abs(x - 40) < 25.5) & (y > 45) & ~view.digit, 0.85))
    assert found is not None
    assert found < LIMIT / 3


def test_less_light_everywhere_is_no_shadow() -> None:
    view = digit_view()
    assert shade(shadow(view, np.ones(view.digit.shape, dtype=bool), 0.7)) == pytest.approx(
        shade(view), abs=4
    )


@pytest.mark.parametrize("colour", [(70, 118, 172), (12, 12, 13)], ids=["blue cloth", "black glove"])
def test_what_covers_the_paper_is_no_shadow(colour: tuple[int, int, int]) -> None:
    view = digit_view()
    x, y = np.moveaxis(view.card_mm(), -1, 0)
    rgb = view.photo.rgb.copy()
    rgb[(np.abs(x - 40) < 25.5) & (y > 40) & ~view.digit] = colour
    found = shade(replace(view, photo=Photo(rgb, 26.0)))
    assert found is not None
    assert found < LIMIT / 3


def test_without_paper_in_view_nothing_is_said() -> None:
    view = digit_view()
    assert shade(replace(view, skin=np.ones_like(view.skin))) is None
