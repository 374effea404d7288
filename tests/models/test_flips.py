"""The mean of mirrorings, on a segmenter whose answer is known and on the network."""

import numpy as np
from numpy.typing import NDArray

from models.flips import FlippedSegmenter
from models.runtime import OnnxRuntime
from models.segmenter import CoarsePlanes, NetworkSegmenter, Segmentation
from models.weights_info import WeightsInfo


class Slanted:
    """Sees the picture's red, plus a slope that does not turn round with the picture."""

    def __init__(self, weights: WeightsInfo) -> None:
        self.weights = weights

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        height, width = rgb.shape[:2]
        slope = np.linspace(-0.2, 0.2, width, dtype=np.float32) + np.zeros((height, 1), np.float32)
        seen = rgb[..., 0].astype(np.float32) / 255 + slope
        window = (slice(0, height), slice(0, width))
        return Segmentation(seen, 1 - seen, CoarsePlanes(np.stack([seen, seen, 1 - seen]), window))


def test_what_a_segmenter_gets_wrong_in_one_direction_cancels(small_weights: WeightsInfo) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    found = FlippedSegmenter(Slanted(small_weights)).segment(rgb)
    red = rgb[..., 0].astype(np.float32) / 255
    assert np.abs(found.ulcer - red).max() < 1e-6
    assert np.abs(found.skin - (1 - red)).max() < 1e-6
    assert found.tissue is not None
    assert np.abs(found.tissue - np.stack([red, red, 1 - red])).max() < 1e-6


def test_a_mirrored_picture_gives_the_mirrored_result(small_weights: WeightsInfo) -> None:
    inner = NetworkSegmenter(small_weights, OnnxRuntime(small_weights.path.read_bytes(), threads=1))
    flipped = FlippedSegmenter(inner)
    rgb = np.random.default_rng(1).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    mirrored = np.ascontiguousarray(rgb[:, ::-1])
    once, again = flipped.segment(rgb), flipped.segment(mirrored)
    assert np.abs(once.ulcer - again.ulcer[:, ::-1]).max() < 1e-6
    assert np.abs(inner.segment(rgb).ulcer - inner.segment(mirrored).ulcer[:, ::-1]).max() > 1e-2
    assert once.tissue is not None
    assert again.tissue is not None
    assert np.abs(once.tissue - again.tissue[:, :, ::-1]).max() < 1e-6
