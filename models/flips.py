"""Test-time augmentation: the mean of what a segmenter sees in a picture and in its mirror images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.segmenter import CoarsePlanes, Segmentation, Segmenter
from models.weights_info import WeightsInfo

MIRRORINGS: tuple[tuple[int, ...], ...] = ((), (0,), (1,), (0, 1))
"""As it is, upside down, left for right, and both: axes along which a picture is turned round."""


class FlippedSegmenter:
    """Any segmenter, asked four times: probabilities are means over `MIRRORINGS`.

    Four times the work. An option for pictures, not for measurements, whose budget speaks of the band of
    probability that one look gives.

    Parameters
    ----------
    inner : Segmenter
        What is asked.
    """

    def __init__(self, inner: Segmenter) -> None:
        self._inner = inner

    @property
    def weights(self) -> WeightsInfo:
        """The weights in use."""
        return self._inner.weights

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        """Mean of what is seen in a picture and its mirror images; shapes and errors as in `Segmenter`."""
        seen = [self._inner.segment(mirrored(rgb, axes)) for axes in MIRRORINGS]
        planes = [[mirrored(plane, axes) for axes, plane in zip(MIRRORINGS, each, strict=True)]
                  for each in ([found.ulcer for found in seen], [found.skin for found in seen])]  # fmt: skip
        return Segmentation(_mean(planes[0]), _mean(planes[1]), _coarse_mean(seen))

    def segment_many(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Segmentation]:
        """`segment` of each."""
        return [self.segment(rgb) for rgb in pictures]


def _coarse_mean(seen: list[Segmentation]) -> CoarsePlanes | None:
    """Mean of the tissue's planes at the network's scale; the first is of the picture as it is."""
    coarse = [found.coarse_tissue for found in seen]
    planes = [
        np.stack([mirrored(plane, axes) for plane in item.planes])
        for axes, item in zip(MIRRORINGS, coarse, strict=True)
        if item is not None
    ]
    return CoarsePlanes(_mean(planes), coarse[0].window) if coarse[0] is not None else None


def mirrored(picture: NDArray[Any], axes: tuple[int, ...]) -> NDArray[Any]:
    """A picture (H, W, …) turned round along axes; doing it again gives it back."""
    return np.ascontiguousarray(np.flip(picture, axes)) if axes else picture


def _mean(planes: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.asarray(np.mean(planes, axis=0, dtype=np.float32), dtype=np.float32)
