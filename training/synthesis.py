"""Real wounds laid on real fingers: the bridge from feet to digital ulcers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.backgrounds import cluttered, new_background
from training.datasets import LabelledPhoto, PhotoLibrary
from training.distractors import bracelet, distract
from training.labels import UNLABELLED
from training.new_skin import new_skin

NAIL_REACH_PX = 75
"""In the hands' photos fingers point left; a nail ends at most this far right of its fingertip."""

ENLARGEMENT = (1.1, 2.5)
"""The hands show a finger at about 5 px/mm; the network works at about 10 px/mm."""

DIAMETER_PX = (14.0, 95.0)
"""Wanted size of a laid-on wound after enlargement: ulcers of 2 to 8 mm at 8 to 12 px/mm."""

SMALLEST_DONOR_PX = 300
"""Wounds below this area have too little texture to lend."""

CANVAS_PX = 448
"""Side of the enlarged piece of hand on which wounds are laid; crops are taken from it."""

RIM_PX = (2.0, 10.0)
"""Width of the donor's surrounding skin (callus, redness) that fades into the finger."""

LENT = 0.02
"""Share of the donor from which a pixel's tissue is not known any more."""

WOUNDS = (0.16, 0.6, 0.18, 0.06)
"""Shares of fingers with no, one, two and three wounds; those without show what is none."""

BRACELETS = 0.25
"""Share of hands before a cluttered ground that wear a broad band."""

PLATE_KEPT = 0.4
"""Share of photos that keep their white plate; the others get another background."""


@dataclass(frozen=True)
class Donor:
    """A wound cut out of its photo, with a margin of skin: RGB (H, W, 3) and its mask (H, W) of 0 and 1."""

    rgb: NDArray[np.uint8]
    mask: NDArray[np.uint8]


