"""Random looks of crops: skin tone, light, shadow, blur, noise, compression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.nn import functional

from training.compression import compressed

CHANCES = {"skin": 0.5, "light": 0.8, "shadow": 0.4, "blur": 0.4, "noise": 0.5, "compression": 0.4}
"""Share of crops that get each."""

QUALITIES = (35, 95)
"""JPEG qualities, from a messenger's to a camera's."""

BLUR_PX = (0.3, 1.6)
BLUR_RADIUS_PX = 5
"""Three standard deviations of the largest blur."""

NOISE = (0.003, 0.035)

Rows = NDArray[np.float32]


def look(rng: Generator, rgb: torch.Tensor) -> torch.Tensor:
    """The same scenes under other lights, on other skins, through other cameras.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    rgb : torch.Tensor, shape (N, 3, H, W), float32
        sRGB, 0 to 1; H and W multiples of 16.

    Returns
    -------
    torch.Tensor, shape (N, 3, H, W), float32
        sRGB, 0 to 1.
    """
    count = len(rgb)
    chosen = {name: rng.random(count) < chance for name, chance in CHANCES.items()}
    rgb = rgb.clamp(0, 1) ** _column(np.where(chosen["skin"][:, None], _skin(rng, count), 1), rgb)
    rgb = _lit(rng, rgb, chosen["light"])
    rgb = rgb * _shadow(rng, rgb, chosen["shadow"])
    rgb = _some(rgb, chosen["blur"], lambda part: _blurred(rng, part))
    rgb = rgb + _noise(rng, rgb, chosen["noise"])
    return _some(rgb.clamp(0, 1), chosen["compression"], lambda part: _compressed(rng, part))


def _column(values: NDArray[np.floating], like: torch.Tensor) -> torch.Tensor:
    """Values of each crop, shape (N,) or (N, C), so that they spread over its pixels."""
    spread = torch.from_numpy(np.asarray(values, dtype=np.float32)).to(like.device)
    return spread.reshape(len(like), -1, 1, 1)


def _some(
    rgb: torch.Tensor, chosen: NDArray[np.bool_], change: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """The crops with some of them changed."""
    if not chosen.any():
        return rgb
    places = torch.from_numpy(np.flatnonzero(chosen)).to(rgb.device)
    return rgb.index_copy(0, places, change(rgb[places]))


def _skin(rng: Generator, count: int) -> Rows:
    """Darker or lighter, redder or browner: a gamma of its own for each channel, as melanin absorbs."""
    darkening = rng.uniform(-0.25, 1.1, (count, 1))
    gamma = 1 + darkening * np.array([0.55, 0.85, 1.0]) + rng.normal(0, 0.06, (count, 3))
    return np.asarray(np.clip(gamma, 0.5, None), dtype=np.float32)


def _lit(rng: Generator, rgb: torch.Tensor, chosen: NDArray[np.bool_]) -> torch.Tensor:
    """Exposure, colour cast, contrast, saturation."""
    count = len(rgb)
    gain = np.exp(rng.normal(0, 0.15, (count, 1))) * np.exp(rng.normal(0, 0.08, (count, 3)))
    saturation, contrast = rng.uniform(0.6, 1.4, count), rng.uniform(0.75, 1.3, count)
    rgb = rgb * _column(np.where(chosen[:, None], gain, 1), rgb)
    grey = rgb.mean(dim=1, keepdim=True)
    rgb = grey + (rgb - grey) * _column(np.where(chosen, saturation, 1), rgb)
    middle = rgb.mean(dim=(1, 2, 3), keepdim=True)
    return middle + (rgb - middle) * _column(np.where(chosen, contrast, 1), rgb)


def _shadow(rng: Generator, rgb: torch.Tensor, chosen: NDArray[np.bool_]) -> torch.Tensor:
    """A soft-edged shadow across each crop, shape (N, 1, H, W); 1 where there is none."""
    count, height, width = len(rgb), *rgb.shape[2:]
    angle, where = rng.uniform(0, 2 * np.pi, count), rng.uniform(0, 1, count)
    soft, depth = rng.uniform(0.01, 0.4, count), rng.uniform(0.1, 0.6, count)
    side = max(height, width)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) / side
    reach = corners @ np.stack([np.cos(angle), np.sin(angle)])
    edge = reach.min(axis=0) + where * (reach.max(axis=0) - reach.min(axis=0))
    columns = torch.arange(width, dtype=torch.float32, device=rgb.device) / side
    rows = torch.arange(height, dtype=torch.float32, device=rgb.device)[:, None] / side
    along = columns * _column(np.cos(angle), rgb) + rows * _column(np.sin(angle), rgb)
    dark = torch.sigmoid((along - _column(edge, rgb)) / _column(soft, rgb))
    return 1 - _column(np.where(chosen, depth, 0), rgb) * dark


def _blurred(rng: Generator, rgb: torch.Tensor) -> torch.Tensor:
    """Each crop with a Gaussian blur of its own."""
    count = len(rgb)
    sigma = rng.uniform(*BLUR_PX, (count, 1))
    steps = np.arange(-BLUR_RADIUS_PX, BLUR_RADIUS_PX + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    weights = np.repeat(weights / weights.sum(axis=1, keepdims=True), 3, axis=0).astype(np.float32)
    kernel = torch.from_numpy(weights).to(rgb.device)[:, None, None, :]
    flat = rgb.reshape(1, 3 * count, *rgb.shape[2:])
    for turned, pad in ((kernel, (BLUR_RADIUS_PX, BLUR_RADIUS_PX, 0, 0)),
                        (kernel.transpose(2, 3), (0, 0, BLUR_RADIUS_PX, BLUR_RADIUS_PX))):  # fmt: skip
        flat = functional.conv2d(functional.pad(flat, pad, mode="reflect"), turned, groups=3 * count)
    return flat.reshape(rgb.shape)


def _noise(rng: Generator, rgb: torch.Tensor, chosen: NDArray[np.bool_]) -> torch.Tensor:
    strength = np.where(chosen, rng.uniform(*NOISE, len(rgb)), 0)
    generator = torch.Generator(rgb.device).manual_seed(int(rng.integers(2**62)))
    grain = torch.randn(rgb.shape, generator=generator, device=rgb.device)
    return grain * _column(strength, rgb)


def _compressed(rng: Generator, rgb: torch.Tensor) -> torch.Tensor:
    return compressed(rgb, rng.integers(*QUALITIES, len(rgb)))
