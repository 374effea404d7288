"""The pictures of cases: cut otherwise for every case; what is drawn on them is brought back to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.artifacts import read_picture
from app.domain.case_assembly import Crop, crop_of
from app.domain.skin_map import Ring, SkinMap, dice_of, share_of_picture
from app.platform.blobs import BlobStore
from app.platform.images import encode_png

Lines = list[list[tuple[float, float]]]

CORNER_DIGITS = 1
"""Corners are kept to a tenth of a pixel, 0.005 mm."""

KEPT_MAPS = 64
"""Skin maps kept in memory, about 50 kB each: a reader's drafts come every few seconds."""


class Pictures:
    """Cuts pictures and measures what is drawn on them.

    Parameters
    ----------
    blobs : BlobStore
        Where they lie.
    secret : bytes
        Key of the cuts.
    """

    def __init__(self, blobs: BlobStore, secret: bytes) -> None:
        self._blobs, self._secret = blobs, secret
        self._map = lru_cache(KEPT_MAPS)(lambda sha256: SkinMap.from_bytes(blobs.get(sha256)))

    def cut(self, reading_sha256: str, code: str) -> tuple[Crop, str]:
        """The picture of a case: how it was cut, and the hash it is kept under."""
        whole = read_picture(self._blobs.get(reading_sha256))
        height, width = whole.shape[:2]
        crop = crop_of(self._secret, code, height, width)
        part = whole[crop.top : height - crop.bottom, crop.left : width - crop.right]
        return crop, self._blobs.put(encode_png(np.ascontiguousarray(part)))

    def size(self, skin_map_sha256: str, crop: dict[str, Any]) -> tuple[int, int]:
        """Height and width in pixels of what a cut leaves of the whole picture."""
        height, width = self._map(skin_map_sha256).shape
        return height - crop["top"] - crop["bottom"], width - crop["left"] - crop["right"]

    @staticmethod
    def whole(rings: Sequence[Sequence[tuple[float, float]]], crop: dict[str, Any]) -> Lines:
        """Lines in a case's picture, in pixels of the whole."""
        return _moved(rings, crop["left"], crop["top"])

    @staticmethod
    def part(rings: Sequence[Sequence[tuple[float, float]]], crop: dict[str, Any]) -> Lines:
        """Lines in pixels of the whole, in a case's picture."""
        return _moved(rings, -crop["left"], -crop["top"])

    def area(self, skin_map_sha256: str, rings: Lines) -> tuple[float, float]:
        """Area behind lines on the whole picture and its standard uncertainty, mm²."""
        area_mm2, budget = self._map(skin_map_sha256).measure(as_rings(rings))
        return area_mm2, budget.combined_mm2

    def mask(self, skin_map_sha256: str, rings: Lines) -> NDArray[np.bool_]:
        """Pixels of the whole picture that lie within a drawing for the greater part."""
        share = share_of_picture(as_rings(rings), self._map(skin_map_sha256).shape)
        return np.asarray(share > 0.5)  # noqa: PLR2004  (the greater part)

    def dice(self, skin_map_sha256: str, one: Lines, other: Lines) -> float | None:
        """Dice of two drawings on one picture; None where neither encloses anything."""
        return dice_of(as_rings(one), as_rings(other), self._map(skin_map_sha256).shape)


def _moved(rings: Sequence[Sequence[tuple[float, float]]], right: float, down: float) -> Lines:
    return [
        [(round(x + right, CORNER_DIGITS), round(y + down, CORNER_DIGITS)) for x, y in ring] for ring in rings
    ]


def as_rings(rings: Lines) -> list[Ring]:
    """Lines as they are stored, for the geometry."""
    return [np.array(ring, np.float64).reshape(-1, 2) for ring in rings]
