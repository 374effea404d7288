"""The card's patches as a photograph shows them, each beside the light on the paper round it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.capture_gate import FULL_SCALE
from calibration.digit_card import DIGIT_CARD, Patch, Rectangle, in_world
from calibration.photo import Photo
from calibration.srgb import SRGB_TO_LINEAR

PITCH_MM = 0.1
"""Patches are read this finely: about every pixel of a photograph at the gate's 10 px/mm."""

INSET_MM = 1.0
"""Patches are read this far inside their edge: six standard deviations of the softest focus that the gate
accepts."""

CELL = 4
"""Readings along the side of a cell: cells average noise away, and what differs between them is light."""

PAPER_BAND_MM = (0.4, 1.3)
"""Paper is read between these distances from a patch: beyond the blur of its edge, short of the markers."""

CLIPPED_SHARE = 0.1
"""Share of readings at full scale up to which the middle half of them is untouched (own choice)."""

UNEVEN_SHARE = 0.25
"""Spread of light within a patch, relative to its middle. In a digit's soft shadow it reaches this, and paper
and patch darken alike (within ΔE 3 on phantoms); edges of cloth, hands and hard shadows reach 0.4."""

DARK_FLOOR = 0.02
"""Added to a patch's light before spreads are set against it: below, noise and 8-bit steps decide."""

PAPER_CHROMA_TOLERANCE = 0.12
"""Logarithm of red or blue to green by which one patch's paper may differ from the others': tints of light on
one card stay below 0.03 (phantoms), skin and cloth lie beyond 0.2."""

SHADOW_SHARE = 0.6
"""Paper darker than this share of the open light lies in a cast shadow, where light has another colour
(own choice)."""

OPEN_LIGHT_PERCENTILE = 75.0
"""The digit's top stands in open light, the paper beside it in its shade: the upper quartile of the paper's
light is 3 to 5 % short of the light on the digit with a spread of 2 to 5 %, the median 7 % (phantoms)."""

LIGHT_SD, SLOPE_SD_PER_MM = 0.03, 0.003
"""Where paper is clipped a plane stands for the logarithm of its light: what lies off the plane counts little
beyond 3 %, and slopes stay near 30 % in 100 mm (the phantoms' range)."""

LEAST_PATCHES, LEAST_GREYS = 6, 3
"""Fewer patches leave the matrix, fewer greys the white balance, to chance (measurement design)."""

GREY_RANGE = 4
"""Patches whose nominal channels differ by no more than this are greys."""

TINY = 1e-6
"""Added before logarithms: a thousandth of what an 8-bit code resolves."""

Flaw = Literal["out_of_picture", "clipped", "covered", "shadow", "uneven", "inconsistent"]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class PatchReadings:
    """The card's patches in the photograph, in printing order.

    Attributes
    ----------
    light, paper : NDArray[np.float64], shape (n, 3)
        Of each patch and of the paper round it, linear.
    paper_clipped : NDArray[np.bool_], shape (n, 3)
    flaws : tuple of str or None
        Why a patch is left out.
    """

    light: FloatArray
    paper: FloatArray
    paper_clipped: NDArray[np.bool_]
    flaws: tuple[Flaw | None, ...]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Patches (n,) that nothing speaks against."""
        return np.array([flaw is None for flaw in self.flaws])

    @property
    def enough(self) -> bool:
        """Whether a correction can rest on what is left."""
        greys = np.array([max(patch.srgb) - min(patch.srgb) <= GREY_RANGE for patch in DIGIT_CARD.patches])
        return bool(self.usable.sum() >= LEAST_PATCHES and (self.usable & greys).sum() >= LEAST_GREYS)

    def named(self, which: NDArray[np.bool_], name: Flaw) -> PatchReadings:
        """The same with some patches left out for a reason."""
        flaws = tuple(name if here else flaw for here, flaw in zip(which, self.flaws, strict=True))
        return replace(self, flaws=flaws)


def read_patches(photo: Photo, camera: Camera) -> PatchReadings:
    """Read every patch and the paper round it at the photograph's full resolution."""
    light, paper, clipped, flaws = [], [], [], []
    for patch in DIGIT_CARD.patches:
        inside, around = _places(patch)
        codes, whole = _codes(photo, camera, inside)
        paper_codes, paper_whole = _codes(photo, camera, around)
        light.append(_middle_half(SRGB_TO_LINEAR[codes]))
        paper.append(_middle_half(SRGB_TO_LINEAR[paper_codes]))
        clipped.append((paper_codes >= FULL_SCALE).mean(axis=0) > CLIPPED_SHARE)
        flaws.append(_flaw(codes) if whole and paper_whole else "out_of_picture")
    return PatchReadings(np.array(light), np.array(paper), np.array(clipped), tuple(flaws))


@lru_cache(maxsize=64)
def _places(patch: Patch) -> tuple[FloatArray, FloatArray]:
    """Places (n, 2) within the patch, row by row, and on the paper round it; millimetres on the card."""
    near, far = PAPER_BAND_MM
    around = _grid(patch.area, far)
    apart = [_distance(other.area, around) > near for other in DIGIT_CARD.patches]
    return _grid(patch.area, -INSET_MM), around[np.all(apart, axis=0)]


