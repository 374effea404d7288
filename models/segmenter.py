"""From a picture to probabilities of ulcer, skin and tissue, whatever runs the exported network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.counting import Counting
from models.picture import Window, as_batch, check_picture, looked_at, padded_size, placed, reduce_picture
from models.runtime import OnnxRuntime, Runtime
from models.tiles import blend, tiles_of
from models.weights_info import WeightsInfo

PIXELS_PER_RUN = 2**21
"""Pictures go through the network together up to this many pixels: two of the largest, eight of 512 × 512.
More makes nothing faster on a processor, and takes 0.2 GB more memory for every million."""


@dataclass(frozen=True)
class CoarsePlanes:
    """Planes at the network's scale, and where they belong in the picture.

    Attributes
    ----------
    planes : NDArray[np.float32], shape (C, h, w)
        Probabilities.
    window : Window
        Rows and columns of the picture that they cover.
    """

    planes: NDArray[np.float32]
    window: Window


@dataclass(frozen=True)
class Segmentation:
    """What the network saw.

    Attributes
    ----------
    ulcer : NDArray[np.float32], shape (H, W)
        Probability, 0–1, that the pixel is open ulcer.
    skin : NDArray[np.float32], shape (H, W)
        Probability, 0–1, that the pixel is hand: skin, nail, or an ulcer on it.
    coarse_tissue : CoarsePlanes or None
        `tissue` as the network gave it; None where it has no such channels.
    """

    ulcer: NDArray[np.float32]
    skin: NDArray[np.float32]
    coarse_tissue: CoarsePlanes | None = None

    def open_ulcer(self, counting: Counting) -> NDArray[np.bool_]:
        """Where there is an open ulcer, shape (H, W), where only the network tells what is hand.

        Parameters
        ----------
        counting : Counting
            That of the weights, unless another is tried.
        """
        return counting.open_ulcer(self.ulcer, self.skin)

    @cached_property
    def tissue(self) -> NDArray[np.float32] | None:
        """Probabilities, shape (3, H, W), of fibrin, granulation and callus; None where not told.

        Exploratory. Brought to the picture's size when first asked for: measuring an area does without.
        """
        if self.coarse_tissue is None:
            return None
        planes, window = self.coarse_tissue.planes, self.coarse_tissue.window
        height, width = self.ulcer.shape
        return np.stack([placed(plane, window, (height, width)) for plane in planes])


class Segmenter(Protocol):
    """Whatever finds ulcers and skin."""

    @property
    def weights(self) -> WeightsInfo:
        """The weights in use."""

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        """Probabilities for each pixel of a picture, rows and columns at least `SMALLEST_SIDE_PX`."""


class BatchSegmenter(Segmenter, Protocol):
    """A segmenter that takes several pictures at once."""

    def segment_many(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Segmentation]:
        """The same as `segment` of each; the bytes are the same where `OnnxRuntime` runs the network."""


class NetworkSegmenter:
    """The exported network, whatever runs it.

    Parameters
    ----------
    weights : WeightsInfo
        What the weights are called.
    runtime : Runtime
        What runs them.
    full_resolution : bool
        Look at large pictures in tiles at their own scale, instead of reducing them. The network was not
        trained at that scale: for pictures whose wounds are small in them, not for measurements.

    Notes
    -----
    `segment` and `segment_many` may be called from several threads.
    """

    def __init__(self, weights: WeightsInfo, runtime: Runtime, *, full_resolution: bool = False) -> None:
        self._weights, self._runtime, self._full_resolution = weights, runtime, full_resolution

    @property
    def weights(self) -> WeightsInfo:
        """The weights in use."""
        return self._weights

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        """Find ulcer and skin.

        Parameters
        ----------
        rgb : NDArray[np.uint8], shape (H, W, 3)
            sRGB; H and W at least `SMALLEST_SIDE_PX`. See `LONGEST_SIDE_PX` for what happens to large
            pictures; the probabilities come back at the picture's own size, interpolated linearly. In black
            padding they are 0.

        Returns
        -------
        Segmentation
            Probabilities at the size of `rgb`.

        Raises
        ------
        ValueError
            If `rgb` is not an RGB picture of bytes or is too small.
        """
        return self.segment_many([rgb])[0]

    def segment_many(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Segmentation]:
        """Find ulcer and skin in several pictures; those of one size go through the network together.

        Parameters
        ----------
        pictures : sequence of NDArray[np.uint8], shape (H, W, 3) each
            As for `segment`; of any sizes.

        Returns
        -------
        list of Segmentation
            In the pictures' order.

        Raises
        ------
        ValueError
            If one is not an RGB picture of bytes or is too small.
        """
        for rgb in pictures:
            check_picture(rgb)
        windows = [looked_at(rgb) for rgb in pictures]
        cut = [rgb[window] for rgb, window in zip(pictures, windows, strict=True)]
        found = [self._tiled(rgb) for rgb in cut] if self._full_resolution else self._reduced(cut)
        return [self._segmentation(*each) for each in zip(found, windows, pictures, strict=True)]

    def _reduced(self, pictures: list[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        """Probabilities, shape (C, h, w) each, of pictures at the network's scale."""
        found = dict(self._run([reduce_picture(rgb) for rgb in pictures]))
        return [found[number] for number in range(len(pictures))]

    def _tiled(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities, shape (C, H, W), of a picture at its own scale."""
        tiles = tiles_of(*rgb.shape[:2])
        found = self._run([rgb[tile] for tile in tiles])
        channels = len(self._runtime.description.channels)
        return blend(((tiles[number], planes) for number, planes in found), channels, *rgb.shape[:2])

    def _run(self, pictures: list[NDArray[np.uint8]]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Number and probabilities (C, h, w) of each picture, those of one padded size together."""
        alike: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, rgb in enumerate(pictures):
            alike[padded_size(rgb)].append(number)
        for (height, width), numbers in alike.items():
            count = max(1, PIXELS_PER_RUN // (height * width))
            for start in range(0, len(numbers), count):
                together = numbers[start : start + count]
                output = self._runtime.run(as_batch([pictures[number] for number in together]))
                for number, planes in zip(together, output, strict=True):
                    height_px, width_px = pictures[number].shape[:2]
                    yield number, planes[:, :height_px, :width_px]

    def _segmentation(
        self, planes: NDArray[np.float32], window: Window, rgb: NDArray[np.uint8]
    ) -> Segmentation:
        """Planes (C, h, w) of a window of a picture, brought back into it."""
        ulcer, skin = (placed(plane, window, rgb.shape[:2]) for plane in planes[:2])
        tissue = self._runtime.description.tissue
        if tissue is None:
            return Segmentation(ulcer, skin)
        return Segmentation(ulcer, skin, CoarsePlanes(planes[tissue], window))


class OnnxSegmenter(NetworkSegmenter):
    """The exported network in ONNX Runtime; parameters as in `NetworkSegmenter` and `OnnxRuntime`."""

    def __init__(self, weights: WeightsInfo, content: bytes, *, threads: int | None = None) -> None:
        super().__init__(weights, OnnxRuntime(content, threads=threads))
