"""What JPEG does to a picture, on any device: blocks of cosines, coarser the lower the quality."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

BLOCK = 8

LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
"""Steps of the luminance's cosines at quality 50 (ITU-T T.81, table K.1)."""

CHROMINANCE = (
    (17, 18, 24, 47), (18, 21, 26, 66), (24, 26, 56, 99), (47, 66, 99, 99),
)  # fmt: skip
"""Steps of the colours' lowest cosines at quality 50 (ITU-T T.81, table K.2); the others' are 99."""

TO_YCC = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
"""From red, green and blue to luminance and two colour differences (JFIF 1.02)."""

MIDDLE_QUALITY = 50
"""The tables' own; above it steps fall linearly to nothing at 100, below they rise as its inverse."""


def compressed(rgb: torch.Tensor, quality: NDArray[np.integer[Any]]) -> torch.Tensor:
    """Pictures as they come out of JPEG files with colours at half scale (4:2:0).

    Parameters
    ----------
    rgb : torch.Tensor, shape (N, 3, H, W), float32
        sRGB, 0 to 1; H and W multiples of 16.
    quality : NDArray of int, shape (N,)
        1 to 100, as the Independent JPEG Group counts.

    Returns
    -------
    torch.Tensor, shape (N, 3, H, W), float32
        sRGB, 0 to 1.
    """
    to_ycc = torch.tensor(TO_YCC, device=rgb.device)
    ycc = torch.einsum("ij,njhw->nihw", to_ycc, rgb.clamp(0, 1) * 255)
    light = _quantised(ycc[:, :1] - 128, _steps(_table(), quality, rgb.device)) + 128
    colours = _quantised(functional.avg_pool2d(ycc[:, 1:], 2), _steps(_colour_table(), quality, rgb.device))
    colours = functional.interpolate(colours, scale_factor=2, mode="bilinear")
    back = torch.einsum("ij,njhw->nihw", torch.linalg.inv(to_ycc), torch.cat([light, colours], dim=1))
    return (back / 255).clamp(0, 1)


def _table() -> NDArray[np.float64]:
    return np.array(LUMINANCE, dtype=np.float64)


def _colour_table() -> NDArray[np.float64]:
    table = np.full((BLOCK, BLOCK), 99.0)
    table[:4, :4] = CHROMINANCE
    return table


def _steps(
    table: NDArray[np.float64], quality: NDArray[np.integer[Any]], device: torch.device
) -> torch.Tensor:
    """Steps of the cosines of each picture, shape (N, 1, 1, 1, 8, 8)."""
    share = np.where(quality < MIDDLE_QUALITY, 5000 / quality, 200 - 2 * quality)[:, None, None]
    steps = np.clip(np.floor((table * share + 50) / 100), 1, 255).astype(np.float32)
    return torch.from_numpy(steps).to(device)[:, None, None, None]


def _cosines(device: torch.device) -> torch.Tensor:
    """Orthonormal cosine transform of eight values, shape (8, 8)."""
    place = np.arange(BLOCK)
    rows = np.cos(np.pi * place[:, None] * (2 * place + 1) / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    rows[0] /= np.sqrt(2)
    return torch.from_numpy(rows.astype(np.float32)).to(device)


def _quantised(plane: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Planes, shape (N, C, H, W), through rounded cosines of their blocks."""
    count, channels, height, width = plane.shape
    cosines = _cosines(plane.device)
    blocks = plane.reshape(count, channels, height // BLOCK, BLOCK, width // BLOCK, BLOCK).transpose(3, 4)
    waves = cosines @ blocks @ cosines.T
    rounded = cosines.T @ ((waves / steps).round() * steps) @ cosines
    return rounded.transpose(3, 4).reshape(plane.shape)
