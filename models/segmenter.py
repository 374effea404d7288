"""From a picture to probabilities of ulcer and skin: the exported network in ONNX Runtime, without torch."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.padding import valid_area

CARDS_FOLDER = Path(__file__).with_name("cards")

STRIDE_PX = 32
"""The encoder's deepest stride: pictures are mirrored outwards to a multiple of it, results cut back."""

LONGEST_SIDE_PX = 1024
"""Larger pictures are reduced by the smallest whole number that brings their longest side to this or less.

The network was trained at the scale that this gives: photos of up to 1,024 px as they are, reading images
(20 px/mm, 1,320 px) at half, so at 10 px/mm. There an ulcer of 2 to 8 mm has 20 to 80 px, like the wounds of
the training photos.
"""

SMALLEST_SIDE_PX = 32
"""Smaller pictures hold nothing that could be measured."""


@dataclass(frozen=True)
class WeightsInfo:
    """What a measurement says of the weights that made it.

    Attributes
    ----------
    name, version : str
        The registry's key.
    sha256 : str
        SHA-256 of the file, 64 hexadecimal digits.
    path : Path
        The ONNX file.
    ulcer_threshold : float
        Probability from which a pixel counts as open ulcer; chosen on the selection part of the split.
    """

    name: str
    version: str
    sha256: str
    path: Path
    ulcer_threshold: float

    @property
    def label(self) -> str:
        """Name and version as one word."""
        return f"{self.name}-{self.version}"

    @property
    def card_path(self) -> Path:
        """The model card of these weights."""
        return CARDS_FOLDER / f"{self.label}.md"


@dataclass(frozen=True)
class Segmentation:
    """What the network saw.

    Attributes
    ----------
    ulcer : NDArray[np.float32], shape (H, W)
        Probability, 0–1, that the pixel is open ulcer.
    skin : NDArray[np.float32], shape (H, W)
        Probability, 0–1, that the pixel is hand: skin, nail, or an ulcer on it.
    """

    ulcer: NDArray[np.float32]
    skin: NDArray[np.float32]


class Segmenter(Protocol):
    """Whatever finds ulcers and skin."""

    @property
    def weights(self) -> WeightsInfo:
        """The weights in use."""

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        """Probabilities for each pixel of a picture, rows and columns at least `SMALLEST_SIDE_PX`."""


class OnnxSegmenter:
    """The exported network in ONNX Runtime, in fp32 on the processor, so that results repeat.

    Parameters
    ----------
    weights : WeightsInfo
        What the weights are called.
    content : bytes
        The ONNX file.
    threads : int, optional
        Threads of one run; the number of cores if left out.

    Notes
    -----
    The session is made once. `segment` may be called from several threads; the same picture gives the same
    bytes on the same machine.
    """

    def __init__(self, weights: WeightsInfo, content: bytes, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.inter_op_num_threads = 1
        self._weights = weights
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

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
        _check(rgb)
        height, width = rgb.shape[:2]
        probabilities = np.zeros((2, height, width), dtype=np.float32)
        rows, columns = self._looked_at(rgb)
        probabilities[:, rows, columns] = self._of_area(np.ascontiguousarray(rgb[rows, columns]))
        return Segmentation(ulcer=probabilities[0], skin=probabilities[1])

    @staticmethod
    def _looked_at(rgb: NDArray[np.uint8]) -> tuple[slice, slice]:
        """Rows and columns inside the black padding; all of them where too little would be left."""
        rows, columns = valid_area(rgb)
        if min(rows.stop - rows.start, columns.stop - columns.start) < SMALLEST_SIDE_PX:
            return slice(0, rgb.shape[0]), slice(0, rgb.shape[1])
        return rows, columns

    def _of_area(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities, shape (2, H, W), of a picture of any size."""
        small = reduce_picture(rgb)
        probabilities = self._run(small)
        return probabilities if small.shape == rgb.shape else _enlarge(probabilities, *rgb.shape[:2])

    def _run(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities, shape (2, H, W), of a picture at the network's scale."""
        height, width = rgb.shape[:2]
        below, right = -height % STRIDE_PX, -width % STRIDE_PX
        padded = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_REFLECT_101)
        batch = np.ascontiguousarray(padded.transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)
        (output,) = self._session.run(None, {self._input: batch})
        return np.ascontiguousarray(output[0, :2, :height, :width])


def reduce_picture(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture at the network's scale: reduced by a whole number, or as it is.

    Parameters
    ----------
    rgb : NDArray[np.uint8], shape (H, W, 3)
        sRGB.

    Returns
    -------
    NDArray[np.uint8], shape (h, w, 3)
        Longest side at most `LONGEST_SIDE_PX`; each pixel the mean of those it stands for.
    """
    height, width = rgb.shape[:2]
    divisor = -(-max(height, width) // LONGEST_SIDE_PX)
    if divisor == 1:
        return rgb
    size = (max(-(-width // divisor), SMALLEST_SIDE_PX), max(-(-height // divisor), SMALLEST_SIDE_PX))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _enlarge(probabilities: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    planes = [cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in probabilities]
    return np.asarray(np.stack(planes), dtype=np.float32)


def _check(rgb: NDArray[np.uint8]) -> None:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:  # noqa: PLR2004  rows, columns, three colours
        raise ValueError(f"expected RGB bytes of shape (H, W, 3), got {rgb.dtype} of shape {rgb.shape}")
    if min(rgb.shape[:2]) < SMALLEST_SIDE_PX:
        raise ValueError(
            f"the picture is {rgb.shape[1]} × {rgb.shape[0]} px; at least {SMALLEST_SIDE_PX} are needed"
        )
