"""Random views of scenes: scale, turn, mirror, perspective, crop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.nn import functional

from training.datasets import LabelledPhoto
from training.labels import CHANNELS, UNLABELLED

PERSPECTIVE = 0.06
"""Largest shift of a crop's corner, as a share of its side: a camera some 10° off."""

ULCER_CENTRED = 0.75
"""Share of crops that are placed on an ulcer, where the photo has one: most of a photo is background."""

WANDER = 0.35
"""How far from the crop's middle the ulcer may lie, in sides of the crop."""

MIRRORED, TURNED = 0.5, 0.5
"""Shares of crops that are mirrored, and that are turned by any angle; the others by a few degrees."""

SLIGHT_TURN_RAD = 0.15
"""Standard deviation of the turn of crops that keep their way up."""

REFLECTED, ONE_COLOUR = 0.4, 0.35
"""Shares of crops outside whose photo lies its mirror image or one colour; else it is black."""


@dataclass(frozen=True)
class Scene:
    """A photo and its labels on the device that crops are made on.

    Attributes
    ----------
    rgb : torch.Tensor, shape (3, H, W), uint8
        As in `LabelledPhoto`, channels first.
    labels : torch.Tensor, shape (3 or 5, H, W), uint8
        Likewise; behind them, where teachers were asked, what they said.
    ulcer : NDArray[np.intp], shape (n, 2)
        Rows and columns of the ulcers' pixels.
    """

    rgb: torch.Tensor
    labels: torch.Tensor
    ulcer: NDArray[np.intp]

    @classmethod
    def of(cls, photo: LabelledPhoto, device: torch.device) -> Self:
        """A photo, brought to a device."""
        rgb, labels = (
            torch.from_numpy(np.array(part)).permute(2, 0, 1).to(device) for part in (photo.rgb, photo.labels)
        )
        return cls(rgb, labels, np.argwhere(photo.labels[..., 0] == 1))


@dataclass(frozen=True)
class View:
    """How a scene is seen.

    Attributes
    ----------
    matrix : NDArray[np.float64], shape (3, 3)
        From the scene's pixels (column, row, 1) to the crop's.
    fill : tuple of float or None
        sRGB, 0 to 1, of what lies outside the scene; its mirror image where None.
    """

    matrix: NDArray[np.float64]
    fill: tuple[float, ...] | None


def random_view(rng: Generator, scene: Scene, size_px: int, scale: tuple[float, float]) -> View:
    """A view of a scene.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    scene : Scene
    size_px : int
        Side of the square crop.
    scale : (float, float)
        Smallest and largest enlargement.
    """
    matrix = _homography(rng, _centre(rng, scene, size_px), size_px, scale)
    chance = rng.random()
    if chance < REFLECTED:
        return View(matrix, None)
    if chance < REFLECTED + ONE_COLOUR:
        return View(matrix, tuple(rng.random(3)))
    return View(matrix, (0.0, 0.0, 0.0))


def _centre(rng: Generator, scene: Scene, size_px: int) -> tuple[float, float]:
    """Where the crop lies: mostly near an ulcer, else anywhere."""
    height, width = scene.rgb.shape[1:]
    if len(scene.ulcer) and rng.random() < ULCER_CENTRED:
        row, column = scene.ulcer[rng.integers(len(scene.ulcer))]
        wander = rng.uniform(-WANDER, WANDER, 2) * size_px
        return float(column + wander[0]), float(row + wander[1])
    return float(rng.uniform(0, width)), float(rng.uniform(0, height))


def _homography(
    rng: Generator, centre: tuple[float, float], size_px: int, scale: tuple[float, float]
) -> NDArray[np.float64]:
    enlarged = float(np.exp(rng.uniform(*np.log(scale))))
    angle = rng.uniform(-np.pi, np.pi) if rng.random() < TURNED else rng.normal(0, SLIGHT_TURN_RAD)
    mirror = -1.0 if rng.random() < MIRRORED else 1.0
    cosine, sine = enlarged * np.cos(angle), enlarged * np.sin(angle)
    linear = np.array([[cosine * mirror, -sine], [sine * mirror, cosine]])
    similarity = np.eye(3)
    similarity[:2, :2] = linear
    similarity[:2, 2] = size_px / 2 - linear @ np.array(centre)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32) * size_px
    moved = corners + rng.uniform(-PERSPECTIVE, PERSPECTIVE, (4, 2)).astype(np.float32) * size_px
    tilt = np.asarray(cv2.getPerspectiveTransform(corners, moved), dtype=np.float64)
    return tilt @ similarity


def see(scenes: list[Scene], views: list[View], size_px: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Crops of scenes.

    What lies outside a scene is unlabelled: sharp black padding must not become a feature.

    Parameters
    ----------
    scenes, views : list of length N
    size_px : int
        Side of the crops.

    Returns
    -------
    rgb : torch.Tensor, shape (N, 3, S, S), float32
        sRGB, 0 to 1.
    labels : torch.Tensor, shape (N, 5, S, S), uint8
        Those of `LabelledPhoto`, then what teachers said of ulcer and skin, unlabelled where nothing.
    """
    places = _places([view.matrix for view in views], size_px, scenes[0].rgb.device)
    crops = [_crop(scene, view, place) for scene, view, place in zip(scenes, views, places, strict=True)]
    return torch.stack([rgb for rgb, _ in crops]), torch.stack([labels for _, labels in crops])


def _places(matrices: list[NDArray[np.float64]], size_px: int, device: torch.device) -> torch.Tensor:
    """Column and row in the scene of every pixel of every crop, shape (N, S, S, 2)."""
    back = torch.from_numpy(np.linalg.inv(np.stack(matrices)).astype(np.float32)).to(device)
    along = torch.arange(size_px, dtype=torch.float32, device=device)
    rows, columns = torch.meshgrid(along, along, indexing="ij")
    points = torch.stack([columns, rows, torch.ones_like(rows)], dim=-1)
    seen = torch.einsum("nij,rcj->nrci", back, points)
    return seen[..., :2] / seen[..., 2:]


def _crop(scene: Scene, view: View, place: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    height, width = scene.rgb.shape[1:]
    size = torch.tensor([width, height], dtype=torch.float32, device=place.device)
    inside = ((place > -0.5) & (place < size - 0.5)).all(dim=-1)  # noqa: PLR2004  half a pixel
    grid = (2 * place / (size - 1) - 1)[None]
    picture = scene.rgb[None].float() / 255
    rgb = functional.grid_sample(picture, grid, "bilinear", "reflection", align_corners=True)[0]
    if view.fill is not None:
        colour = torch.tensor(view.fill, dtype=torch.float32, device=place.device)[:, None, None]
        rgb = torch.where(inside, rgb, colour)
    nearest = torch.minimum(place.round().clamp(min=0), size - 1).long()
    labels = scene.labels[:, nearest[..., 1], nearest[..., 0]]
    labels = torch.where(inside, labels, torch.full_like(labels, UNLABELLED))
    return rgb, functional.pad(labels, (0, 0, 0, 0, 0, CHANNELS - len(labels)), value=UNLABELLED)
