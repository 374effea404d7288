"""The pictures on which a network is examined, always the same for a part of the split."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from training.datasets import LabelledPhoto, PhotoLibrary
from training.labels import UNLABELLED
from training.phantoms import COUNTS, PhantomStore
from training.splits import Part, read_split
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
    group : str
        Pictures of one group are alike, and drawn together for an interval: near-duplicate photos, composites
        on one person's hand.
    traits : dict of str to str
        By what figures are told apart: skin tone, tissue, pose.
    new_skin : NDArray[np.bool_], shape (H, W), optional
        Bridges and islands of new skin within an ulcer, where they are known.
    """

    name: str
    rgb: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    group: str
    traits: dict[str, str] = field(default_factory=dict)
    new_skin: NDArray[np.bool_] | None = None

    @property
    def ulcer(self) -> NDArray[np.bool_]:
        """Where there is an ulcer for certain, shape (H, W)."""
        return np.asarray(self.labels[..., 0] == 1)


@dataclass
class NotingLibrary(PhotoLibrary):
    """A library that notes which hands were looked at, so that a composite's person is known."""

    seen: list[str] = field(default_factory=list)

    def load(self, source: str, name: str) -> LabelledPhoto:
        """As in `PhotoLibrary`."""
        if source == "hands":
            self.seen.append(name)
        return super().load(source, name)


def groups_of(source: str, part: Part) -> dict[str, str]:
    """Names of a set's photos in a part, sorted, with their groups."""
    rows = [item for item in read_split() if item.source == source and item.part == part]
    return {item.name: f"{source} {item.group}" for item in sorted(rows, key=lambda item: item.name)}


def wound_exam(library: PhotoLibrary, part: Part) -> list[Exam]:
    """Real foot wounds, whole photos with their padding; the stored outline is the truth."""
    exams = []
    for name, group in groups_of("fuseg", part).items():
        mask = library.mask("fuseg", name)
        labels = np.full((*mask.shape, 3), UNLABELLED, dtype=np.uint8)
        labels[..., 0] = mask
        exams.append(Exam(f"fuseg {name}", library.rgb("fuseg", name), labels, group))
    return exams


def composite_exam(library: PhotoLibrary, part: Part, count: int = COMPOSITES) -> list[Exam]:
    """Wounds on fingers, people and wounds both of this part."""
    noting = NotingLibrary(library.folder)
    compositor = Compositor(noting, list(groups_of("hands", part)), list(groups_of("fuseg", part)))
    exams = []
    for number in range(count):
        photo = compositor.compose(default_rng([COMPOSITE_SEEDS[part], number]))
        exams.append(Exam(f"composite {number}", photo.rgb, photo.labels, f"hands {noting.seen[-1]}"))
    return exams


def phantom_exam(folder: Path, part: Part, count: int | None = None) -> list[Exam]:
    """Rendered fingers on the card, as reading images at the network's scale; the part's first few or all."""
    store = PhantomStore(folder, part)
    photos = [store.scene(number) for number in range(COUNTS[part] if count is None else count)]
    names = [f"phantom {number}" for number in range(len(photos))]
    return [Exam(name, photo.rgb, photo.labels, name) for name, photo in zip(names, photos, strict=True)]


def clean_exam(library: PhotoLibrary, part: Part) -> list[Exam]:
    """Hands and nails without ulcers: whatever is found there is a false alarm."""
    exams = []
    for source in ("hands", "nails"):
        for name, group in groups_of(source, part).items():
            photo = library.load(source, name)
            exams.append(Exam(f"{source} {name}", photo.rgb, photo.labels, group, {"set": source}))
    return exams
