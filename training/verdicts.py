"""What a network found on an examined picture, counted and tallied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.padding import valid_area
from models.segmenter import Segmenter
from training.borders import Apart, border_band, borders_apart, parts
from training.exams import ALARM_PX, Exam
from training.labels import UNLABELLED
from training.reliability import Tally
from training.scores import Overlap, overlap

SKIN_THRESHOLD = 0.5
"""Probability from which a pixel counts as skin, as in the service."""

SMALLEST_ULCER_PX = 25
"""A true part of an ulcer below 0.25 mm² at the network's scale is a crumb, not an ulcer to be hit."""


@dataclass(frozen=True)
class Verdict:
    """An examined picture.

    Attributes
    ----------
    exam : Exam
        What was shown, and what is true.
    found : NDArray[np.bool_], shape (H, W)
        Where the network sees an ulcer.
    ulcer, skin : Overlap
        Counts; of skin none where the labels do not know both skin and background.
    apart : Apart or None
        How far the borders lie apart; none where truth or network has no ulcer.
    ulcers, hit : int
        True connected ulcers of `SMALLEST_ULCER_PX` or more, and how many of them are touched.
    alarms : int
        Connected parts of `ALARM_PX` or more that touch no true ulcer.
    everywhere, band : Tally
        Known pixels by logit: all inside the padding, and those of the border band.
    new_skin : (int, int)
        Pixels of bridges and islands, and how many of them the network calls ulcer.
    """

    exam: Exam
    found: NDArray[np.bool_]
    ulcer: Overlap
    skin: Overlap | None
    apart: Apart | None
    ulcers: int
    hit: int
    alarms: int
    everywhere: Tally
    band: Tally
    new_skin: tuple[int, int]


def examine(segmenter: Segmenter, exams: list[Exam]) -> list[Verdict]:
    """Run the network over pictures and count."""
    return [_examine(segmenter, exam) for exam in exams]


def _examine(segmenter: Segmenter, exam: Exam) -> Verdict:
    seen = segmenter.segment(exam.rgb)
    found, truth = seen.open_ulcer(segmenter.weights.counting), exam.ulcer
    known = exam.labels[..., 0] != UNLABELLED
    true_parts = parts(truth, SMALLEST_ULCER_PX)
    everywhere, band = _tallies(exam, seen.ulcer, found, known)
    return Verdict(
        exam,
        found,
        overlap(found, truth, known),
        _skin(exam, seen.skin),
        borders_apart(truth, found),
        len(true_parts),
        sum(bool((part & found).any()) for part in true_parts),
        sum(not (part & truth).any() for part in parts(found & known, ALARM_PX)),
        everywhere,
        band,
        _on_new_skin(exam, found),
    )


def _skin(exam: Exam, probability: NDArray[np.float32]) -> Overlap | None:
    """Nails' photos know some skin but no background: an overlap would mean nothing there."""
    label = exam.labels[..., 1]
    if not ((label == 0).any() and (label == 1).any()):
        return None
    return overlap(probability >= SKIN_THRESHOLD, label == 1, label != UNLABELLED)


def _tallies(
    exam: Exam, probability: NDArray[np.float32], found: NDArray[np.bool_], known: NDArray[np.bool_]
) -> tuple[Tally, Tally]:
    """Everywhere and in the border band; black padding, where nothing was asked, is left out."""
    asked = np.zeros(known.shape, dtype=bool)
    asked[valid_area(exam.rgb)] = True
    areas = (known & asked, known & asked & border_band(exam.ulcer, found))
    everywhere, band = (Tally.of(probability[area], exam.ulcer[area]) for area in areas)
    return everywhere, band


def _on_new_skin(exam: Exam, found: NDArray[np.bool_]) -> tuple[int, int]:
    if exam.new_skin is None:
        return 0, 0
    new_skin = exam.new_skin & ~exam.ulcer
    return int(new_skin.sum()), int((new_skin & found).sum())
