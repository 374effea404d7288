"""A picture on its way into the network: checked, its padding cut off, reduced, made a batch; and back."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.padding import valid_area

Window = tuple[slice, slice]
"""Rows and columns of a picture."""

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


def check_picture(rgb: NDArray[np.uint8]) -> None:
    """Nothing, if it is a picture of bytes and large enough.

    Raises
    ------
    ValueError
        If not.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:  # noqa: PLR2004  rows, columns, three colours
        raise ValueError(f"expected RGB bytes of shape (H, W, 3), got {rgb.dtype} of shape {rgb.shape}")
    if min(rgb.shape[:2]) < SMALLEST_SIDE_PX:
        raise ValueError(
            f"the picture is {rgb.shape[1]} × {rgb.shape[0]} px; at least {SMALLEST_SIDE_PX} are needed"
        )


def looked_at(rgb: NDArray[np.uint8]) -> Window:
    """Rows and columns inside the black padding; all of them where too little would be left."""
    rows, columns = valid_area(rgb)
    if min(rows.stop - rows.start, columns.stop - columns.start) < SMALLEST_SIDE_PX:
        return slice(0, rgb.shape[0]), slice(0, rgb.shape[1])
    return rows, columns


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


def padded_size(rgb: NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width of a picture mirrored outwards to multiples of `STRIDE_PX`."""
    height, width = rgb.shape[:2]
    return height + -height % STRIDE_PX, width + -width % STRIDE_PX


def as_batch(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """What the network takes: pictures of one padded size as one array.

    Parameters
    ----------
    pictures : sequence of NDArray[np.uint8], shape (H, W, 3) each
        sRGB; `padded_size` the same for all.

    Returns
    -------
    NDArray[np.float32], shape (N, 3, padded H, padded W)
        0–1.
    """
    height, width = padded_size(pictures[0])
    batch = np.empty((len(pictures), 3, height, width), dtype=np.float32)
    for place, rgb in zip(batch, pictures, strict=True):
        below, right = height - rgb.shape[0], width - rgb.shape[1]
        padded = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_REFLECT_101)
        np.divide(padded.transpose(2, 0, 1), np.float32(255), out=place)
    return batch


def placed(plane: NDArray[np.float32], window: Window, size: tuple[int, int]) -> NDArray[np.float32]:
    """A plane at the network's scale, brought back into the picture; 0 outside the window.

    Parameters
    ----------
    plane : NDArray[np.float32], shape (h, w)
        What was found within the window, perhaps at a smaller scale.
    window : Window
        Where in the picture it belongs.
    size : (int, int)
        Height and width of the picture.

    Returns
    -------
    NDArray[np.float32], shape size
        Interpolated linearly.
    """
    rows, columns = window
    within = (rows.stop - rows.start, columns.stop - columns.start)
    if plane.shape != within:
        plane = np.asarray(cv2.resize(plane, within[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    if within == size:
        return np.ascontiguousarray(plane)
    whole = np.zeros(size, dtype=np.float32)
    whole[rows, columns] = plane
    return whole
