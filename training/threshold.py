"""From which probability a pixel counts as ulcer: chosen on the selection part, never on the reported one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.segmenter import OnnxSegmenter, Segmenter, WeightsInfo
from training.datasets import UNLABELLED, PhotoLibrary
from training.exams import Exam, composite_exam, phantom_exam, wound_exam
from training.scores import image_mean_dice, overlap

CANDIDATES = np.round(np.arange(0.2, 0.81, 0.05), 2)
"""Thresholds that are tried."""


@dataclass(frozen=True)
class Choice:
    """A threshold and its image-mean Dice on the selection part, over the pictures with an ulcer."""

    threshold: float
    dice: dict[str, float]


def choose_threshold(content: bytes, data: Path, phantoms: Path) -> Choice:
    """The threshold with the best image-mean Dice, wounds, composited fingers and phantoms counting alike.

    Parameters
    ----------
    content : bytes
        The exported network.
    data : Path
        Folder of the training data.
    phantoms : Path
        Folder of rendered scenes.
    """
    library = PhotoLibrary(data)
    segmenter = OnnxSegmenter(WeightsInfo("candidate", "0", "", Path(), 0.5), content)
    exams = {
        "wounds": wound_exam(library, "select"),
        "composites": composite_exam(library, "select"),
        "phantoms": phantom_exam(phantoms, "select"),
    }
    dice = {name: _dice_by_threshold(segmenter, pictures) for name, pictures in exams.items()}
    best = int(np.argmax(sum(dice.values())))
    return Choice(float(CANDIDATES[best]), {name: round(float(row[best]), 4) for name, row in dice.items()})


def _dice_by_threshold(segmenter: Segmenter, exams: Sequence[Exam]) -> NDArray[np.float64]:
    """Image-mean Dice over the pictures with an ulcer, at each of `CANDIDATES`."""
    overlaps = []
    for exam in exams:
        if not (exam.labels[..., 0] == 1).any():
            continue  # a picture without an ulcer says nothing of where the border lies
        ulcer, label = segmenter.segment(exam.rgb).ulcer, exam.labels[..., 0]
        overlaps.append([overlap(ulcer > level, label == 1, label != UNLABELLED) for level in CANDIDATES])
    return np.array([image_mean_dice(list(column)) for column in zip(*overlaps, strict=True)])
