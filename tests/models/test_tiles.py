import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.picture import STRIDE_PX
from models.tiles import EDGE_PX, OVERLAP_PX, blend, tiles_of

LONGEST_PX = 512
sides = st.integers(32, 2500)


@settings(max_examples=40, deadline=None)
@given(sides, sides)
def test_tiles_keep_to_the_grid_and_to_their_size(height: int, width: int) -> None:
    for stretch in (side for tile in tiles_of(height, width, LONGEST_PX) for side in tile):
        assert stretch.start % STRIDE_PX == 0
        assert 0 < stretch.stop - stretch.start <= LONGEST_PX
    last_rows, last_columns = tiles_of(height, width, LONGEST_PX)[-1]
    assert (last_rows.stop, last_columns.stop) == (height, width)


@settings(max_examples=15, deadline=None)
@given(sides, sides)
def test_tiles_cut_from_a_picture_blend_to_that_picture(height: int, width: int) -> None:
    picture = np.random.default_rng(height).random((2, height, width), dtype=np.float32)
    tiles = tiles_of(height, width, LONGEST_PX)
    again = blend(((tile, picture[(slice(None), *tile)]) for tile in tiles), 2, height, width)
    assert np.abs(again - picture).max() < 1e-6


def test_a_picture_that_fits_is_one_tile() -> None:
    assert tiles_of(LONGEST_PX, 300, LONGEST_PX) == [(slice(0, LONGEST_PX), slice(0, 300))]


def test_tiles_that_disagree_go_over_into_each_other() -> None:
    """No step anywhere: the largest change between neighbouring pixels is that of the ramp."""
    tiles = tiles_of(200, 800, LONGEST_PX)
    assert len(tiles) == 2
    levels = [np.full((1, 200, columns.stop - columns.start), float(number), np.float32)
              for number, (_, columns) in enumerate(tiles)]  # fmt: skip
    whole = blend(zip(tiles, levels, strict=True), 1, 200, 800)
    assert whole.min() == 0
    assert whole.max() == pytest.approx(1)
    assert np.abs(np.diff(whole, axis=2)).max() <= 1.01 / (OVERLAP_PX - 2 * EDGE_PX)
