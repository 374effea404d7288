"""The area of the reference slip's circles on a photograph, as it stands between the disc and the hole."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.edges import MINIMUM_CONTRAST
from calibration.photo import Photo
from calibration.rectify import READING_SCALE_PX_PER_MM, rectify
from calibration.reference_slip import REFERENCE_SLIP
from calibration.srgb import SRGB_TO_LINEAR

FOUND_AREA_SHARE = (0.7, 1.4)
"""Area of a circle as it is looked for, as a share of the drawn one: print, ink and a threshold that cuts
into a blurred edge move it by less."""

ROUNDNESS_TOLERANCE = 0.12
"""How far the sides of a circle's bounding box, and its share of that box, may be from a circle's."""

EDGE_HALF_WIDTH_MM = 0.9
"""Reach of the edge on either side: six times the blur (0.15 mm) that the gate lets pass."""

PLATEAU_MM = 0.9
"""Width of the rings on either side of the edge from which the levels of ink and paper are taken; the hole's
black field reaches 1.7 mm beyond the outer one."""

RADIAL_STEP_MM = 0.02
ANGLES = 360
"""Places that are looked up: five to a photo pixel along the radius, three along the edge, at 10 px/mm."""


class SlipNotFound(ValueError):  # noqa: N818  (a finding about a photograph, as CardNotFound)
    """The slot does not show one disc and one hole."""


@dataclass(frozen=True)
class ReferenceReading:
    """The two circles as one photograph shows them.

    Attributes
    ----------
    disc_mm2, hole_mm2 : float
        Their areas on the card's plane.
    disc_middle_mm, hole_middle_mm : NDArray[np.float64], shape (2,)
        Where they lie, x and y on the card.
    """

    disc_mm2: float
    hole_mm2: float
    disc_middle_mm: NDArray[np.float64]
    hole_middle_mm: NDArray[np.float64]

    @property
    def area_mm2(self) -> float:
        """Area of the circle whose radius lies half-way between both."""
        return float(np.pi * (self._radii_mm.mean()) ** 2)

    @property
    def spread_mm(self) -> float:
        """How far ink, halo and threshold moved the edges into the white; 0 where print is true."""
        return float((self._radii_mm[0] - self._radii_mm[1]) / 2)

    @property
    def _radii_mm(self) -> NDArray[np.float64]:
        return np.sqrt(np.array([self.disc_mm2, self.hole_mm2]) / np.pi)


def measure_slip(photo: Photo, camera: Camera) -> ReferenceReading:
    """Measure the slip that lies in the card's slot.

    Parameters
    ----------
    photo : Photo
        The photograph.
    camera : Camera
        The camera over its card.

    Returns
    -------
    ReferenceReading

    Raises
    ------
    SlipNotFound
        If the slot does not show exactly one black disc and one white hole of about the drawn size.

    Notes
    -----
    The area of a circle is the ink's share of the light, summed over the card's plane between two plateaus.
    That sum is linear in the light, so whatever blur spreads evenly leaves it as it is (a contour at half the
    light's step would shrink by σ²/2r), and noise averages out. What moves an edge to one side (ink, a
    phone's halos and tone curve) makes the disc larger and the hole smaller by the same way: their mean
    radius is free of it. What the mean cannot tell is the size of the print: slip and card from one sheet
    grow together, which the check bar is for.
    """
    disc_mm, hole_mm = _find_circles(photo, camera)
    light = SRGB_TO_LINEAR[cv2.cvtColor(photo.rgb, cv2.COLOR_RGB2GRAY)]
    disc, hole = (_circle_mm2(light, camera, middle) for middle in (disc_mm, hole_mm))
    return ReferenceReading(disc, hole, disc_mm, hole_mm)


def slip_scale_px_per_mm(camera: Camera) -> float:
    """Photo pixels to a millimetre in the slot's middle."""
    slot = DIGIT_CARD.slot
    middle = np.array([(slot.left + slot.right) / 2, (slot.top + slot.bottom) / 2, 0.0])
    return camera.scale_px_per_mm(middle)


def _find_circles(photo: Photo, camera: Camera) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of disc and hole on the card, mm."""
    slot = rectify(photo, camera, DIGIT_CARD.slot)
    grey = cv2.cvtColor(slot.rgb, cv2.COLOR_RGB2GRAY)
    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    found = []
    for mask in (1 - light, light):
        round_ones = _round_ones(np.asarray(mask, np.uint8))
        if len(round_ones) != 1:
            raise SlipNotFound(f"{len(round_ones)} circles where there should be one")
        found.append(slot.to_card_mm(round_ones[0][None])[0])
    return found[0], found[1]


def _round_ones(mask: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """Middles (x, y in pixels) of the parts that are round and about as large as drawn."""
    _, _, boxes, middles = cv2.connectedComponentsWithStats(mask, connectivity=4)
    drawn_px = REFERENCE_SLIP.area_mm2 * READING_SCALE_PX_PER_MM**2
    found = []
    for box, middle in zip(boxes[1:], middles[1:], strict=True):
        width, height, area = (float(box[part]) for part in (2, 3, 4))
        shares = (width / height, area / (np.pi / 4 * width * height))
        large = FOUND_AREA_SHARE[0] < area / drawn_px < FOUND_AREA_SHARE[1]
        if large and all(abs(share - 1) < ROUNDNESS_TOLERANCE for share in shares):
            found.append(np.asarray(middle, np.float64))
    return found


def _circle_mm2(light: NDArray[np.float32], camera: Camera, middle_mm: NDArray[np.float64]) -> float:
    """Area within the edge of a circle about this middle."""
    radius, turn = REFERENCE_SLIP.radius_mm, 2 * np.pi * (np.arange(ANGLES) + 0.5) / ANGLES
    reach = EDGE_HALF_WIDTH_MM + PLATEAU_MM
    steps = np.arange(round(2 * reach / RADIAL_STEP_MM)) + 0.5
    r_mm = np.broadcast_to((radius - reach + steps * RADIAL_STEP_MM)[:, None], (len(steps), ANGLES))
    offsets = r_mm[..., None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    values = _looked_up(light, camera, middle_mm + offsets)
    inner, outer = r_mm < radius - EDGE_HALF_WIDTH_MM, r_mm > radius + EDGE_HALF_WIDTH_MM
    inside, outside = (_level(values, offsets, ring) for ring in (inner, outer))
    if np.abs(inside - outside).min() < MINIMUM_CONTRAST:
        raise SlipNotFound("too little contrast between ink and paper")
    share = (values - outside) / (inside - outside)
    edge = ~(inner | outer)
    ring_mm2 = (share * r_mm)[edge].sum() * RADIAL_STEP_MM * 2 * np.pi / ANGLES
    return float(np.pi * (radius - EDGE_HALF_WIDTH_MM) ** 2 + ring_mm2)


def _looked_up(
    light: NDArray[np.float32], camera: Camera, places_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Light at places of the card, shape (..., 2)."""
    pixels = camera.project(in_world(places_mm.reshape(-1, 2))).astype(np.float32)
    x, y = pixels.T.reshape(2, *places_mm.shape[:-1])
    return cv2.remap(light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float64)


def _level(
    values: NDArray[np.float64], offsets: NDArray[np.float64], ring: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Light of ink or paper at every place, by a plane through a ring: light falls off across a card."""
    known = np.column_stack([np.ones(int(ring.sum())), offsets[ring]])
    plane = np.linalg.lstsq(known, values[ring], rcond=None)[0]
    return np.asarray(plane[0] + offsets @ plane[1:])