def _grid(area: Rectangle, margin_mm: float) -> FloatArray:
    x = np.arange(area.left - margin_mm + PITCH_MM / 2, area.right + margin_mm, PITCH_MM)
    y = np.arange(area.top - margin_mm + PITCH_MM / 2, area.bottom + margin_mm, PITCH_MM)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _distance(area: Rectangle, points: FloatArray) -> FloatArray:
    """How far points lie beyond the nearest side of a rectangle; negative inside."""
    low, high = np.array([area.left, area.top]), np.array([area.right, area.bottom])
    return np.asarray(np.maximum(low - points, points - high).max(axis=1))


def _codes(photo: Photo, camera: Camera, points_mm: FloatArray) -> tuple[NDArray[np.uint8], bool]:
    """The nearest pixels (n, 3), and whether all of them lie in the picture."""
    pixels = camera.project(in_world(points_mm))
    wanted = np.rint(pixels).astype(np.intp)
    nearest = np.clip(wanted, 0, [photo.width_px - 1, photo.height_px - 1])
    return photo.rgb[nearest[:, 1], nearest[:, 0]], bool((nearest == wanted).all())


def _middle_half(light: NDArray[np.float32]) -> FloatArray:
    """Mean (3,) of the middle half of each channel: as robust as the median, without its 8-bit steps."""
    quarter = len(light) // 4
    return np.asarray(np.sort(light, axis=0)[quarter : len(light) - quarter].mean(axis=0, dtype=np.float64))


def _flaw(codes: NDArray[np.uint8]) -> Flaw | None:
    """What the patch's own pixels (n, 3) speak against it."""
    if (codes >= FULL_SCALE).any(axis=1).mean() > CLIPPED_SHARE:
        return "clipped"
    side = round(np.sqrt(len(codes))) // CELL
    cells = SRGB_TO_LINEAR[codes].reshape(side, CELL, side, CELL, 3).mean(axis=(1, 3)).reshape(-1, 3)
    low, middle, high = np.percentile(cells, (5, 50, 95), axis=0)
    return "uneven" if ((high - low) / (middle + DARK_FLOOR)).max() > UNEVEN_SHARE else None


def without_strange_paper(readings: PatchReadings) -> PatchReadings:
    """Name the patches round which something else than the card's paper is seen, or a cast shadow."""
    paper = np.log(readings.paper + TINY)
    present = np.array([flaw in {None, "uneven"} for flaw in readings.flaws])
    known = present & ~readings.paper_clipped.any(axis=1)
    if not known.any():
        return readings
    chroma = paper[:, [0, 2]] - paper[:, [1]]
    strange = np.abs(chroma - np.median(chroma[known], axis=0)).max(axis=1) > PAPER_CHROMA_TOLERANCE
    readings, known = readings.named(known & strange, "covered"), known & ~strange
    if not known.any():
        return readings
    least = np.percentile(paper[known, 1], OPEN_LIGHT_PERCENTILE) + np.log(SHADOW_SHARE)
    return readings.named(known & (paper[:, 1] < least), "shadow")


def evenly_lit(readings: PatchReadings, stated: FloatArray) -> FloatArray:
    """The patches' light (n, 3) as it would be where the digit's top lies."""
    known = readings.usable & ~readings.paper_clipped[:, 1]
    if known.sum() >= LEAST_PATCHES:
        own = np.log(readings.paper[:, 1] + TINY)
        level = np.where(known, own, _plane(own, known))
    else:  # the paper is clipped: the patches themselves tell how the light falls
        level = _plane(np.log((readings.light[:, 1] + TINY) / stated[:, 1]), readings.usable)
    open_light = np.percentile(level[readings.usable], OPEN_LIGHT_PERCENTILE)
    return np.asarray(readings.light * np.exp(open_light - level)[:, None])


def _plane(level: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """A plane (n,) through the known levels, at all patches; strays count little, slopes are held small."""
    areas = [patch.area for patch in DIGIT_CARD.patches]
    centres = np.array([[(area.left + area.right) / 2, (area.top + area.bottom) / 2] for area in areas])
    design = np.column_stack([np.ones(len(centres)), centres - centres[known].mean(axis=0)])
    weights, fit = np.full(int(known.sum()), 1.0 / LIGHT_SD), np.zeros(3)
    for _ in range(10):
        prior_sd = np.array([np.inf, SLOPE_SD_PER_MM, SLOPE_SD_PER_MM])
        fit = ridge(design[known] * weights[:, None], level[known] * weights, prior_sd)
        stray = np.abs(level[known] - design[known] @ fit) / LIGHT_SD
        weights = 1.0 / LIGHT_SD / np.sqrt(np.maximum(1.0, stray))
    return np.asarray(design @ fit)


def ridge(design: FloatArray, target: FloatArray, prior_sd: FloatArray) -> FloatArray:
    """Least squares with each coefficient held to 0 by its prior's standard deviation."""
    rows = np.vstack([design, np.diag(1.0 / prior_sd)])
    return np.asarray(np.linalg.lstsq(rows, np.concatenate([target, np.zeros(len(prior_sd))]), rcond=None)[0])
