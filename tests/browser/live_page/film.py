"""Films of a single photograph, as Chromium's fake camera reads them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FRAMES = 4
"""The film begins again at its end."""


def write_film(path: Path, rgb: NDArray[np.uint8], width_px: int, height_px: int) -> None:
    """Write a photograph as uncompressed video (YUV4MPEG2), so that decoding costs next to nothing.

    Parameters
    ----------
    path : Path
        Ends in .y4m.
    rgb : NDArray[np.uint8], shape (height, width, 3)
        sRGB.
    width_px, height_px : int
        Of the film; even.
    """
    picture = cv2.resize(rgb, (width_px, height_px), interpolation=cv2.INTER_AREA)
    frame = b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes()
    head = f"YUV4MPEG2 W{width_px} H{height_px} F30:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + FRAMES * frame)