@dataclass
class Compositor:
    """Lays wounds of the foot set on fingers of the hands' set.

    Parameters
    ----------
    library : PhotoLibrary
        Where the photos are read.
    hands, wounds : list of str
        Names of the photos that may be used: those of one part of the split.
    cluttered_share : float
        Share of fingers before a cluttered ground and, some, with a bracelet or a watch. Examinations have
        none, so that their pictures stay what they were.
    """

    library: PhotoLibrary
    hands: list[str]
    wounds: list[str]
    cluttered_share: float = 0.0

    def compose(self, rng: Generator) -> LabelledPhoto:
        """A piece of a hand at about 10 px/mm with none to three wounds, skin and ulcer labelled."""
        hand = self._enlarged_hand(rng)
        if self.cluttered_share and rng.random() < self.cluttered_share:
            hand = _in_a_room(rng, hand)
        elif rng.random() > PLATE_KEPT:
            hand = LabelledPhoto(new_background(rng, hand), hand.labels)
        hand = distract(rng, hand)
        for _ in range(rng.choice(len(WOUNDS), p=WOUNDS)):
            donor = self.donor(rng)
            if donor is not None:
                hand = lay_wound(rng, hand, donor)
        return LabelledPhoto(hand.rgb, np.ascontiguousarray(hand.labels[..., :3]))

    def _enlarged_hand(self, rng: Generator) -> LabelledPhoto:
        """A window on a hand; a fourth channel marks where a wound may lie (skin, away from nails)."""
        photo = self.library.load("hands", self.hands[rng.integers(len(self.hands))])
        place = placeable(photo.labels[..., 1])
        factor = rng.uniform(*ENLARGEMENT)
        side = min(int(CANVAS_PX / factor), *photo.rgb.shape[:2])
        skin = np.argwhere(photo.labels[..., 1] == 1)
        row, column = skin[rng.integers(len(skin))] - side // 2 if len(skin) else (0, 0)
        row = int(np.clip(row, 0, photo.rgb.shape[0] - side))
        column = int(np.clip(column, 0, photo.rgb.shape[1] - side))
        window = (slice(row, row + side), slice(column, column + side))
        rgb = cv2.resize(photo.rgb[window], (CANVAS_PX, CANVAS_PX), interpolation=cv2.INTER_CUBIC)
        known = np.dstack([photo.labels[window], place[window]])
        labels = cv2.resize(known, (CANVAS_PX, CANVAS_PX), interpolation=cv2.INTER_NEAREST)
        return LabelledPhoto(np.asarray(rgb, dtype=np.uint8), np.asarray(labels, dtype=np.uint8))

    def donor(self, rng: Generator) -> Donor | None:
        """One wound of a random photo, or none where the photo's wounds are too small."""
        photo = self.library.load("fuseg", self.wounds[rng.integers(len(self.wounds))])
        wound = (photo.labels[..., 0] == 1).astype(np.uint8)
        _, islands, statistics, _ = cv2.connectedComponentsWithStats(wound)
        large = np.flatnonzero(statistics[1:, cv2.CC_STAT_AREA] >= SMALLEST_DONOR_PX) + 1
        if not len(large):
            return None
        chosen = int(large[rng.integers(len(large))])
        left, top, width, height = statistics[chosen, :4]
        margin = int(max(width, height) // 2)
        rows = slice(max(0, top - margin), top + height + margin)
        columns = slice(max(0, left - margin), left + width + margin)
        return Donor(photo.rgb[rows, columns], (islands[rows, columns] == chosen).astype(np.uint8))


def _in_a_room(rng: Generator, hand: LabelledPhoto) -> LabelledPhoto:
    """The hand before a cluttered ground, with what people wear when nobody asked them to take it off."""
    rgb = cluttered(rng, hand)
    if rng.random() < BRACELETS:
        rgb = bracelet(rng, rgb, hand.labels[..., 1] == 1)
    return LabelledPhoto(rgb, hand.labels)


def placeable(skin: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where a wound may lie: on skin, right of the nails.

    Parameters
    ----------
    skin : NDArray[np.uint8], shape (H, W)
        Skin label of a photo in which fingers point left.

    Returns
    -------
    NDArray[np.uint8], shape (H, W)
        1 where a wound's centre may lie.
    """
    on = (skin == 1).astype(np.uint8)
    reach = np.zeros((1, 2 * NAIL_REACH_PX + 1), dtype=np.uint8)
    reach[0, : NAIL_REACH_PX + 1] = 1
    right_of_nail = cv2.erode(on, reach, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    return np.asarray(right_of_nail, dtype=np.uint8)


def lay_wound(rng: Generator, hand: LabelledPhoto, donor: Donor) -> LabelledPhoto:
    """Lay a wound on a finger: scaled, turned, matched to the finger's skin, its border soft.

    Parameters
    ----------
    rng : Generator
        Source of all randomness.
    hand : LabelledPhoto
        The finger; a fourth label channel marks where the wound's centre may lie.
    donor : Donor
        The wound.

    Returns
    -------
    LabelledPhoto
        The finger with the wound painted and labelled; unchanged where there is no place for it.
    """
    places = np.argwhere(hand.labels[..., 3] == 1)
    if not len(places):
        return hand
    row, column = places[rng.integers(len(places))]
    rgb, mask = _warp_donor(rng, donor, (int(column), int(row)), hand.rgb.shape[:2])
    skin = (hand.labels[..., 1] == 1).astype(np.float32)
    closed = new_skin(rng, mask)
    coverage = np.minimum(mask, skin) * (1 - closed)
    rim = cv2.GaussianBlur(mask, (0, 0), rng.uniform(*RIM_PX)) * rng.uniform(0.3, 1.0)
    border = cv2.GaussianBlur(coverage, (0, 0), rng.uniform(0.5, 1.3))
    alpha = np.clip(np.maximum(border, rim * (1 - closed)), 0, 1) * cv2.GaussianBlur(skin, (0, 0), 1.0)
    matched = _match_skin(rng, rgb, mask, hand.rgb, skin)
    painted = hand.rgb + alpha[..., None] * (matched - hand.rgb)
    labels = hand.labels.copy()
    labels[..., 0][coverage > 0.5] = 1  # noqa: PLR2004
    labels[..., 2][alpha > LENT] = UNLABELLED
    return LabelledPhoto(np.clip(painted + 0.5, 0, 255).astype(np.uint8), labels)


def _warp_donor(
    rng: Generator, donor: Donor, centre: tuple[int, int], shape: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The donor's picture and mask on the finger's canvas, at a wanted size, turned and stretched."""
    diameter = 2 * np.sqrt(donor.mask.sum() / np.pi)
    wanted = np.exp(rng.uniform(*np.log(DIAMETER_PX)))
    angle, stretch = rng.uniform(0, 2 * np.pi), np.exp(rng.normal(0, 0.15))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = wanted / diameter * turn @ np.diag([stretch, rng.choice([-1, 1]) / stretch])
    middle = np.argwhere(donor.mask).mean(axis=0)[::-1]
    matrix = np.column_stack([linear, np.array(centre) - linear @ middle])
    size = (shape[1], shape[0])
    source = donor.rgb
    if wanted < diameter / 2:  # an anti-aliased reduction: warping alone would pick single pixels
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), 0.4 * diameter / wanted), dtype=np.uint8)
    rgb = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mask = cv2.warpAffine(donor.mask.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR)
    return np.asarray(rgb, dtype=np.float32), np.asarray(mask, dtype=np.float32)


def _match_skin(
    rng: Generator,
    wound: NDArray[np.float32],
    mask: NDArray[np.float32],
    hand: NDArray[np.uint8],
    skin: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The wound's picture with the light of the finger: the donor's rim is brought to the finger's skin."""
    ring = cv2.dilate(mask, np.ones((15, 15), np.uint8)) - cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0.5  # noqa: PLR2004
    here = ring & (skin > 0)
    if not here.any():
        return wound
    gain = (hand[here].mean(axis=0) + 8) / (wound[ring].mean(axis=0) + 8)
    strength = rng.uniform(0.5, 1.0)
    return np.asarray(wound * np.clip(gain, 0.4, 2.2) ** strength, dtype=np.float32)
