"""The digit card's geometry, read from digit_card.json: the one source of truth in code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

MARKER_MODULES = 6
"""Modules along the side of a 4x4 ArUco marker: four bits and a black module on either side."""


@dataclass(frozen=True)
class Rectangle:
    """An axis-aligned rectangle on the card, in millimetres from the card's top-left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Patch:
    """A colour patch: where it lies and its nominal sRGB value (0–255)."""

    id: str
    area: Rectangle
    srgb: tuple[int, int, int]


@dataclass(frozen=True)
class PrintLot:
    """Patches of one print run as a spectrophotometer saw them.

    Attributes
    ----------
    name : str
        The lot's name, as it stands on the package.
    srgb : dict of str to (float, float, float)
        sRGB value (0–255, D65, fractions kept) by patch; the others keep their nominal one.
    """

    name: str
    srgb: dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class DigitCard:
    """The card: millimetres, origin at the top-left corner, x right, y down (towards the hand).

    Attributes
    ----------
    width_mm, height_mm : float
        Outer size.
    slot : Rectangle
        The opening in which the digit rests, open at the bottom edge.
    marker_dictionary : str
        Name of OpenCV's ArUco dictionary.
    marker_side_mm : float
        Side of each marker, its black border included.
    marker_top_left_mm : dict of int to (float, float)
        Top-left corner of each marker by id.
    patches : tuple of Patch
        Colour patches in printing order.
    check_bar_mm : float
        Length of the bar beside the card on the printed sheet.
    """

    name: str
    version: int
    width_mm: float
    height_mm: float
    slot: Rectangle
    marker_dictionary: str
    marker_side_mm: float
    marker_top_left_mm: dict[int, tuple[float, float]]
    patches: tuple[Patch, ...]
    check_bar_mm: float

    def marker_area(self, marker_id: int) -> Rectangle:
        """Where one marker stands on the card.

        Parameters
        ----------
        marker_id : int
            One of `marker_top_left_mm`.
        """
        return _square(self.marker_top_left_mm[marker_id], self.marker_side_mm)

    def marker_corners_mm(self, marker_id: int) -> NDArray[np.float64]:
        """Corners of one marker on the card.

        Parameters
        ----------
        marker_id : int
            Id of the marker, one of `marker_top_left_mm`.

        Returns
        -------
        NDArray[np.float64], shape (4, 2)
            x, y in millimetres, clockwise from the top-left corner: the order of OpenCV's detector.

        Raises
        ------
        KeyError
            If the card has no such marker.
        """
        left, top = self.marker_top_left_mm[marker_id]
        side = self.marker_side_mm
        return np.array([[left, top], [left + side, top], [left + side, top + side], [left, top + side]])


def in_world(points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the card's plane (x, y; shape (n, 2)) in the world (x, y, z; shape (n, 3)): z is 0 on it."""
    return np.column_stack([points_mm, np.zeros(len(points_mm))])


def _square(top_left: Sequence[float], side_mm: float) -> Rectangle:
    left, top = top_left
    return Rectangle(left, top, left + side_mm, top + side_mm)


def read_card() -> DigitCard:
    """Read the card's geometry from the JSON file beside this module."""
    raw = json.loads(resources.files("calibration").joinpath("digit_card.json").read_text(encoding="utf-8"))
    slot, markers, patches = raw["slot"], raw["markers"], raw["patches"]
    return DigitCard(
        name=raw["name"],
        version=raw["version"],
        width_mm=raw["size"][0],
        height_mm=raw["size"][1],
        slot=Rectangle(slot["x"][0], slot["y"][0], slot["x"][1], slot["y"][1]),
        marker_dictionary=markers["dictionary"],
        marker_side_mm=markers["side"],
        marker_top_left_mm={int(key): (x, y) for key, (x, y) in markers["top_left"].items()},
        patches=tuple(
            Patch(item["id"], _square(item["top_left"], patches["side"]), tuple(item["srgb"]))
            for item in patches["items"]
        ),
        check_bar_mm=raw["check_bar_mm"],
    )


DIGIT_CARD = read_card()
