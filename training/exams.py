"""The pictures on which a network is examined, always the same for a part of the split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from training.datasets import PhotoLibrary
from training.labels import UNLABELLED
from training.phantoms import COUNTS, PhantomStore
from training.splits import Part, names_of
from training.synthesis import Compositor

COMPOSITE_SEEDS: dict[Part, int] = {"train": 100, "select": 200, "report": 300}
"""First number of the seeds of composited fingers; each part has its own people and wounds too."""

ALARM_PX = 60
"""A clean picture counts as a false alarm from this many pixels found: about 1 mm² at the network's scale."""

COMPOSITES = 80
"""Composited fingers in an examination."""


@dataclass(frozen=True)
class Exam:
    """A picture, what is known of it, and what it is called.

    Attributes
    ----------
    name : str
        Source and name or number.
    rgb : NDArray[np.uint8], shape (H, W, 3)
        The picture as the service would get it, padding included.
    labels : NDArray[np.uint8], shape (H, W, 3)
        Ulcer, skin and tissue as in `LabelledPhoto`.
    """

    name: str
    rgb: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def wound_exam(library: PhotoLibrary, part: Part) -> list[Exam]:
    """Real foot wounds, whole photos with their padding; the stored outline is the truth."""
    exams = []
    for name in names_of("fuseg", part):
        mask = library.mask("fuseg", name)
        labels = np.full((*mask.shape, 3), UNLABELLED, dtype=np.uint8)
        labels[..., 0] = mask
        exams.append(Exam(f"fuseg {name}", library.rgb("fuseg", name), labels))
    return exams


def composite_exam(library: PhotoLibrary, part: Part, count: int = COMPOSITES) -> list[Exam]:
    """Wounds on fingers, people and wounds both of this part."""
    compositor = Compositor(library, names_of("hands", part), names_of("fuseg", part))
    photos = [compositor.compose(default_rng([COMPOSITE_SEEDS[part], number])) for number in range(count)]
    return [Exam(f"composite {number}", photo.rgb, photo.labels) for number, photo in enumerate(photos)]


def phantom_exam(folder: Path, part: Part) -> list[Exam]:
    """Rendered fingers on the card, as reading images at the network's scale."""
    store = PhantomStore(folder, part)
    photos = [store.scene(number) for number in range(COUNTS[part])]
    return [Exam(f"phantom {number}", photo.rgb, photo.labels) for number, photo in enumerate(photos)]


def clean_exam(library: PhotoLibrary, part: Part) -> list[Exam]:
    """Hands and nails without ulcers: whatever is found there is a false alarm."""
    exams = []
    for source in ("hands", "nails"):
        for name in names_of(source, part):
            photo = library.load(source, name)
            exams.append(Exam(f"{source} {name}", photo.rgb, photo.labels))
    return exams
