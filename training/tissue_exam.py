"""The tissue head on real wounds: Dice of fibrin, granulation and callus where crops of the tissue set lie.

Exploratory: the crops are few, from one clinic's feet, and outlined by other hands than the wounds were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.picture import SMALLEST_SIDE_PX
from models.segmenter import Segmenter
from training.datasets import PROVENANCE, PhotoLibrary
from training.exams import groups_of
from training.figures import Told, told
from training.labels import CALLUS, FIBRIN, GRANULATION, UNLABELLED
from training.scores import Overlap, overlap, summary
from training.splits import Part
from training.tissue import read_tissue_matches

TISSUE_NAMES = {"fibrin": FIBRIN, "granulation": GRANULATION, "callus": CALLUS}
"""Tissues in the order of the network's channels, which follow ulcer and skin."""

THRESHOLD = 0.5
"""Probability from which a pixel counts as a tissue: nothing was chosen here, for there is too little to."""

Reader = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""From a picture (H, W, 3) to the probabilities (3, H, W) of `TISSUE_NAMES`."""


@dataclass(frozen=True)
class TissueFigure:
    """A tissue's overlap: photographs that show it, Dice over them and pooled over all crops."""

    images: int
    dice_image_mean: Told
    dice_pooled: Told


def tissue_reader(segmenter: Segmenter) -> Reader | None:
    """Reads the tissue channels of a network; none where it has no such channels.

    Parameters
    ----------
    segmenter : Segmenter
        The network.
    """

    def read(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        tissue = segmenter.segment(rgb).tissue
        if tissue is None:
            raise LookupError("a network without tissue channels was asked for tissue")
        return tissue

    blank = np.zeros((SMALLEST_SIDE_PX, SMALLEST_SIDE_PX, 3), dtype=np.uint8)
    return None if segmenter.segment(blank).tissue is None else read


def tissue_figures(read: Reader, library: PhotoLibrary, part: Part) -> dict[str, object]:
    """Dice of each tissue over the photos of a part that have a crop of the tissue set.

    Parameters
    ----------
    read : Reader
        The network's tissue head.
    library : PhotoLibrary
        Where photos and crops are read.
    part : Part
        Part of the split.
    """
    counts: dict[str, list[Overlap]] = {name: [] for name in TISSUE_NAMES}
    crops = read_tissue_matches(library.folder / PROVENANCE["tissue"].folder / "match.csv")
    group_of = {name: group for name, group in groups_of("fuseg", part).items() if name in crops}
    for name in group_of:
        photo = library.load("fuseg", name)
        label = photo.labels[..., 2]
        for tissue, probability in zip(TISSUE_NAMES, read(photo.rgb), strict=True):
            true, known = label == TISSUE_NAMES[tissue], label != UNLABELLED
            counts[tissue].append(overlap(probability >= THRESHOLD, true, known))
    return {
        "note": "exploratory: few crops of one clinic's feet; tissue outlined by others than the wounds",
        "images": len(group_of),
        **{
            tissue: _figure(overlaps, list(group_of.values())).__dict__ for tissue, overlaps in counts.items()
        },
    }


def _figure(overlaps: list[Overlap], groups: list[str]) -> TissueFigure:
    if not overlaps:
        return TissueFigure(0, None, None)
    found = summary(overlaps, groups)
    shown = sum(item.truth > 0 for item in overlaps)
    return TissueFigure(shown, told(found["dice_image_mean_shown"]), told(found["dice_pooled"]))
