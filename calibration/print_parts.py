"""Parts of the card's drawing in millimetres: marker runs, ticks, the slot's dashed line, the caption."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD, MARKER_MODULES, Rectangle

TICK_MM = {1: 1.2, 5: 2.0, 10: 3.0}
"""Length of the ticks at every millimetre, five and ten millimetres."""

TICK_WIDTH_MM = 0.15
TICK_GREY = 90
"""Ticks are thin and grey, so that they are never taken for the slot's or a marker's edge."""

SLOT_LINE_GREY = 190
"""The slot is cut out along this light line."""

SLOT_DASH_MM = (1.0, 1.0)
"""Printed and left of the slot's dashed line."""


def caption() -> str:
    """The one line of text on the card: nothing that could name a subject, a site or a date."""
    return f"digit card v{DIGIT_CARD.version} · {DIGIT_CARD.width_mm:.0f} × {DIGIT_CARD.height_mm:.0f} mm"


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DIGIT_CARD.marker_dictionary))


def marker_modules(marker_id: int) -> NDArray[np.bool_]:
    """Black modules of a marker, its border included.

    Returns
    -------
    NDArray[np.bool_], shape (6, 6)
        Rows downwards, True where black.
    """
    picture = cv2.aruco.generateImageMarker(_dictionary(), marker_id, MARKER_MODULES)
    return np.asarray(picture == 0)


def ticks() -> list[Rectangle]:
    """Millimetre ticks along both sides of the slot, outside it, counted from its upper end."""
    slot, found = DIGIT_CARD.slot, []
    for step in range(round(slot.bottom - slot.top)):
        length = TICK_MM[10 if step % 10 == 0 else 5 if step % 5 == 0 else 1]
        top, bottom = slot.top + step - TICK_WIDTH_MM / 2, slot.top + step + TICK_WIDTH_MM / 2
        found.append(Rectangle(slot.left - length, top, slot.left, bottom))
        found.append(Rectangle(slot.right, top, slot.right + length, bottom))
    return [tick for tick in found if not _touches_a_patch(tick)]


def _touches_a_patch(area: Rectangle) -> bool:
    return any(
        area.left < patch.area.right + TICK_WIDTH_MM
        and area.right > patch.area.left - TICK_WIDTH_MM
        and area.top < patch.area.bottom + TICK_WIDTH_MM
        and area.bottom > patch.area.top - TICK_WIDTH_MM
        for patch in DIGIT_CARD.patches
    )


def marker_rectangles(marker_id: int) -> list[Rectangle]:
    """A marker's black runs, row by row, in millimetres on the card."""
    left, top = DIGIT_CARD.marker_top_left_mm[marker_id]
    module = DIGIT_CARD.marker_side_mm / MARKER_MODULES
    found = []
    for row, cells in enumerate(marker_modules(marker_id)):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]]).astype(int)))
        for start, end in edges.reshape(-1, 2):
            y = top + row * module
            found.append(Rectangle(left + start * module, y, left + end * module, y + module))
    return found


def slot_dashes() -> list[Rectangle]:
    """The dashed line along the slot's three sides, drawn within the part to be cut out."""
    slot, width, (dash, gap) = DIGIT_CARD.slot, 2 * TICK_WIDTH_MM, SLOT_DASH_MM
    found = []
    for y in np.arange(slot.top, slot.bottom, dash + gap):
        end = min(float(y) + dash, slot.bottom)
        found.append(Rectangle(slot.left, float(y), slot.left + width, end))
        found.append(Rectangle(slot.right - width, float(y), slot.right, end))
    for x in np.arange(slot.left, slot.right, dash + gap):
        found.append(Rectangle(float(x), slot.top, min(float(x) + dash, slot.right), slot.top + width))
    return found
