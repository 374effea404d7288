"""The detail of a visit's skin by which it is found again: no shading, no wound, one contrast everywhere."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import GRID_PX_PER_MM, Footprint

OPEN_MARGIN_MM = 1.5
"""Skin this close to an open ulcer changes with it (white, red or horny) and is left out of the match."""

STEP = 2
"""Cells of the grid to one that is matched: 0.2 mm, for skin detail is not finer than `FINE_MM`, and places
are found to a fraction of a cell."""

FINE_MM, BROAD_MM = 0.15, 0.8
"""Skin detail lies between these standard deviations: noise is finer, shading and creases broader."""

CONTRAST_MM = 1.2
"""Standard deviation of the neighbourhood by whose contrast detail is divided: else creases, which all
fingers have in the same places, and highlights would decide alone."""

CLIP = 1.5
"""Detail is cut at this multiple of the neighbourhood's contrast, for the same reason."""

LEAST_CONTRAST = 0.003
"""Relative contrast below which there is only noise: phantoms' smoothest skin stays above it."""

Detail = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Skin detail, and 1 where it may be trusted (0 elsewhere); both of the thinned grid's shape."""


def skin_detail(footprint: Footprint) -> Detail:
    """Skin detail of even contrast, without its shading, and where to trust it: away from open ulcers."""
    seen = _thinned(footprint.texture > 0)
    grey = _thinned(footprint.texture)
    margin = _disc(OPEN_MARGIN_MM)
    wound = cv2.dilate((_thinned(footprint.open) > 0).astype(np.uint8), margin)
    skin = ((seen > 0.99) & (wound == 0)).astype(np.float32)  # noqa: PLR2004  (all of the cell)
    fine, broad = (_spread(grey * skin, skin, sd_mm) for sd_mm in (FINE_MM, BROAD_MM))
    relative = (fine - broad) / np.maximum(broad, 1.0) * skin
    contrast = np.sqrt(_spread(relative**2, skin, CONTRAST_MM))
    trusted = cv2.erode(skin, _disc(2 * FINE_MM))
    even = np.clip(relative / np.maximum(contrast, LEAST_CONTRAST), -CLIP, CLIP)
    return np.asarray(even * trusted, np.float32), np.asarray(trusted, np.float32)


def _thinned(part: NDArray[np.uint8] | NDArray[np.bool_]) -> NDArray[np.float32]:
    rows, columns = part.shape[0] // STEP, part.shape[1] // STEP
    kept = part[: rows * STEP, : columns * STEP].astype(np.float32)
    return np.asarray(cv2.resize(kept, (columns, rows), interpolation=cv2.INTER_AREA))


def _spread(values: NDArray[np.float32], weight: NDArray[np.float32], sd_mm: float) -> NDArray[np.float32]:
    """Weighted mean of the neighbourhood."""
    sd = sd_mm * GRID_PX_PER_MM / STEP
    size = (0, 0)
    return np.asarray(
        cv2.GaussianBlur(values, size, sd) / np.maximum(cv2.GaussianBlur(weight, size, sd), 1e-3)
    )


def _disc(radius_mm: float) -> NDArray[np.uint8]:
    size = 2 * round(radius_mm * GRID_PX_PER_MM / STEP) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
