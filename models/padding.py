"""Black padding round a photo: no part of the picture, and never looked at by the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PADDING_LEVEL = 24
"""A JPEG's zero padding rings up to about this value (0–255) near the photo's edge."""

PADDING_SHARE = 0.02
"""A row or column with a smaller share of pixels above `PADDING_LEVEL` belongs to the padding."""


def valid_area(rgb: NDArray[np.uint8]) -> tuple[slice, slice]:
    """Rows and columns of a photo inside its black padding.

    Parameters
    ----------
    rgb : NDArray[np.uint8], shape (H, W, 3)
        A photo, zero-padded or not.

    Returns
    -------
    (slice, slice)
        Rows and columns; the whole photo where it is black throughout.
    """
    lit = rgb.max(axis=2) > PADDING_LEVEL
    rows = np.flatnonzero(lit.mean(axis=1) > PADDING_SHARE)
    columns = np.flatnonzero(lit.mean(axis=0) > PADDING_SHARE)
    if not len(rows) or not len(columns):
        return slice(0, rgb.shape[0]), slice(0, rgb.shape[1])
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
