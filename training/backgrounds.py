"""What lies behind a hand in composites: a plain ground with a few things on it, or a room full of them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.datasets import LabelledPhoto

LARGEST_OBJECT_PX = 120
"""Half axes of round things beside the hand (cups, lids, coins) reach this."""

LEAVES = (120, 350)
"""Things that a cluttered ground is covered with, the later over the earlier."""

LEAF_PX = (8.0, 220.0)
"""Half axes of the smallest and the largest of them."""

WARM_SHARE = 0.4
"""Share of grounds of which most things are of skin's and wounds' hues: wood, brick, leather, red cloth."""

DEFOCUS_PX = (0.6, 7.0)
"""Blur of a cluttered ground (standard deviation): sharp beside the hand to a room far behind it."""

EDGE_PX = 1.2
"""Softness of the hand's edge before a new ground, standard deviation."""

Picture = NDArray[np.float32]


def new_background(rng: Generator, hand: LabelledPhoto) -> NDArray[np.uint8]:
    """The hand before another background: a tone with a gradient, patches, stripes and texture.

    Unlabelled pixels keep their plate, for they may be hand.
    """
    height, width = hand.rgb.shape[:2]
    tone = rng.integers(0, 256, 3) if rng.random() < 0.5 else np.repeat(rng.integers(90, 256), 3)  # noqa: PLR2004
    ground = np.empty((height, width, 3), dtype=np.float32)
    ground[:] = tone
    for _ in range(rng.integers(0, 7)):
        left, top = rng.integers(0, width), rng.integers(0, height)
        right, bottom = left + rng.integers(10, 160), top + rng.integers(10, 160)
        ground[top:bottom, left:right] = rng.integers(0, 256, 3)
    for _ in range(rng.integers(0, 3)):
        _round_object(rng, ground)
    ramp = np.linspace(rng.uniform(0.6, 1.2), rng.uniform(0.6, 1.2), width, dtype=np.float32)
    ground *= ramp[None, :, None]
    grain = rng.normal(0, rng.uniform(0, 14), (height // 2, width // 2)).astype(np.float32)
    ground += cv2.resize(grain, (width, height))[..., None]
    return _before(hand, ground)


def _before(hand: LabelledPhoto, ground: Picture) -> NDArray[np.uint8]:
    skin = (hand.labels[..., 1] != 0).astype(np.float32)
    alpha = cv2.GaussianBlur(skin, (0, 0), EDGE_PX)[..., None]
    return np.asarray(np.clip(hand.rgb * alpha + ground * (1 - alpha), 0, 255), dtype=np.uint8)


def _round_object(rng: Generator, ground: Picture) -> None:
    """Something round with a rim and another inside: a cup, a lid, a coin."""
    height, width = ground.shape[:2]
    centre = int(rng.integers(0, width)), int(rng.integers(0, height))
    axes = rng.uniform(0.2, 1, 2) * LARGEST_OBJECT_PX
    turn_deg = float(rng.uniform(0, 180))
    for share in (1.0, rng.uniform(0.5, 0.95)):
        size = max(1, round(share * axes[0])), max(1, round(share * axes[1]))
        colour = tuple(float(value) for value in rng.integers(0, 256, 3))
        cv2.ellipse(ground, centre, size, turn_deg, 0, 360, colour, -1, cv2.LINE_AA)


def cluttered(rng: Generator, hand: LabelledPhoto) -> NDArray[np.uint8]:
    """The hand before a ground full of things of every size, as rooms and desks are.

    Notes
    -----
    Things that cover one another with sizes of a power law have the edges and spectrum of natural pictures:
    the dead leaves model (Lee, Mumford and Huang 2001, Int J Comput Vis 41:35).
    """
    height, width = hand.rgb.shape[:2]
    ground = np.full((height, width, 3), rng.uniform(0, 255, 3), dtype=np.float32)
    warm, grain_share = rng.random() < WARM_SHARE, rng.uniform(0, 0.25)
    for _ in range(rng.integers(*LEAVES)):
        _leaf(rng, ground, warm, grain_share)
    ground = np.asarray(cv2.GaussianBlur(ground, (0, 0), np.exp(rng.uniform(*np.log(DEFOCUS_PX)))))
    noise = rng.normal(0, rng.uniform(0, 8), (height, width, 1)).astype(np.float32)
    return _before(hand, ground + noise)


def _leaf(rng: Generator, ground: Picture, warm: bool, grain_share: float) -> None:
    """One thing: an oval or a box of one colour, shaded across, some with a grain."""
    low, high = LEAF_PX
    radius = 1 / rng.uniform(1 / high, 1 / low)  # density r^-2: every size covers as much of the ground
    axes = radius, radius * rng.uniform(0.15, 1)
    row, column = int(rng.integers(0, ground.shape[0])), int(rng.integers(0, ground.shape[1]))
    reach = int(1.5 * radius) + 2
    top, left = max(0, row - reach), max(0, column - reach)
    window = ground[top : row + reach, left : column + reach]
    mask = np.zeros(window.shape[:2], dtype=np.uint8)
    _fill(mask, (column - left, row - top), axes, float(rng.uniform(0, 180)), rng.random() < 0.5)  # noqa: PLR2004
    places = np.nonzero(mask)
    run = (places[0] - (row - top)) * rng.normal() + (places[1] - (column - left)) * rng.normal()
    shade = 1 + rng.uniform(0, 0.5) * np.clip(run / (2 * radius), -1, 1)
    if rng.random() < grain_share:
        shade = shade * (1 + 0.3 * np.sin(run * rng.uniform(0.3, 2)))
    window[places] = np.clip(_colour(rng, warm) * shade[:, None], 0, 255)


def _fill(
    mask: NDArray[np.uint8], middle: tuple[int, int], axes: tuple[float, float], turn_deg: float, oval: bool
) -> None:
    if oval:
        cv2.ellipse(mask, middle, (round(axes[0]), round(axes[1])), turn_deg, 0, 360, (1,), -1)
    else:
        corners = cv2.boxPoints((middle, (2 * axes[0], 2 * axes[1]), turn_deg))
        cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), (1,))


def _colour(rng: Generator, warm: bool) -> NDArray[np.float64]:
    """sRGB, 0 to 255; of hues from wine to sand where warm."""
    hue = rng.normal(10, 12) % 180 if warm and rng.random() < 0.8 else rng.uniform(0, 180)  # noqa: PLR2004
    tone = np.array([[[hue, 255 * rng.beta(1.2, 3.0), rng.uniform(5, 255)]]], dtype=np.uint8)
    return np.asarray(cv2.cvtColor(tone, cv2.COLOR_HSV2RGB)[0, 0], dtype=np.float64)
