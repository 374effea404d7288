"""A decoded photograph: pixels, and what measuring needs of the header."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FULL_FRAME_DIAGONAL_MM = float(np.hypot(36.0, 24.0))
"""Diagonal of the 36 × 24 mm frame, to which EXIF's 35 mm equivalent refers (CIPA DCG-001)."""


@dataclass(frozen=True)
class Optics:
    """What a header tells of lens and camera, sent beside a file that was stripped of its header.

    Attributes
    ----------
    focal_35mm_mm : float or None
        Focal length as its 35 mm film equivalent, in millimetres.
    digital_zoom_ratio : float or None
        Digital zoom.
    orientation : int or None
        How the stored pixels are to be turned, as EXIF numbers it (1 to 8).
    """

    focal_35mm_mm: float | None = None
    digital_zoom_ratio: float | None = None
    orientation: int | None = None

    def where_silent(self, told: Optics) -> Optics:
        """What this header says, and where it says nothing, what was told beside it."""
        return Optics(
            told.focal_35mm_mm if self.focal_35mm_mm is None else self.focal_35mm_mm,
            told.digital_zoom_ratio if self.digital_zoom_ratio is None else self.digital_zoom_ratio,
            told.orientation if self.orientation is None else self.orientation,
        )


UNTOLD = Optics()
"""Nothing was told beside the file."""


@dataclass(frozen=True)
class Photo:
    """A photograph without its history: nothing of the header is kept but what tells of the lens.

    Attributes
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        sRGB pixels, rows downwards, already turned upright.
    focal_35mm : float or None
        Focal length as its 35 mm film equivalent, in millimetres, when the header states one.
    zoom : float
        Digital zoom as the header states it; 1 when there was none, or the header is silent.
    size_differs : bool
        Whether the header states another size than the picture has: it was cut or resized since.
    """

    rgb: NDArray[np.uint8]
    focal_35mm: float | None = None
    zoom: float = 1.0
    size_differs: bool = False

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    def focal_px_of(self, focal_35mm: float) -> float:
        """Focal length in pixels of a 35 mm equivalent, from the diagonal's field of view."""
        return focal_35mm * float(np.hypot(self.width_px, self.height_px)) / FULL_FRAME_DIAGONAL_MM
