"""The card as an office prints it: printer dots, ink that spreads, a raster, and paper that curls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.phantom.look import Float32Array, decode_srgb
from calibration.phantom.table import INK, PAPER
from calibration.print_card import MM_PER_INCH, card_image
from calibration.reference_slip import REFERENCE_SLIP, slip_image

FloatArray = NDArray[np.float64]

LEAST_TEXELS_PER_MM = 23.0
"""Coarser prints are drawn with several texels to a printer's dot, so that the dots keep their edges."""

PAPER_SPREAD_MM = 0.03
"""Standard deviation of the light's way within the paper: 0.02–0.06 mm on office papers (own choice)."""

PINHOLE_SHARE = 0.10
"""White that a raster leaves in its black: toner saving prints at 85–95 % (own choice)."""

PINHOLE_SPREAD = 0.15
"""Width of a pinhole's soft edge in units of the raster's spot function."""

SCREEN_LIT_SHARE = 0.8
"""Height of a screen's pixel that shines; the rest is its black matrix."""

MIDDLE_MM = np.array([DIGIT_CARD.width_mm, DIGIT_CARD.height_mm]) / 2

Grid = Literal["none", "raster", "screen"]


@dataclass(frozen=True)
class SlipPlace:
    """How the reference slip lies in the card's slot.

    Attributes
    ----------
    right_mm, down_mm : float
        From its place against the slot's upper end, in the middle.
    turn_deg : float
        Turn about its own middle.
    print_scale : float
        Its size against the card's: other than 1 where both are from different sheets.
    """

    right_mm: float = 0.0
    down_mm: float = 0.0
    turn_deg: float = 0.0
    print_scale: float = 1.0

    def on_slip(self, card_mm: FloatArray) -> FloatArray:
        """Points of the card (..., 2) in the drawing of the slip."""
        half = np.array([REFERENCE_SLIP.width_mm, REFERENCE_SLIP.height_mm]) / 2
        middle = self._corner_mm + half + np.array([self.right_mm, self.down_mm])
        turn = np.radians(self.turn_deg)
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        return np.asarray((card_mm - middle) @ turned.T / self.print_scale + half)

    def holds(self, card_mm: FloatArray) -> NDArray[np.bool_]:
        """Which points of the card (..., 2) the slip covers."""
        size = np.array([REFERENCE_SLIP.width_mm, REFERENCE_SLIP.height_mm])
        place = self.on_slip(card_mm)
        return np.asarray(((place > 0) & (place < size)).all(axis=-1))

    @property
    def _corner_mm(self) -> FloatArray:
        slot = DIGIT_CARD.slot
        left, top = REFERENCE_SLIP.in_slot_mm
        return np.array([slot.left + left, slot.top + top])


@dataclass(frozen=True)
class Sheet:
    """One printed card and how it lies.

    Attributes
    ----------
    dpi : float
        Resolution at which the picture of the card was printed.
    dot_gain_mm : float
        How far ink spreads beyond its edge.
    paper : tuple of float
        Tint of the paper: factors of red, green, blue.
    grid : {"none", "raster", "screen"}
        Solid black; black with the pinholes of a printer's raster at 45°; or a card shown on a screen, with
        red, green and blue stripes.
    grid_mm : float
        Pitch of that grid.
    bend_radius_mm : float
        Radius of the cylinder to which the sheet is curled, its length kept; positive with raised edges,
        negative with a raised middle; infinite lies flat.
    bend_deg : float
        Direction across the cylinder, from x towards y.
    slip : SlipPlace or None
        How the reference slip lies in the slot; None where there is none.
    """

    dpi: float = 600.0
    dot_gain_mm: float = 0.02
    paper: tuple[float, float, float] = (1.0, 0.995, 0.98)
    grid: Grid = "none"
    grid_mm: float = 0.25
    bend_radius_mm: float = float("inf")
    bend_deg: float = 0.0
    slip: SlipPlace | None = None

    @property
    def texels_per_mm(self) -> float:
        """Resolution of `texture`."""
        return _texels_to_a_dot(self.dpi) * self.dpi / MM_PER_INCH

    @property
    def texture(self) -> Float32Array:
        """Reflectance (h, w, 3) of the print, without its grid."""
        return _texture(self.dpi, self.dot_gain_mm, self.paper, self.slip)

    @property
    def sagitta_mm(self) -> float:
        """Height of the sheet's edges over its middle, or of its middle over its edges (negative)."""
        return float(np.sign(self.bend_radius_mm)) * self._rise_mm if self.bent else 0.0

    @property
    def bent(self) -> bool:
        """Whether the sheet does not lie flat."""
        return bool(np.isfinite(self.bend_radius_mm))

    @cached_property
    def _across(self) -> FloatArray:
        turn = np.radians(self.bend_deg)
        return np.array([np.cos(turn), np.sin(turn)])

    @property
    def _rise_mm(self) -> float:
        """Height between the sheet's middle and its outermost edge."""
        reach_mm = float(np.abs(self._across) @ MIDDLE_MM)
        return abs(self.bend_radius_mm) * (1 - float(np.cos(reach_mm / abs(self.bend_radius_mm))))

    def points(self, card_mm: FloatArray) -> FloatArray:
        """Where points of the print (..., 2) lie: x, y, h (..., 3)."""
        if not self.bent:
            return np.concatenate([card_mm, np.zeros((*card_mm.shape[:-1], 1))], axis=-1)
        radius, sign = abs(self.bend_radius_mm), np.sign(self.bend_radius_mm)
        offset = card_mm - MIDDLE_MM
        along = offset @ self._across
        moved = radius * np.sin(along / radius) - along
        height = sign * radius * (1 - np.cos(along / radius)) + (self._rise_mm if sign < 0 else 0.0)
        return np.concatenate([card_mm + moved[..., None] * self._across, height[..., None]], axis=-1)

    def seen(self, eye: FloatArray, rays: FloatArray) -> FloatArray:
        """Points of the print (..., 2) that rays (..., 3: x, y, h) from the lens meet, exactly.

        Beyond the print's edge, a ray that misses the cylinder ends far away.
        """
        if not self.bent:
            return np.asarray(eye[:2] - rays[..., :2] * (eye[2] / rays[..., 2:]))
        radius, sign = abs(self.bend_radius_mm), float(np.sign(self.bend_radius_mm))
        across, start = self._across, (eye[:2] - MIDDLE_MM) @ self._across
        low = eye[2] - (self._rise_mm - radius if sign < 0 else radius)
        run, fall = rays[..., :2] @ across, rays[..., 2]
        a, b, c = run**2 + fall**2, run * start + fall * low, start**2 + low**2 - radius**2
        # A raised edge is seen from within the cylinder, a raised middle from without.
        depth = (-b + sign * np.sqrt(np.maximum(b**2 - a * c, 0.0))) / a
        along = radius * np.arctan2(start + depth * run, -sign * (low + depth * fall))
        flat = eye[:2] + depth[..., None] * rays[..., :2] - MIDDLE_MM
        return np.asarray(MIDDLE_MM + flat + (along - flat @ across)[..., None] * across)

    def gridded(self, light: Float32Array, card_mm: Float32Array) -> Float32Array:
        """Lay the grid over the print: `light` (h, w, 3) at points (h, w, 2) of it."""
        if self.grid == "none":
            return light
        phase = card_mm * np.float32(1 / self.grid_mm)
        if self.grid == "screen":
            stripe = np.floor(3 * (phase[..., 0] % 1)).astype(np.int8)
            lit = (phase[..., 1] % 1) < SCREEN_LIT_SHARE
            colour = stripe[..., None] == np.arange(3, dtype=np.int8)
            return np.where(colour & lit[..., None], 3 / SCREEN_LIT_SHARE * light, 0).astype(np.float32)
        turned = 2 * np.pi * (phase @ np.array([[1, 1], [1, -1]], np.float32)) / np.float32(np.sqrt(2))
        spot = (2 + np.cos(turned).sum(axis=-1)) / 4
        hole = np.clip(0.5 + (np.pi / 2 * PINHOLE_SHARE - spot) / PINHOLE_SPREAD, 0.0, 1.0)[..., None]
        white = np.float32(PAPER) * np.array(self.paper, np.float32)
        return np.asarray(light + hole * np.maximum(white - light, 0), np.float32)


