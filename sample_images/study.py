"""The demonstration study as data: who has which ulcer, and how each one fares over sixteen weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calibration.phantom.look import Tissue, View

VISITS = ("w0", "w2", "w4", "w8", "w12", "w16")
DAYS = (0, 14, 28, 56, 84, 112)

Areas = tuple[float, float, float, float, float, float]
DigitName = Literal["index", "middle", "ring", "little"]


@dataclass(frozen=True)
class Site:
    """A centre with its phone, its table and its habits of light."""

    code: str
    width_px: int
    height_px: int
    focal_35mm: float
    distance_mm: tuple[float, float]
    k1: float
    orientation: int
    make: str
    model: str
    gps: tuple[float, float] | None
    material: Literal["drape", "sheet", "wood", "steel", "cloth"]
    warmth: float


SITES = (
    Site("LYO", 2592, 1944, 26.2, (150.0, 168.0), -0.012, 1, "Phone maker A", "A1", None, "drape", 0.02),
    Site(
        "LIL", 1944, 2592, 50.4, (205.0, 255.0), 0.006, 6, "Phone maker B", "B7", (50.63, 3.07), "wood", 0.06
    ),
)


@dataclass(frozen=True)
class Digit:
    """A subject's digit: its shape stays, it is laid into the slot anew at each visit."""

    hand: Literal["left", "right"]
    name: DigitName
    radius_mm: float
    taper: float
    tip_exponent: float
    tip_length_mm: float


@dataclass(frozen=True)
class Story:
    """One ulcer through the study.

    Attributes
    ----------
    site, subject, ulcer : str
    skin_type : int
        Fitzpatrick type.
    digit : Digit
    phalanx, surface, side : str
        Place on the hand map.
    view : {"dorsal", "pulp"}
    s_mm, phi_deg : float
        Place on the digit: from the tip, and round it from the top.
    areas_mm2 : six floats
        True open area within or round the footprint at each visit; 0 is healed.
    tissues : six tissues
    new_areas_mm2 : six floats
        Area of a new ulceration beside the footprint.
    bridge_from : int or None
        Visit from which a bridge of new skin splits the ulcer.
    texture : float
        Relief of the skin; tight skin is smooth.
    """

    site: str
    subject: str
    ulcer: str
    skin_type: int
    digit: Digit
    phalanx: Literal["distal", "middle"]
    surface: Literal["pulp", "palmar", "dorsal", "periungual"]
    side: Literal["radial", "central", "ulnar"]
    view: View
    s_mm: float
    phi_deg: float
    areas_mm2: Areas
    tissues: tuple[Tissue, Tissue, Tissue, Tissue, Tissue, Tissue]
    new_areas_mm2: Areas = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    bridge_from: int | None = None
    texture: float = 0.8


def _all(tissue: Tissue) -> tuple[Tissue, Tissue, Tissue, Tissue, Tissue, Tissue]:
    return (tissue,) * 6


STORIES = (
    # Heals steadily, closed from week 12.
    Story(
        "LYO",
        "LYO-001",
        "U1",
        2,
        Digit("right", "index", 7.8, 0.06, 2.2, 9.0),
        "distal",
        "pulp",
        "radial",
        "pulp",
        10.0,
        -9.0,
        (12.4, 9.8, 6.9, 2.6, 0.0, 0.0),
        ("fibrin", "mixed", "granulation", "granulation", "granulation", "granulation"),
    ),
    # The same subject's second ulcer, slower, closed at week 16.
    Story(
        "LYO",
        "LYO-001",
        "U2",
        2,
        Digit("right", "middle", 8.0, 0.05, 2.3, 9.2),
        "distal",
        "dorsal",
        "central",
        "dorsal",
        24.0,
        6.0,
        (6.5, 6.0, 4.9, 2.9, 1.5, 0.0),
        ("eschar", "mixed", "fibrin", "granulation", "granulation", "granulation"),
    ),
    # Stalls: slough that stays.
    Story(
        "LYO",
        "LYO-002",
        "U1",
        5,
        Digit("left", "middle", 9.2, 0.07, 2.4, 10.0),
        "distal",
        "pulp",
        "central",
        "pulp",
        11.5,
        4.0,
        (18.0, 17.1, 17.5, 16.2, 16.7, 15.6),
        _all("fibrin"),
        texture=1.0,
    ),
    # Small and quick: closed from week 8.
    Story(
        "LYO",
        "LYO-003",
        "U1",
        3,
        Digit("left", "index", 7.2, 0.08, 2.1, 8.4),
        "distal",
        "periungual",
        "ulnar",
        "dorsal",
        15.5,
        14.0,
        (4.2, 3.2, 1.8, 0.0, 0.0, 0.0),
        _all("granulation"),
        texture=0.6,
    ),
    # Grows under a dry crust.
    Story(
        "LIL",
        "LIL-001",
        "U1",
        1,
        Digit("right", "ring", 7.4, 0.06, 2.3, 8.6),
        "middle",
        "dorsal",
        "ulnar",
        "dorsal",
        27.5,
        -8.0,
        (9.8, 11.3, 13.8, 17.2, 20.1, 22.4),
        ("mixed", "mixed", "eschar", "eschar", "eschar", "eschar"),
        texture=0.5,
    ),
    # The same subject's little finger: small, slow, closed from week 12.
    Story(
        "LIL",
        "LIL-001",
        "U2",
        1,
        Digit("right", "little", 6.4, 0.08, 2.2, 7.6),
        "distal",
        "pulp",
        "central",
        "pulp",
        8.5,
        5.0,
        (3.4, 3.1, 2.6, 1.7, 0.0, 0.0),
        _all("mixed"),
        texture=0.5,
    ),
    # Heals, but a new ulceration opens beside the footprint at week 4.
    Story(
        "LIL",
        "LIL-002",
        "U1",
        6,
        Digit("left", "index", 8.6, 0.05, 2.5, 9.6),
        "distal",
        "pulp",
        "radial",
        "pulp",
        12.0,
        -6.0,
        (14.8, 12.2, 9.0, 5.4, 2.8, 1.6),
        ("eschar", "eschar", "mixed", "granulation", "granulation", "granulation"),
        (0.0, 0.0, 2.4, 1.7, 0.0, 0.0),
    ),
    # Large; a bridge of new skin splits it at week 8.
    Story(
        "LIL",
        "LIL-003",
        "U1",
        4,
        Digit("right", "middle", 9.8, 0.06, 2.3, 10.8),
        "distal",
        "pulp",
        "central",
        "pulp",
        13.0,
        3.0,
        (31.0, 27.5, 22.0, 13.5, 8.2, 4.6),
        ("mixed", "mixed", "granulation", "granulation", "granulation", "granulation"),
        bridge_from=3,
        texture=1.1,
    ),
)
"""Eight ulcers of six subjects at two sites; sizes as in the SALVE study, mean about 12 mm² (own stories)."""
