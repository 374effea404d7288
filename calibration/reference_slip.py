"""The reference slip: two circles of known area that are printed with the card and laid into its slot.

One is a black disc on white, the other a white hole in a black field, both of the same area. Ink that
spreads makes the disc larger and the hole smaller by the same way, and so do the halos that a phone draws:
between the two stands the area that was drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import Rectangle

SUBPIXELS = 4
"""A pixel of a circle's edge is drawn as the share of 4 × 4 points inside: 0.01 % of the area at 600 dpi."""


@dataclass(frozen=True)
class ReferenceSlip:
    """The slip: millimetres, origin at its top-left corner, x right, y down.

    Attributes
    ----------
    version : int
        Of this drawing.
    width_mm, height_mm : float
        Outer size: half a millimetre smaller than the slot on each of its three sides.
    in_slot_mm : tuple of float
        Where its corner comes to lie in the slot, from the slot's top-left corner.
    area_mm2 : float
        Of the disc, and of the hole: 50 mm² is a large digital ulcer, and its circle is 8 mm wide: the blur
        that the gate lets pass (0.15 mm) stays far from its middle.
    disc_mm, hole_mm : tuple of float
        Middles of the black disc and of the white hole.
    field : Rectangle
        The black round the hole.
    """

    version: int
    width_mm: float
    height_mm: float
    in_slot_mm: tuple[float, float]
    area_mm2: float
    disc_mm: tuple[float, float]
    hole_mm: tuple[float, float]
    field: Rectangle

    @property
    def radius_mm(self) -> float:
        """Of both circles."""
        return float(np.sqrt(self.area_mm2 / np.pi))


def read_slip() -> ReferenceSlip:
    """Read the slip's geometry from the JSON file beside this module."""
    raw = json.loads(resources.files("calibration").joinpath("reference_slip.json").read_text("utf-8"))
    field = raw["hole"]["field"]
    return ReferenceSlip(
        version=raw["version"],
        width_mm=raw["size"][0],
        height_mm=raw["size"][1],
        in_slot_mm=(raw["in_slot"][0], raw["in_slot"][1]),
        area_mm2=raw["area_mm2"],
        disc_mm=(raw["disc"]["centre"][0], raw["disc"]["centre"][1]),
        hole_mm=(raw["hole"]["centre"][0], raw["hole"]["centre"][1]),
        field=Rectangle(field["x"][0], field["y"][0], field["x"][1], field["y"][1]),
    )


REFERENCE_SLIP = read_slip()


def ink(x_mm: NDArray[np.float64], y_mm: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether places of the slip are black; arrays of one shape, millimetres."""
    slip = REFERENCE_SLIP
    disc, hole = (
        np.hypot(x_mm - middle[0], y_mm - middle[1]) < slip.radius_mm
        for middle in (slip.disc_mm, slip.hole_mm)
    )
    field = slip.field
    dark = (x_mm > field.left) & (x_mm < field.right) & (y_mm > field.top) & (y_mm < field.bottom)
    return np.asarray(disc | (dark & ~hole))


def slip_image(scale_px_per_mm: float) -> NDArray[np.uint8]:
    """The slip alone, without a margin.

    Parameters
    ----------
    scale_px_per_mm : float
        Pixels to a millimetre; edges that fall within a pixel are anti-aliased.

    Returns
    -------
    NDArray[np.uint8], shape (height, width)
        Grey levels, 0 black; the slip's size rounded to whole pixels.
    """
    slip = REFERENCE_SLIP
    columns, rows = round(slip.width_mm * scale_px_per_mm), round(slip.height_mm * scale_px_per_mm)
    x_mm = (np.arange(columns * SUBPIXELS, dtype=np.float64) + 0.5) / (SUBPIXELS * scale_px_per_mm)
    y_mm = (np.arange(rows * SUBPIXELS, dtype=np.float64) + 0.5) / (SUBPIXELS * scale_px_per_mm)
    dark = ink(x_mm[None, :], y_mm[:, None])
    share = dark.reshape(rows, SUBPIXELS, columns, SUBPIXELS).mean(axis=(1, 3))
    return np.asarray(np.rint(255 * (1 - share)), np.uint8)
