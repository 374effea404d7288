"""Code values and linear light (IEC 61966-2-1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SRGB_TO_LINEAR: NDArray[np.float32] = np.where(
    np.arange(256) / 255.0 <= 0.04045,  # noqa: PLR2004  (IEC 61966-2-1)
    np.arange(256) / 255.0 / 12.92,
    ((np.arange(256) / 255.0 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
"""Decoding of 8-bit sRGB to linear light (IEC 61966-2-1): lenses blur light, not code values."""


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value 0–1 in sRGB of linear light (IEC 61966-2-1), clipped to what sRGB holds."""
    light = np.clip(light, 0.0, 1.0)
    high = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(light > 0.0031308, high, 12.92 * light)  # noqa: PLR2004
