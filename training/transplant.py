"""Real wound texture on rendered fingers: the border stays known to a pixel, the ground is real."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from training.datasets import LabelledPhoto
from training.labels import UNLABELLED
from training.phantoms import PhantomStore
from training.synthesis import Compositor, Donor

TRANSPLANT_SEED = 24
"""Seed, with a scene's number, of what is transplanted into it."""

TRIES = 8
"""Donors that are looked at for one finger: a third of the photos have wounds too small to lend."""

LEAST_HALF_SIDE_PX = 5
"""A donor whose wound holds no square of twice this has no texture to lend."""

ENLARGEMENT = (0.8, 2.5)
"""Of the donor's texture: at 10 px/mm an ulcer's ground has coarser grain than on a photo of a whole foot."""

SHADE_PX = 4.0
"""The finger's shading varies over more than this (standard deviation of the blur, px); texture over less."""

BORDER_PX = (0.5, 1.6)
"""Softness of the border (standard deviation, px): 0.05 to 0.16 mm."""

LIGHTNESS = (0.7, 1.25)
"""A real wound is darker or lighter than the ground that it replaces."""


@dataclass(frozen=True)
class Transplants:
    """Rendered fingers with the ground of real wounds in their ulcers.

    Parameters
    ----------
    phantoms : PhantomStore
        Where rendered fingers are kept.
    wounds : Compositor
        Gives donors of the same part of the split.
    """

    phantoms: PhantomStore
    wounds: Compositor

    def __call__(self, number: int) -> LabelledPhoto:
        """The rendered finger of a number, transplanted."""
        rng, finger = default_rng([TRANSPLANT_SEED, number]), self.phantoms.scene(number)
        donors = (self.wounds.donor(rng) for _ in range(TRIES))
        donor = next((donor for donor in donors if donor is not None), None)
        return transplant(rng, finger, donor) if donor is not None else finger


def transplant(rng: Generator, finger: LabelledPhoto, donor: Donor) -> LabelledPhoto:
    """Fill the ulcers of a finger with a donor's texture under the finger's own light.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    finger : LabelledPhoto
        Rendered; unchanged where it has no ulcer or the donor no texture.
    donor : Donor
        A real wound.

    Returns
    -------
    LabelledPhoto
        Ulcer and skin labelled as before, the tissue of the ulcers unknown.
    """
    ulcer = finger.labels[..., 0] == 1
    texture = _texture(donor)
    if texture is None or not ulcer.any():
        return finger
    ground = _spread(rng, texture, ulcer.shape)
    ground *= rng.uniform(*LIGHTNESS) * _shade(finger.rgb, ulcer)[..., None]
    alpha = cv2.GaussianBlur(ulcer.astype(np.float32), (0, 0), rng.uniform(*BORDER_PX))[..., None]
    rgb = finger.rgb + alpha * (ground - finger.rgb)
    labels = finger.labels.copy()
    labels[..., 2][ulcer] = UNLABELLED
    return LabelledPhoto(np.clip(rgb + 0.5, 0, 255).astype(np.uint8), labels)


def _texture(donor: Donor) -> NDArray[np.uint8] | None:
    """The largest square within the wound, or None where it is too small."""
    inside = cv2.distanceTransform(np.pad(donor.mask, 1), cv2.DIST_C, 3)[1:-1, 1:-1]
    _, deepest, _, (column, row) = cv2.minMaxLoc(inside)
    half = int(deepest) - 1
    if half < LEAST_HALF_SIDE_PX:
        return None
    return donor.rgb[row - half : row + half + 1, column - half : column + half + 1]


def _spread(rng: Generator, texture: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The texture, turned and enlarged, mirrored on and on over the whole picture."""
    scale, angle = rng.uniform(*ENLARGEMENT), rng.uniform(0, 360)
    height, width = texture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[:, 2] += rng.uniform(0, 1, 2) * np.array([shape[1], shape[0]])
    size = (shape[1], shape[0])
    laid = cv2.warpAffine(texture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(laid, dtype=np.float32)


def _shade(rgb: NDArray[np.uint8], ulcer: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How light falls on the finger round and in the ulcers, about 1."""
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), SHADE_PX)
    return np.asarray(grey / max(float(grey[ulcer].mean()), 1.0), dtype=np.float32)
