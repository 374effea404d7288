import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.borders import border, border_band, borders_apart, parts


def _square(top: int, left: int, side: int = 12, canvas: int = 60) -> np.ndarray:
    mask = np.zeros((canvas, canvas), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def _by_hand(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """All distances of either border's pixels to the other border, pixel by pixel."""
    one, other = np.argwhere(border(truth)).astype(float), np.argwhere(border(found)).astype(float)
    apart = np.linalg.norm(one[:, None] - other[None], axis=2)
    return np.concatenate([apart.min(axis=1), apart.min(axis=0)])


@pytest.mark.parametrize("shift", [1, 3, 7])
def test_half_planes_lie_apart_by_their_shift(shift: int) -> None:
    truth, found = np.zeros((40, 30), bool), np.zeros((40, 30), bool)
    truth[:20], found[: 20 + shift] = True, True
    assert borders_apart(truth, found) == (shift, shift)


def test_a_frame_round_a_square_is_as_wide_as_it_is() -> None:
    inner, outer = _square(20, 20, 10), _square(17, 17, 16)
    apart = borders_apart(inner, outer)
    assert apart is not None
    # the inner border is 3 px from the outer one everywhere, the outer one's corners are farther away
    assert 3 < apart.mean_px < 3 * 2**0.5
    assert apart.far_px <= 3 * 2**0.5


@settings(max_examples=15, deadline=None)
@given(down=st.integers(-12, 12), right=st.integers(-12, 12), side=st.integers(3, 20))
def test_shifted_squares_lie_apart_as_counted_by_hand(down: int, right: int, side: int) -> None:
    truth, found = _square(20, 20), _square(20 + down, 20 + right, side)
    apart, distances = borders_apart(truth, found), _by_hand(truth, found)
    assert apart is not None
    assert apart.mean_px == pytest.approx(distances.mean())
    assert apart.far_px == pytest.approx(np.percentile(distances, 95))
    assert borders_apart(found, truth) == pytest.approx(apart)


def test_the_same_mask_lies_nowhere_apart_and_an_empty_one_has_no_border() -> None:
    square = _square(10, 10)
    assert borders_apart(square, square) == (0, 0)
    assert borders_apart(square, np.zeros_like(square)) is None


def test_the_band_holds_both_sides_of_both_borders() -> None:
    truth, found = np.zeros((60, 8), bool), np.zeros((60, 8), bool)
    truth[:20], found[:40] = True, True
    rows = np.flatnonzero(border_band(truth, found, 5.0).all(axis=1))
    assert rows.tolist() == [*range(14, 25), *range(34, 45)]
    assert not border_band(np.zeros_like(truth), np.zeros_like(truth)).any()


def test_crumbs_are_no_parts() -> None:
    mask = _square(5, 5, 6) | _square(30, 30, 4) | _square(50, 5, 2)
    assert sorted(int(part.sum()) for part in parts(mask, 16)) == [16, 36]
