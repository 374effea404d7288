"""Random views and looks of a photo: scale, turn, crop, light, skin tone, blur, noise, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.datasets import LabelledPhoto
from training.labels import UNLABELLED

PERSPECTIVE = 0.06
"""Largest shift of a crop's corner, as a share of its side: a camera some 10° off."""

ULCER_CENTRED = 0.75
"""Share of crops that are placed on an ulcer, where the photo has one: most of a photo is background."""


@dataclass(frozen=True)
class View:
    """How crops are taken.

    Attributes
    ----------
    size_px : int
        Side of the square crop.
    scale : (float, float)
        Smallest and largest enlargement of the photo.
    """

    size_px: int
    scale: tuple[float, float]


def random_view(rng: Generator, photo: LabelledPhoto, view: View) -> LabelledPhoto:
    """A crop, turned, scaled, mirrored and slightly in perspective.

    What lies outside the photo is filled with a mirrored photo, one colour or black, at random, and is
    unlabelled: sharp black padding must not become a feature.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    photo : LabelledPhoto
        The photo and its labels.
    view : View
        Size and scales.
    """
    matrix = _random_homography(rng, _random_centre(rng, photo, view), view)
    size = (view.size_px, view.size_px)
    fill = rng.random()
    border = cv2.BORDER_REFLECT_101 if fill < 0.4 else cv2.BORDER_CONSTANT  # noqa: PLR2004
    colour = (0, 0, 0) if fill > 0.75 else tuple(int(value) for value in rng.integers(0, 256, 3))  # noqa: PLR2004
    rgb = cv2.warpPerspective(
        photo.rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=colour
    )
    labels = cv2.warpPerspective(
        photo.labels,
        matrix,
        size,
        flags=cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(UNLABELLED,) * photo.labels.shape[2],
    )
    return LabelledPhoto(np.asarray(rgb, dtype=np.uint8), np.asarray(labels, dtype=np.uint8))


def _random_centre(rng: Generator, photo: LabelledPhoto, view: View) -> tuple[float, float]:
    """Where the crop lies: mostly near an ulcer, else anywhere."""
    height, width = photo.rgb.shape[:2]
    rows, columns = np.nonzero(photo.labels[..., 0] == 1)
    if len(rows) and rng.random() < ULCER_CENTRED:
        chosen = rng.integers(len(rows))
        wander = rng.uniform(-0.35, 0.35, 2) * view.size_px
        return float(columns[chosen] + wander[0]), float(rows[chosen] + wander[1])
    return float(rng.uniform(0, width)), float(rng.uniform(0, height))


def _random_homography(rng: Generator, centre: tuple[float, float], view: View) -> NDArray[np.float64]:
    scale = float(np.exp(rng.uniform(*np.log(view.scale))))
    angle = rng.uniform(-np.pi, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.15)  # noqa: PLR2004
    mirror = -1.0 if rng.random() < 0.5 else 1.0  # noqa: PLR2004
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    linear = np.array([[cosine * mirror, -sine], [sine * mirror, cosine]])
    half = view.size_px / 2
    similarity = np.eye(3)
    similarity[:2, :2] = linear
    similarity[:2, 2] = np.array([half, half]) - linear @ np.array(centre)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32) * view.size_px
    moved = corners + rng.uniform(-PERSPECTIVE, PERSPECTIVE, (4, 2)).astype(np.float32) * view.size_px
    tilt = np.asarray(cv2.getPerspectiveTransform(corners, moved), dtype=np.float64)
    return tilt @ similarity


def random_look(rng: Generator, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same scene under another light, on another skin, through another camera.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    rgb : NDArray[np.uint8], shape (H, W, 3)
        sRGB.

    Returns
    -------
    NDArray[np.uint8], shape (H, W, 3)
        sRGB.
    """
    image: NDArray[np.float32] = rgb.astype(np.float32) / np.float32(255)
    if rng.random() < 0.5:  # noqa: PLR2004
        image = _skin_tone(rng, image)
    if rng.random() < 0.8:  # noqa: PLR2004
        image = _light(rng, image)
    if rng.random() < 0.4:  # noqa: PLR2004
        image = image * _shadow(rng, image.shape[:2])[..., None]
    if rng.random() < 0.4:  # noqa: PLR2004
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.6)), dtype=np.float32)
    if rng.random() < 0.5:  # noqa: PLR2004
        image = image + rng.normal(0, rng.uniform(0.003, 0.035), image.shape).astype(np.float32)
    byte_image = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
    return _compress(rng, byte_image) if rng.random() < 0.4 else byte_image  # noqa: PLR2004


def _skin_tone(rng: Generator, image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Darker or lighter, redder or browner: a gamma of its own for each channel, as melanin absorbs."""
    darkening = rng.uniform(-0.25, 1.1)
    gamma = 1 + darkening * np.array([0.55, 0.85, 1.0]) + rng.normal(0, 0.06, 3)
    return np.asarray(np.clip(image, 0, 1) ** np.clip(gamma, 0.5, None), dtype=np.float32)


def _light(rng: Generator, image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Exposure, colour cast, contrast, saturation."""
    gain = np.exp(rng.normal(0, 0.15)) * np.exp(rng.normal(0, 0.08, 3))
    image = image * gain.astype(np.float32)
    grey = image.mean(axis=2, keepdims=True)
    image = grey + (image - grey) * rng.uniform(0.6, 1.4)
    middle = image.mean()
    return np.asarray(middle + (image - middle) * rng.uniform(0.75, 1.3), dtype=np.float32)


def _shadow(rng: Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A soft-edged shadow across the picture."""
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) / max(shape)
    edge = rng.uniform(along.min(), along.max())
    soft = rng.uniform(0.01, 0.4)
    depth = rng.uniform(0.1, 0.6)
    return np.asarray(1 - depth / (1 + np.exp(-np.clip((along - edge) / soft, -30, 30))), dtype=np.float32)


def _compress(rng: Generator, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    quality = int(rng.integers(35, 95))
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)
