"""What counts as ulcer, and what probabilities mean: decided on the selection part, never on the reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.counting import Counting
from models.segmenter import OnnxSegmenter, Segmenter
from models.weights_info import WeightsInfo
from training.datasets import PhotoLibrary
from training.exams import ALARM_PX, Exam, clean_exam, composite_exam, phantom_exam, wound_exam
from training.figures import picture_tallies
from training.labels import UNLABELLED
from training.scores import image_mean_dice, overlap
from training.temperature import Temperature, choose_temperature
from training.verdicts import examine

MIDDLE = 0.5
"""Where two thresholds do equally well, the one nearer to even odds: probabilities are taken at their
word."""

CERTAINTIES = (0.0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95)

CANDIDATES = tuple(
    Counting(float(threshold), certainty)
    for threshold in np.round(np.arange(0.2, 0.81, 0.05), 2)
    for certainty in CERTAINTIES
    if certainty == 0 or certainty > threshold
)
"""Ways of counting that are tried."""

TIE = 0.003
"""Scores this close are equal: other pictures of the same kind move a mean Dice by five times as much."""


@dataclass(frozen=True)
class Choice:
    """A way of counting, and how the network does with it on the selection part.

    Attributes
    ----------
    counting : Counting
    dice : dict of str to float
        Image-mean Dice over the pictures with an ulcer, by set.
    quiet : float
        Share of clean hands and nails without a false alarm.
    digit_certainty : float
        The certainty that does best on rendered digits, where nothing but the digit is looked at.
    """

    counting: Counting
    dice: dict[str, float]
    quiet: float
    digit_certainty: float


def unjudged(content: bytes) -> OnnxSegmenter:
    """The segmenter of an exported network of which nothing has been decided yet.

    Parameters
    ----------
    content : bytes
        The exported network.
    """
    return OnnxSegmenter(WeightsInfo("candidate", "0", "", Path(), Counting(MIDDLE)), content)


def choose_counting(content: bytes, data: Path, phantoms: Path) -> Choice:
    """The way of counting with the best image-mean Dice and the fewest false alarms.

    Wounds, composited fingers, phantoms and clean pictures count alike: Dice alone would take every doubtful
    pixel in.

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
    return best_choice(unjudged(content), selection_exams(library, phantoms), clean_exam(library, "select"))


def best_choice(segmenter: Segmenter, exams: dict[str, list[Exam]], clean: Sequence[Exam]) -> Choice:
    """As `choose_counting`, on pictures that were read before.

    Parameters
    ----------
    segmenter : Segmenter
        The network.
    exams : dict of str to list of Exam
        Sets of pictures with ulcers.
    clean : sequence of Exam
        Pictures without ulcers.
    """
    dice = {name: _dice_by_counting(segmenter, pictures) for name, pictures in exams.items()}
    quiet = _quiet_by_counting(segmenter, clean)
    best = best_candidate(np.sum([*dice.values(), quiet], axis=0))
    told = {name: round(float(row[best]), 4) for name, row in dice.items()}
    certainty = best_digit_certainty(segmenter, exams["phantoms"], CANDIDATES[best].threshold)
    return Choice(CANDIDATES[best], told, round(float(quiet[best]), 4), certainty)


def best_digit_certainty(segmenter: Segmenter, exams: Sequence[Exam], threshold: float) -> float:
    """The certainty with the best image-mean Dice on digits alone, as the service looks at them.

    Parameters
    ----------
    segmenter : Segmenter
        The network.
    exams : sequence of Exam
        Rendered digits, those without an ulcer among them: a stain that is counted there costs as much as an
        ulcer that is not.
    threshold : float
        Of the border.

    Returns
    -------
    float
        Of `CERTAINTIES` above the threshold; among equals the least.
    """
    candidates = [one for one in CERTAINTIES if one == 0 or one > threshold]
    overlaps = []
    for exam in exams:
        digit, true = exam.labels[..., 1] == 1, exam.labels[..., 0] == 1
        probability = segmenter.segment(exam.rgb).ulcer * digit
        found = (Counting(threshold, one).open_ulcer(probability) for one in candidates)
        overlaps.append([overlap(each, true, digit) for each in found])
    dice = np.array([image_mean_dice(list(column)) for column in zip(*overlaps, strict=True)])
    return candidates[int(np.flatnonzero(dice >= dice.max() - TIE)[0])]


def fit_on_selection(segmenter: Segmenter, library: PhotoLibrary, phantoms: Path) -> Temperature:
    """The temperature of the ulcer's logits, from the border bands of the selection part.

    Wounds, composited fingers and phantoms count alike, and so do the pictures of each: the band of a small
    ulcer has as much say as that of a large one. Pictures without a true ulcer are left out.

    Parameters
    ----------
    segmenter : Segmenter
        The network without a temperature.
    library : PhotoLibrary
        Training data.
    phantoms : Path
        Folder of rendered scenes.
    """
    exams = selection_exams(library, phantoms)
    return choose_temperature(
        *picture_tallies({title: examine(segmenter, pictures) for title, pictures in exams.items()})
    )


def selection_exams(library: PhotoLibrary, phantoms: Path) -> dict[str, list[Exam]]:
    """The sets of the selection part that have ulcers."""
    return {
        "wounds": wound_exam(library, "select"),
        "composites": composite_exam(library, "select"),
        "phantoms": phantom_exam(phantoms, "select"),
    }


def best_candidate(score: NDArray[np.float64]) -> int:
    """Index into `CANDIDATES` of the best score.

    Among equals of the one whose threshold is nearest to `MIDDLE`, then of the one that asks for the least
    certainty: what small ulcers need.
    """
    equals = np.flatnonzero(score >= score.max() - TIE)
    return int(min(equals, key=lambda at: (abs(CANDIDATES[at].threshold - MIDDLE), CANDIDATES[at].certainty)))


def _quiet_by_counting(segmenter: Segmenter, exams: Sequence[Exam]) -> NDArray[np.float64]:
    """Share of clean pictures in which too little is found for an alarm, by each of `CANDIDATES`."""
    seen = [segmenter.segment(exam.rgb) for exam in exams]
    quiet = [[found.open_ulcer(one).sum() < ALARM_PX for found in seen] for one in CANDIDATES]
    return np.asarray(np.mean(quiet, axis=1), dtype=np.float64)


def _dice_by_counting(segmenter: Segmenter, exams: Sequence[Exam]) -> NDArray[np.float64]:
    """Image-mean Dice over the pictures with an ulcer, by each of `CANDIDATES`."""
    overlaps = []
    for exam in exams:
        if not (exam.labels[..., 0] == 1).any():
            continue  # a picture without an ulcer says nothing of where the border lies
        found, label = segmenter.segment(exam.rgb), exam.labels[..., 0]
        true, known = label == 1, label != UNLABELLED
        overlaps.append([overlap(found.open_ulcer(one), true, known) for one in CANDIDATES])
    return np.array([image_mean_dice(list(column)) for column in zip(*overlaps, strict=True)])
