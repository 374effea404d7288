"""Batches as a pure function of seed and step, so that a resumed run sees what it would have seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from numpy.random import Generator, default_rng

from training.looks import look
from training.recipe import Recipe
from training.sources import Source
from training.views import Scene, random_view, see

RENDERED = (0.8, 1.25)
SCALES = {
    "hands": (1.0, 2.4), "phantom": RENDERED, "transplant": RENDERED, "healing": RENDERED,
    "healing transplant": RENDERED,
}  # fmt: skip
"""Enlargements other than the recipe's: hands, photographed at 5 px/mm, come near the scale of reading
images; phantoms are at that scale."""


@dataclass
class Batches:
    """Draws crops from sources in the recipe's shares, on the device that learns from them.

    Parameters
    ----------
    recipe : Recipe
        Seed, shares, crop and batch size.
    sources : mapping of str to Source
        Scenes for each source of the recipe's shares.
    device : torch.device
        Where crops are cut. A GPU keeps every scene that it was shown once: all take 10 GB of its memory.
    """

    recipe: Recipe
    sources: Mapping[str, Source]
    device: torch.device
    _shelf: dict[tuple[str, int], Scene] = field(default_factory=dict, repr=False)

    def __call__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The batch of a step.

        Returns
        -------
        rgb : torch.Tensor, shape (N, 3, S, S), float32
            sRGB in 0–1.
        labels : torch.Tensor, shape (N, 5, S, S), uint8
            As `training.views.see` gives them.
        """
        rng, size_px = default_rng([self.recipe.seed, step]), self.recipe.crop_px
        drawn = [self._draw(rng, step) for _ in range(self.recipe.batch)]
        views = [
            random_view(rng, scene, size_px, SCALES.get(source, self.recipe.photo_scale))
            for source, scene in drawn
        ]
        rgb, labels = see([scene for _, scene in drawn], views, size_px)
        return look(rng, rgb), labels

    def _draw(self, rng: Generator, step: int) -> tuple[str, Scene]:
        shares = self.recipe.shares_at(step)
        source = str(rng.choice(list(shares), p=list(shares.values())))
        return source, self._scene(source, int(rng.integers(self.sources[source].count)))

    def _scene(self, source: str, number: int) -> Scene:
        kept = self._shelf.get((source, number))
        if kept is None:
            kept = Scene.of(self.sources[source].scene(number), self.device)
            if self.device.type != "cpu":
                self._shelf[source, number] = kept
        return kept
