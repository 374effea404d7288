"""From which probability a pixel counts as ulcer: chosen on the selection part, never on the reported one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry import WeightsInfo
from models.segmenter import OnnxSegmenter, Segmenter
from training.datasets import UNLABELLED, PhotoLibrary, default_data_folder
from training.exams import Exam, composite_exam, wound_exam
from training.scores import image_mean_dice, overlap

CANDIDATES = np.round(np.arange(0.2, 0.81, 0.05), 2)
"""Thresholds that are tried."""


@dataclass(frozen=True)
class Choice:
    """A threshold and its image-mean Dice on the selection part: real wounds, composited fingers."""

    threshold: float
    wounds_dice: float
    composites_dice: float


def choose_threshold(content: bytes, data: Path | None = None) -> Choice:
    """The threshold with the best image-mean Dice, real wounds and composited fingers counting alike.

    Parameters
    ----------
    content : bytes
        The exported network.
    data : Path, optional
        Folder of the training data.
    """
    library = PhotoLibrary(data or default_data_folder())
    segmenter = OnnxSegmenter(WeightsInfo("candidate", "0", "", Path(), 0.5), content)
    wounds = _dice_by_threshold(segmenter, wound_exam(library, "select"))
    composites = _dice_by_threshold(segmenter, composite_exam(library, "select"))
    best = int(np.argmax(wounds + composites))
    return Choice(float(CANDIDATES[best]), round(float(wounds[best]), 4), round(float(composites[best]), 4))


def _dice_by_threshold(segmenter: Segmenter, exams: Sequence[Exam]) -> NDArray[np.float64]:
    """Image-mean Dice at each of `CANDIDATES`."""
    overlaps = []
    for exam in exams:
        ulcer, label = segmenter.segment(exam.rgb).ulcer, exam.labels[..., 0]
        overlaps.append([overlap(ulcer > level, label == 1, label != UNLABELLED) for level in CANDIDATES])
    return np.array([image_mean_dice(list(column)) for column in zip(*overlaps, strict=True)])
