"""What looks like an ulcer and is none: closed red skin, moles, nodules, warts, rings, coloured light, spots.

Each function paints on a copy and leaves the labels as they are, so that the network learns to pass them
over.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.datasets import LabelledPhoto

CHANCES = {
    "redden": 0.35, "moles": 0.15, "nodule": 0.12, "wart": 0.1, "ring": 0.15, "glow": 0.08, "spots": 0.4,
}  # fmt: skip
"""How often each is painted on a hand."""

WATCHES = 0.5
"""Share of broad bands with a dial."""

STONES = 0.4
"""Share of rings with a coloured stone."""

LARGEST_MOLE_PX = 4.0
"""Radius: at 10 px/mm larger dark spots could be necrotic ulcers."""


def distract(rng: Generator, hand: LabelledPhoto) -> LabelledPhoto:
    """Paint some of the distractors on a hand and beside it.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    hand : LabelledPhoto
        A hand whose skin is labelled; wounds, if any, are laid on afterwards.
    """
    skin, ground = hand.labels[..., 1] == 1, hand.labels[..., 1] == 0
    painters = {
        "redden": (redden, skin),
        "moles": (moles, skin),
        "nodule": (nodule, skin),
        "wart": (wart, skin),
        "ring": (ring, skin),
        "glow": (glow, skin),
    }
    rgb = hand.rgb
    for name, (paint, place) in painters.items():
        if rng.random() < CHANCES[name]:
            rgb = paint(rng, rgb, place)
    if rng.random() < CHANCES["spots"]:
        rgb = spots(rng, rgb, ground)
    return LabelledPhoto(rgb, hand.labels)


def redden(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Red but closed skin: a soft patch of erythema."""
    soft = _soft_patch(rng, skin, (8, 70))
    depth = rng.uniform(0.1, 0.45)
    tint = 1 - depth * soft[..., None] * np.array([0.15, 0.8, 0.7], dtype=np.float32)
    return np.asarray(np.clip(rgb * tint, 0, 255), dtype=np.uint8)


