import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.phantom import Camera, DigitShape, Scene, render
from calibration.phantom.ulcer import random_outline, scaled_to_area
from models.architecture import TISSUES
from models.picture import LONGEST_SIDE_PX, reduce_picture
from models.registry import find_weights, load_segmenter, verified_bytes
from models.runtime import OnnxRuntime
from models.segmenter import PIXELS_PER_RUN, BatchSegmenter, NetworkSegmenter, OnnxSegmenter, Segmenter
from models.tiles import tiles_of
from models.weights_info import WeightsInfo


@pytest.fixture(scope="module")
def segmenter() -> BatchSegmenter:
    return load_segmenter()


@pytest.fixture(scope="module")
def small(small_weights: WeightsInfo) -> NetworkSegmenter:
    return OnnxSegmenter(small_weights, small_weights.path.read_bytes(), threads=2)


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


def test_neither_company_nor_threads_change_a_byte(
    small: NetworkSegmenter, segmenter: BatchSegmenter, small_weights: WeightsInfo
) -> None:
    pictures = [_picture(*size, seed) for seed, size in enumerate([(64, 96), (200, 70), (61, 90), (64, 96)])]
    one_thread = OnnxSegmenter(small_weights, small_weights.path.read_bytes(), threads=1)
    for many, alone in ((small, one_thread), (segmenter, segmenter)):
        for found, picture in zip(many.segment_many(pictures), pictures, strict=True):
            expected = alone.segment(picture)
            assert found.ulcer.tobytes() == expected.ulcer.tobytes()
            assert found.skin.tobytes() == expected.skin.tobytes()


def test_pictures_of_one_padded_size_go_in_one_run(small_weights: WeightsInfo) -> None:
    sizes: list[tuple[int, ...]] = []

    class Counting(OnnxRuntime):
        def run(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
            sizes.append(rgb.shape)
            return super().run(rgb)

    runtime = Counting(small_weights.path.read_bytes(), threads=1)
    segmenter = NetworkSegmenter(small_weights, runtime)
    segmenter.segment_many([_picture(64, 96), _picture(32, 32), _picture(61, 90)])
    assert sorted(sizes) == [(1, 3, 32, 32), (2, 3, 64, 96)]
    sizes.clear()
    count = PIXELS_PER_RUN // (512 * 512) + 1
    segmenter.segment_many([np.full((512, 512, 3), 90, np.uint8)] * count)
    assert sizes == [(count - 1, 3, 512, 512), (1, 3, 512, 512)]


def test_tissue_comes_where_the_file_has_it(small: NetworkSegmenter) -> None:
    picture = np.zeros((1200, 1500, 3), np.uint8)
    picture[100:, 300:] = _picture(1100, 1200)
    found = small.segment(picture)
    assert found.tissue is not None
    assert found.tissue.shape == (len(TISSUES), 1200, 1500)
    assert found.tissue.dtype == np.float32
    assert found.tissue[:, :100].max() == found.tissue[:, :, :300].max() == 0
    assert found.tissue[:, 100:, 300:].min() > 0


def test_tissue_is_none_where_the_file_has_none(segmenter: BatchSegmenter) -> None:
    runtime = OnnxRuntime(verified_bytes(find_weights()), threads=1)
    found = segmenter.segment(_picture(64, 64))
    assert (found.tissue is None) == (runtime.description.tissue is None)


def test_tiles_say_what_the_whole_says(segmenter: BatchSegmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a picture that fits both: tiles of 512 px against one run."""
    photo = _phantom_photo(960, 720)
    tiled = load_segmenter(full_resolution=True)
    monkeypatch.setattr("models.segmenter.tiles_of", lambda height, width: tiles_of(height, width, 512))
    whole, tiles = segmenter.segment(photo), tiled.segment(photo)
    counting = segmenter.weights.counting
    assert whole.open_ulcer(counting).sum() > 150
    assert 0 < np.abs(tiles.ulcer - whole.ulcer).max() < 0.05
    assert np.abs(tiles.skin - whole.skin).mean() < 0.001
    # no seam: where tiles begin and end, neighbouring pixels differ no more than in the whole
    for axis in (0, 1):
        steps = [np.abs(np.diff(found.ulcer, axis=axis)).max() for found in (whole, tiles)]
        assert steps[1] < 1.1 * steps[0]


def test_full_resolution_sees_what_reducing_loses(segmenter: BatchSegmenter) -> None:
    photo = np.kron(_phantom_photo(640, 512), np.ones((2, 2, 1), np.uint8))
    found = load_segmenter(full_resolution=True).segment(photo)
    assert found.ulcer.shape == photo.shape[:2]
    # reduced, pixels are interpolated in pairs: no detail between them
    detail = [
        np.abs(np.diff(plane, 2, axis=0)).mean() for plane in (found.ulcer, segmenter.segment(photo).ulcer)
    ]
    assert detail[0] > detail[1]


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
    open_ulcer = found.open_ulcer(segmenter.weights.counting)
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


def _phantom_photo(width_px: int, height_px: int) -> NDArray[np.uint8]:
    digit = DigitShape()
    ulcer = scaled_to_area(digit, random_outline(np.random.default_rng(4), 9.0, 5.0), 15.0)
    scene = Scene(digit=digit, ulcers=(ulcer,), camera=Camera(width_px=width_px, height_px=height_px))
    return render(scene).rgb


def _dice(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))
