"""Batches as a pure function of seed and step, so that a resumed run sees what it would have seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator

from training.augmentation import View, random_look, random_view
from training.datasets import LabelledPhoto, PhotoLibrary
from training.phantoms import PhantomStore
from training.recipe import Recipe
from training.splits import Part, names_of
from training.synthesis import Compositor
from training.transplant import Transplants

SCALES = {"hands": (1.0, 2.4), "phantom": (0.8, 1.25)}
"""Enlargements other than the recipe's: hands, photographed at 5 px/mm, come near the scale of reading
images; phantoms are at that scale."""

Draw = Callable[[Generator], LabelledPhoto]


def all_sources(library: PhotoLibrary, part: Part, phantoms: Path) -> dict[str, Draw]:
    """One drawing function for each source of a part of the split.

    Parameters
    ----------
    library : PhotoLibrary
        Where photos are read.
    part : Part
        "train", "select" or "report".
    phantoms : Path
        Folder of rendered scenes.
    """

    def drawn_from(source: str) -> Draw:
        names = names_of(source, part)
        return lambda rng: library.load(source, names[rng.integers(len(names))])

    compositor = Compositor(library, names_of("hands", part), names_of("fuseg", part))
    photos = {source: drawn_from(source) for source in ("fuseg", "hands", "nails")}
    rendered = Transplants(PhantomStore(phantoms, part), compositor)
    return {**photos, "composite": compositor.compose, "phantom": rendered}


@dataclass(frozen=True)
class Batches:
    """Draws crops from sources in the recipe's shares.

    Parameters
    ----------
    recipe : Recipe
        Seed, shares, crop and batch size.
    sources : dict of str to Draw
        A drawing function for each source of the recipe's shares.
    """

    recipe: Recipe
    sources: dict[str, Draw]

    def __call__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The batch of a step.

        Returns
        -------
        rgb : torch.Tensor, shape (N, 3, S, S), uint8
            sRGB; `to_unit` makes of it what the network takes.
        labels : torch.Tensor, shape (N, 3, S, S), uint8
            Ulcer, skin and tissue as in `LabelledPhoto`.
        """
        crops = [self.crop(step, position) for position in range(self.recipe.batch)]
        rgb = np.stack([crop.rgb for crop in crops]).transpose(0, 3, 1, 2)
        labels = np.stack([crop.labels for crop in crops]).transpose(0, 3, 1, 2)
        return torch.from_numpy(np.ascontiguousarray(rgb)), torch.from_numpy(np.ascontiguousarray(labels))

    def crop(self, step: int, position: int) -> LabelledPhoto:
        """One crop of a batch."""
        rng = np.random.default_rng([self.recipe.seed, step, position])
        shares = self.recipe.shares_at(step)
        source = str(rng.choice(list(shares), p=list(shares.values())))
        scale = SCALES.get(source, self.recipe.photo_scale)
        crop = random_view(rng, self.sources[source](rng), View(self.recipe.crop_px, scale))
        return LabelledPhoto(random_look(rng, crop.rgb), crop.labels)


def to_unit(rgb: torch.Tensor) -> torch.Tensor:
    """Bytes to floats in 0–1, same shape, on the same device."""
    return rgb.float() / 255