def _texels_to_a_dot(dpi: float) -> int:
    return int(np.ceil(LEAST_TEXELS_PER_MM * MM_PER_INCH / dpi))


@lru_cache(maxsize=4)
def _texture(
    dpi: float, dot_gain_mm: float, paper: tuple[float, float, float], slip: SlipPlace | None
) -> Float32Array:
    """Printer dots as squares, ink spread over their edges, light spread within the paper; slot cut out."""
    fine = _texels_to_a_dot(dpi)
    dots = np.repeat(np.repeat(card_image(dpi), fine, axis=0), fine, axis=1)
    if slip is not None:
        dots = _with_slip(dots, fine * dpi / MM_PER_INCH, dpi, slip)
    drawn = decode_srgb(np.arange(256) / 255.0)[dots]
    texture = (INK + (PAPER - INK) * drawn * np.array(paper, np.float32)).astype(np.float32)
    scale = fine * dpi / MM_PER_INCH
    texture = _spread(texture, dot_gain_mm * scale)
    return np.asarray(cv2.GaussianBlur(texture, (0, 0), PAPER_SPREAD_MM * scale), np.float32)


def _with_slip(
    dots: NDArray[np.uint8], texels_per_mm: float, dpi: float, place: SlipPlace
) -> NDArray[np.uint8]:
    """Lay the slip, printed on the same printer, into the slot."""
    slot = DIGIT_CARD.slot
    rows, columns = (
        slice(round(first * texels_per_mm), min(round(last * texels_per_mm), size))
        for first, last, size in zip(
            (slot.top, slot.left), (slot.bottom, slot.right), dots.shape[:2], strict=True
        )
    )
    x_mm = (np.arange(columns.start, columns.stop) + 0.5) / texels_per_mm
    y_mm = (np.arange(rows.start, rows.stop) + 0.5) / texels_per_mm
    where = place.on_slip(np.stack(np.meshgrid(x_mm, y_mm), axis=-1)) * (dpi / MM_PER_INCH)
    # Whole dots, as printed: none is drawn between two others.
    drawn = cv2.remap(
        slip_image(dpi / MM_PER_INCH),
        np.floor(where[..., 0]).astype(np.float32),
        np.floor(where[..., 1]).astype(np.float32),
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    laid = dots.copy()
    laid[rows, columns] = drawn[..., None]
    return laid


def _spread(texture: Float32Array, gain_px: float) -> Float32Array:
    """Dark grows by a fraction of a texel: the least of four shifted copies."""
    if not gain_px:
        return texture
    shape, spread = texture.shape[1::-1], texture
    for x, y in ((gain_px, 0.0), (-gain_px, 0.0), (0.0, gain_px), (0.0, -gain_px)):
        shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
        moved = cv2.warpAffine(texture, shift, shape, borderMode=cv2.BORDER_REPLICATE)
        spread = np.minimum(spread, moved)
    return spread
