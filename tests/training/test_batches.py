from collections.abc import Callable

import numpy as np
import pytest
import torch

from training.batches import Batches
from training.datasets import LabelledPhoto
from training.recipe import Recipe, Stage
from training.sources import Source

CPU = torch.device("cpu")


@pytest.fixture
def sources(draw: Callable[..., LabelledPhoto]) -> dict[str, Source]:
    return {
        name: Source(5, lambda number, seed=seed: draw(np.random.default_rng([seed, number])))
        for seed, name in enumerate(("fuseg", "hands"))
    }


def _recipe(seed: int = 1) -> Recipe:
    return Recipe(seed=seed, batch=3, crop_px=64, stages=(Stage(None, {"fuseg": 0.5, "hands": 0.5}),))


def test_a_batch_is_a_function_of_seed_and_step(sources: dict[str, Source]) -> None:
    rgb, labels = Batches(_recipe(), sources, CPU)(7)
    again, same = Batches(_recipe(), sources, CPU)(7)
    assert (rgb.shape, labels.shape) == ((3, 3, 64, 64), (3, 5, 64, 64))
    assert (rgb.dtype, labels.dtype) == (torch.float32, torch.uint8)
    assert torch.equal(rgb, again)
    assert torch.equal(labels, same)
    assert not torch.equal(rgb, Batches(_recipe(), sources, CPU)(8)[0])
    assert not torch.equal(rgb, Batches(_recipe(seed=2), sources, CPU)(7)[0])


def test_sources_are_drawn_in_their_shares(draw: Callable[..., LabelledPhoto]) -> None:
    seen: list[str] = []

    def told(name: str) -> Callable[[int], LabelledPhoto]:
        def scene(number: int) -> LabelledPhoto:
            seen.append(name)
            return draw(np.random.default_rng(number))

        return scene

    recipe = Recipe(batch=8, crop_px=32, stages=(Stage(None, {"fuseg": 3.0, "nails": 1.0}),))
    batches = Batches(recipe, {name: Source(4, told(name)) for name in ("fuseg", "nails")}, CPU)
    for step in range(25):
        batches(step)
    assert abs(seen.count("nails") / len(seen) - 0.25) < 0.1
