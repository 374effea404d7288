"""How the phantom looks: skin tone, view, tissue and rim of the ulcer; colours in linear light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

View = Literal["dorsal", "pulp"]
Tissue = Literal["granulation", "fibrin", "eschar", "mixed"]

TISSUES: tuple[Tissue, ...] = ("granulation", "fibrin", "eschar", "mixed")


def linear(srgb: tuple[float, float, float]) -> Float32Array:
    """Linear light (3,) 0–1 of an sRGB colour 0–255 (IEC 61966-2-1)."""
    return decode_srgb(np.array(srgb) / 255.0)


def decode_srgb(value: NDArray[np.floating]) -> Float32Array:
    """Linear light of sRGB values 0–1."""
    high = ((np.maximum(value, 0.04045) + 0.055) / 1.055) ** 2.4
    return np.where(value > 0.04045, high, value / 12.92).astype(np.float32)  # noqa: PLR2004


SKIN_SRGB: dict[int, tuple[float, float, float]] = {
    1: (240, 208, 190),
    2: (228, 184, 158),
    3: (208, 158, 126),
    4: (172, 120, 90),
    5: (126, 84, 62),
    6: (86, 58, 47),
}
"""Skin by Fitzpatrick type I–VI in even light: chosen by eye, not measured values."""

PALM_SRGB = (224, 164, 142)
"""Palms carry little melanin; darker skins approach this colour on the pulp (chosen by eye)."""

PALM_SHARE = {1: 0.2, 2: 0.25, 3: 0.32, 4: 0.4, 5: 0.42, 6: 0.42}
"""How far the pulp's colour goes from the skin's towards the palm's, by type."""

MELANIN = np.array([0.45, 0.75, 1.10], np.float32)
"""Relative absorption of melanin in red, green, blue: falls with wavelength (after Jacques 2013, chosen)."""

BLOOD = np.array([0.08, 0.85, 0.75], np.float32)
"""Relative absorption of haemoglobin in red, green, blue (shape after Jacques 2013, chosen)."""

GRANULATION = (linear((176, 40, 44)), linear((132, 22, 30)), linear((206, 84, 80)))
"""Beefy red, its crevices and its tops."""

FIBRIN = (linear((208, 184, 132)), linear((182, 150, 98)), linear((228, 216, 182)))
"""Yellow slough, its brownish and its whitish parts."""

ESCHAR = (linear((58, 40, 35)), linear((30, 22, 21)), linear((104, 68, 46)))
"""Black-brown necrosis, its cracks and its dry brown parts."""

MACERATED = linear((232, 222, 206))
CALLUS = linear((214, 182, 128))
SCAR = linear((226, 148, 140))
NAIL_WHITE = linear((236, 228, 212))


@dataclass(frozen=True)
class Look:
    """Appearance of the digit and its ulcers.

    Attributes
    ----------
    tone : int
        Fitzpatrick type, 1–6.
    view : {"dorsal", "pulp"}
        Whether the nail or the pulp faces the camera.
    tissue : {"granulation", "fibrin", "eschar", "mixed"}
        What fills the ulcers.
    redness : float
        Extra blood in the whole skin, −0.2 (pale) to 0.4 (flushed).
    erythema, maceration, callus : float
        Strength, 0–1, of a red, a white and a horny rim round the ulcers.
    depth_mm : float
        How deep the ulcers look; shading alone, the surface stays.
    border_mm : float
        Width of the ulcers' soft border, whose middle is the true outline.
    wetness : float
        Shine of the ulcers, 0–1.
    gloss : float
        Shine of the skin, 0–1.
    texture : float
        Strength of the skin's relief; 1 is usual, 0.4 the tight skin of systemic sclerosis.
    blemishes : int
        Small moles, scars and spots elsewhere on the skin, which are no ulcers.
    pattern : float
        Any number; other numbers give other textures.
    """

    tone: int = 3
    view: View = "dorsal"
    tissue: Tissue = "granulation"
    redness: float = 0.0
    erythema: float = 0.4
    maceration: float = 0.2
    callus: float = 0.2
    depth_mm: float = 0.4
    border_mm: float = 0.2
    wetness: float = 0.6
    gloss: float = 0.3
    texture: float = 1.0
    blemishes: int = 0
    pattern: float = 0.0

    @property
    def skin(self) -> Float32Array:
        """Base colour (3,) of the visible side, linear light."""
        tone = linear(SKIN_SRGB[self.tone])
        if self.view == "dorsal":
            return tone
        share = PALM_SHARE[self.tone]
        return np.asarray(tone * (1 - share) + linear(PALM_SRGB) * share)
