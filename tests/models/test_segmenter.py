import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.phantom import Camera, DigitShape, Scene, render
from calibration.phantom.ulcer import random_outline, scaled_to_area
from models.registry import find_weights, load_segmenter, verified_bytes
from models.segmenter import LONGEST_SIDE_PX, OnnxSegmenter, Segmenter, reduce_picture


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return load_segmenter()


def _picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", [(32, 32), (33, 65), (97, 211), (256, 224), (1160, 1020), (40, 1500)])
def test_any_size_comes_back_at_its_size(segmenter: Segmenter, size: tuple[int, int]) -> None:
    found = segmenter.segment(_picture(*size))
    for plane in (found.ulcer, found.skin):
        assert plane.shape == size
        assert plane.dtype == np.float32
        assert plane.min() >= 0
        assert plane.max() <= 1


def test_the_same_picture_gives_the_same_bytes(segmenter: Segmenter) -> None:
    picture = _picture(250, 330)
    first, again = segmenter.segment(picture), segmenter.segment(picture)
    fresh = OnnxSegmenter(find_weights(), verified_bytes(find_weights())).segment(picture)
    assert first.ulcer.tobytes() == again.ulcer.tobytes() == fresh.ulcer.tobytes()
    assert first.skin.tobytes() == again.skin.tobytes() == fresh.skin.tobytes()


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((64, 64), np.uint8),
        np.zeros((64, 64, 4), np.uint8),
        np.zeros((64, 64, 3), np.float32),
        np.zeros((20, 64, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(segmenter: Segmenter, wrong: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match=r"px|expected RGB"):
        segmenter.segment(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "reduced"), [((512, 512), (512, 512)), ((1160, 1020), (580, 510)), ((3000, 4001), (750, 1001))]
)
def test_large_pictures_are_reduced_by_whole_numbers(size: tuple[int, int], reduced: tuple[int, int]) -> None:
    small = reduce_picture(np.zeros((*size, 3), np.uint8))
    assert small.shape[:2] == reduced
    assert max(small.shape[:2]) <= LONGEST_SIDE_PX


def test_serving_needs_no_torch() -> None:
    code = "import sys, models.registry as r; r.load_segmenter(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_ulcer_and_the_finger_of_a_phantom_are_found(segmenter: Segmenter) -> None:
    digit = DigitShape()
    ulcer = scaled_to_area(digit, random_outline(np.random.default_rng(4), 9.0, 5.0), 15.0)
    photo = render(Scene(digit=digit, ulcers=(ulcer,), camera=Camera(width_px=1300, height_px=975)))
    found = segmenter.segment(photo.rgb)
    open_ulcer = found.ulcer >= segmenter.weights.ulcer_threshold
    assert _dice(open_ulcer, photo.ulcer_mask) > 0.8
    assert _dice(found.skin >= 0.5, photo.digit_mask) > 0.9


def test_black_padding_is_not_looked_at(segmenter: Segmenter) -> None:
    picture = _picture(200, 150)
    padded = np.zeros((260, 240, 3), np.uint8)
    padded[:200, 40:190] = picture
    alone, within = segmenter.segment(picture), segmenter.segment(padded)
    assert (within.ulcer[:200, 40:190] == alone.ulcer).all()
    assert within.ulcer[200:].max() == within.ulcer[:, :40].max() == within.skin[:, 190:].max() == 0


def test_a_black_picture_is_answered(segmenter: Segmenter) -> None:
    assert segmenter.segment(np.zeros((64, 80, 3), np.uint8)).ulcer.shape == (64, 80)


def _dice(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))
