from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from training.backgrounds import cluttered, new_background
from training.datasets import LabelledPhoto
from training.labels import UNLABELLED

Ground = Callable[[Generator, LabelledPhoto], NDArray[np.uint8]]


def _finger() -> LabelledPhoto:
    rgb = np.full((300, 300, 3), 240, np.uint8)
    labels = np.zeros((300, 300, 3), np.uint8)
    rgb[100:200, 60:], labels[100:200, 60:, 1] = (200, 160, 140), 1
    return LabelledPhoto(rgb, labels)


@pytest.mark.parametrize("ground", [new_background, cluttered])
def test_another_ground_leaves_the_hand_and_what_nobody_labelled(ground: Ground) -> None:
    finger = _finger()
    finger.labels[:40, :, 1] = UNLABELLED
    changed = ground(np.random.default_rng(0), finger)
    assert np.abs(changed[150, 100:].astype(int) - finger.rgb[150, 100:]).max() <= 1
    assert np.abs(changed[:30].astype(int) - finger.rgb[:30]).max() <= 1
    assert np.abs(changed[230:].astype(int) - finger.rgb[230:]).mean() > 5


def test_a_cluttered_ground_is_full_of_edges() -> None:
    """More than half of its places differ from one a thumb's width away."""
    for seed in range(4):
        ground = cluttered(np.random.default_rng(seed), _finger())[:90].astype(int)
        apart = np.abs(ground[:, 60:] - ground[:, :-60]).max(axis=2)
        assert (apart > 20).mean() > 0.5