def moles(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A few small brown to black specks: moles, dried blood, dirt."""
    painted = rgb.astype(np.float32)
    for _ in range(rng.integers(1, 6)):
        speck = _soft_patch(rng, skin, (1.0, LARGEST_MOLE_PX), steep=True)
        colour = np.array([rng.uniform(30, 110), rng.uniform(15, 70), rng.uniform(10, 50)])
        painted += (speck * rng.uniform(0.4, 0.9))[..., None] * (colour - painted)
    return np.asarray(np.clip(painted, 0, 255), dtype=np.uint8)


def nodule(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A pale, soft nodule under closed skin, as calcinosis looks."""
    pale = _soft_patch(rng, skin, (5, 22))[..., None] * rng.uniform(0.2, 0.6)
    colour = np.array([240.0, 225.0, 195.0])
    return np.asarray(np.clip(rgb + pale * (colour - rgb), 0, 255), dtype=np.uint8)


def wart(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A raised, rough spot, paler or browner than the skin about it: a wart, a corn, a dry callus."""
    raised = _soft_patch(rng, skin, (6, 24), steep=True)[..., None]
    noise = rng.normal(0, rng.uniform(10, 40), skin.shape).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), 1.2)[..., None]
    tone = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.7, 1.0)]) * rng.uniform(0.75, 1.2)
    rough = rgb * tone + grain
    return np.asarray(np.clip(rgb + raised * (rough - rgb), 0, 255), dtype=np.uint8)


def glow(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Coloured light on skin or nail: a pointer's, a lamp's, a display's."""
    lit = _soft_patch(rng, skin, (10, 60))[..., None] * rng.uniform(0.3, 0.9)
    colour = np.asarray(_saturated(rng, float(rng.uniform(0, 180))), dtype=np.float32)
    light = rgb * (1 - lit) + lit * (0.4 * rgb + 0.6 * colour)
    return np.asarray(np.clip(light, 0, 255), dtype=np.uint8)


def _saturated(rng: Generator, hue: float) -> tuple[int, ...]:
    """A strong colour of a hue (0 to 180, as OpenCV counts), sRGB."""
    tone = np.array([[[hue % 180, rng.uniform(80, 255), rng.uniform(40, 255)]]], dtype=np.uint8)
    return tuple(int(value) for value in cv2.cvtColor(tone, cv2.COLOR_HSV2RGB)[0, 0])


def ring(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A metal band across a finger."""
    places = np.argwhere(skin)
    if not len(places):
        return rgb
    row, column = places[rng.integers(len(places))]
    angle, width = rng.uniform(-0.4, 0.4), rng.uniform(10, 30)
    along, _, alpha = _band(skin, (row, column), angle, width)
    rows = np.arange(len(rgb), dtype=np.float32)[:, None]
    gloss = 0.75 + 0.35 * np.cos(rows / rng.uniform(8, 30)) * np.cos(along / width * 3)
    metal = np.array([212.0, 178, 90]) if rng.random() < 0.5 else np.array([190.0, 192, 196])  # noqa: PLR2004
    worn = np.asarray(np.clip(rgb + alpha * (metal * gloss[..., None] - rgb), 0, 255), dtype=np.uint8)
    if rng.random() < STONES:
        size = round(float(rng.uniform(0.3, 0.8)) * width)
        stone = _saturated(rng, float(rng.uniform(0, 180)))
        cv2.circle(worn, (int(column), int(row)), size, stone, -1, cv2.LINE_AA)
        cv2.circle(worn, (int(column) - size // 3, int(row) - size // 3), size // 4, (255, 255, 255), -1)
    return worn


def _band(
    skin: NDArray[np.bool_], middle: tuple[int, int], angle: float, width_px: float
) -> tuple[NDArray[np.floating], ...]:
    """A band over the skin: distance along the finger and across it (H, W), and coverage (H, W, 1)."""
    rows, columns = np.mgrid[0 : skin.shape[0], 0 : skin.shape[1]].astype(np.float32)
    down, right = rows - middle[0], columns - middle[1]
    along = right * np.cos(angle) + down * np.sin(angle)
    across = down * np.cos(angle) - right * np.sin(angle)
    band = ((np.abs(along) < width_px / 2) & skin).astype(np.float32)
    return along, across, cv2.GaussianBlur(band, (0, 0), 0.8)[..., None]


def bracelet(rng: Generator, rgb: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A broad band of leather, cloth or metal across the hand, with a dial where it is a watch's."""
    places = np.argwhere(skin)
    if not len(places):
        return rgb
    row, column = places[rng.integers(len(places))]
    angle, width = rng.uniform(0, np.pi), float(rng.uniform(16, 70))
    _, across, alpha = _band(skin, (row, column), angle, width)
    colour = np.array(_saturated(rng, float(rng.uniform(0, 180)))) * rng.uniform(0.2, 1)
    links = 1 + rng.uniform(0, 0.4) * np.sin(across / rng.uniform(1.5, 8))
    worn = np.asarray(np.clip(rgb + alpha * (colour * links[..., None] - rgb), 0, 255), dtype=np.uint8)
    if rng.random() < WATCHES:
        _dial(rng, worn, (int(column), int(row)), width)
    return worn


def _dial(rng: Generator, rgb: NDArray[np.uint8], middle: tuple[int, int], band_px: float) -> None:
    """A case, a face and two hands, painted in place."""
    radius = round(rng.uniform(0.5, 0.9) * band_px)
    white = rng.random() < 0.5  # noqa: PLR2004
    face, ink = ((225.0,) * 3, (40.0,) * 3) if white else ((35.0,) * 3, (215.0,) * 3)
    cv2.circle(rgb, middle, radius, _saturated(rng, float(rng.uniform(0, 40))), -1, cv2.LINE_AA)
    cv2.circle(rgb, middle, max(1, round(radius * rng.uniform(0.7, 0.95))), face, -1, cv2.LINE_AA)
    for angle in rng.uniform(0, 2 * np.pi, 2):
        tip = 0.6 * radius * np.array([np.cos(angle), np.sin(angle)])
        end = middle[0] + round(float(tip[0])), middle[1] + round(float(tip[1]))
        cv2.line(rgb, middle, end, ink, 2, cv2.LINE_AA)


def spots(rng: Generator, rgb: NDArray[np.uint8], ground: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Coloured discs and squares beside the hand, red ones above all: colour patches, stickers, drops."""
    places = np.argwhere(ground)
    if not len(places):
        return rgb
    painted = rgb.copy()
    for _ in range(rng.integers(1, 6)):
        row, column = places[rng.integers(len(places))]
        hue = rng.normal(0, 12) if rng.random() < 0.6 else rng.uniform(0, 180)  # noqa: PLR2004
        colour = _saturated(rng, hue)
        size = int(rng.uniform(3, 40))
        if rng.random() < 0.5:  # noqa: PLR2004
            cv2.circle(painted, (int(column), int(row)), size, colour, -1, cv2.LINE_AA)
        else:
            corner = (int(column) + 2 * size, int(row) + 2 * size)
            cv2.rectangle(painted, (int(column), int(row)), corner, colour, -1)
    blurred = cv2.GaussianBlur(painted, (0, 0), rng.uniform(0.4, 1.5))
    return np.where(ground[..., None], blurred, rgb).astype(np.uint8)


def _soft_patch(
    rng: Generator, skin: NDArray[np.bool_], radius_px: tuple[float, float], *, steep: bool = False
) -> NDArray[np.float32]:
    """An oval that fades out, 0 to 1, somewhere on the skin; all zero where there is none."""
    places = np.argwhere(skin)
    if not len(places):
        return np.zeros(skin.shape, dtype=np.float32)
    row, column = places[rng.integers(len(places))]
    rows, columns = np.mgrid[0 : skin.shape[0], 0 : skin.shape[1]].astype(np.float32)
    distance = np.hypot(rows - row, (columns - column) * rng.uniform(0.6, 1.6)) / rng.uniform(*radius_px)
    return np.asarray(np.exp(-(distance ** (4 if steep else 2))) * skin, dtype=np.float32)
