"""Agreement of outlines: Dice between readers, and how far a reader moved toward the machine's outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.agreement_estimates import Estimate, ratio_of_sums

DICE_BINS = 20
"""Of the histogram from 0 to 1: bins of 0.05, about what moving a 12 mm² outline by 0.15 mm costs."""

ON_AN_EDGE = 1e-9
"""Of a bin: a Dice of 0.85 belongs to the bin that begins there, however 0.85 is rounded."""


@dataclass(frozen=True)
class Outline:
    """What lies inside an outline, cut to the box round it: a study's outlines fit into memory together.

    Attributes
    ----------
    frame : (int, int)
        Rows and columns of the picture it was drawn on.
    top, left : int
        Place of the box in the picture.
    inside : NDArray[np.bool_], shape (rows, columns) of the box
        Not empty.
    """

    frame: tuple[int, int]
    top: int
    left: int
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> Outline | None:
        """Of a mask of the whole picture; None when nothing is inside.

        Parameters
        ----------
        mask : NDArray[np.bool_], shape (rows, columns)
        """
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if len(rows) == 0:
            return None
        top, left = int(rows[0]), int(columns[0])
        inside = mask[top : rows[-1] + 1, left : columns[-1] + 1].copy()
        return cls((mask.shape[0], mask.shape[1]), top, left, inside)

    @property
    def area_px(self) -> int:
        """Pixels inside."""
        return int(self.inside.sum())

    def overlap_px(self, other: Outline) -> int:
        """Pixels inside both.

        Raises
        ------
        ValueError
            If they were not drawn on the same picture.
        """
        if self.frame != other.frame:
            raise ValueError("outlines of different pictures cannot be laid over each other")
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.inside.shape[0], other.top + other.inside.shape[0])
        right = min(self.left + self.inside.shape[1], other.left + other.inside.shape[1])
        if bottom <= top or right <= left:
            return 0
        ours, theirs = (
            one.inside[top - one.top : bottom - one.top, left - one.left : right - one.left]
            for one in (self, other)
        )
        return int((ours & theirs).sum())


@dataclass(frozen=True)
class DiceAgreement:
    """Two readers' outlines of the cases that both called open.

    Attributes
    ----------
    mean : Estimate
        Mean Dice, with the interval of a seeded bootstrap over cases.
    bins : tuple of int, length `DICE_BINS`
        Cases by Dice, from 0 to 1 in even bins, the last one with 1 itself.
    """

    mean: Estimate
    bins: tuple[int, ...]


@dataclass(frozen=True)
class Redrawing:
    """One reader's outline before and after the machine's was seen, and the machine's."""

    first: Outline
    machine: Outline
    final: Outline


@dataclass(frozen=True)
class MachineShift:
    """How far a reader moved toward the machine: 0 not at all, 1 onto it, below 0 away from it.

    Attributes
    ----------
    area, dice : Estimate
        By the outlines' areas, and by where they lie.
    """

    area: Estimate
    dice: Estimate


def dice(one: Outline, other: Outline) -> float:
    """2 |A ∩ B| / (|A| + |B|) (Dice 1945)."""
    return 2 * one.overlap_px(other) / (one.area_px + other.area_px)


def dice_agreement(pairs: Sequence[tuple[Outline, Outline]]) -> DiceAgreement:
    """Dice of every pair, their mean and their distribution."""
    values = np.array([dice(one, other) for one, other in pairs], np.float64)
    places = np.minimum(np.floor(values * DICE_BINS + ON_AN_EDGE), DICE_BINS - 1).astype(np.int64)
    bins = np.bincount(places, minlength=DICE_BINS)
    return DiceAgreement(ratio_of_sums(values, np.ones_like(values)), tuple(int(n) for n in bins))


def machine_shift(redrawings: Sequence[Redrawing]) -> MachineShift:
    """One reader's shift over all cases in which the reader drew before seeing the machine's outline.

    Notes
    -----
    By area: slope, through the origin, of ln(final / first) on ln(machine / first), which is the weight of
    advice (Harvey & Fischer 1997; Yaniv 2004) with each case weighted by the square of the distance there was
    to go: a mean of single cases' ratios would be made by those in which the two hardly differed. By Dice:
    share of the way 1 − Dice(first, machine) that was made up, summed over cases. A case in which the first
    outline is the machine's already leaves nothing to go and does not count.
    """
    return MachineShift(_area_shift(redrawings), _dice_shift(redrawings))


def _area_shift(redrawings: Sequence[Redrawing]) -> Estimate:
    first, machine, final = (
        np.log(np.array([getattr(drawn, name).area_px for drawn in redrawings], np.float64))
        for name in ("first", "machine", "final")
    )
    apart = machine != first
    way = (machine - first)[apart]
    return ratio_of_sums((final - first)[apart] * way, way**2)


def _dice_shift(redrawings: Sequence[Redrawing]) -> Estimate:
    before = np.array([dice(drawn.first, drawn.machine) for drawn in redrawings], np.float64)
    after = np.array([dice(drawn.final, drawn.machine) for drawn in redrawings], np.float64)
    apart = before < 1
    return ratio_of_sums((after - before)[apart], (1 - before)[apart])
