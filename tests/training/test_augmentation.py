from collections.abc import Callable

import numpy as np
import pytest

from training.augmentation import View, random_look, random_view
from training.datasets import LabelledPhoto
from training.labels import UNLABELLED


def test_labels_follow_the_picture(draw: Callable[..., LabelledPhoto]) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        crop = random_view(rng, draw(rng, 160), View(128, (0.8, 1.4)))
        red = (crop.rgb[..., 0].astype(int) - crop.rgb[..., 1] > 85) & (crop.labels[..., 0] != UNLABELLED)
        ulcer = crop.labels[..., 0] == 1
        if ulcer.sum() > 100:
            assert 2 * (red & ulcer).sum() / (red.sum() + ulcer.sum()) > 0.9


def test_what_lies_outside_the_photo_is_unlabelled(draw: Callable[..., LabelledPhoto]) -> None:
    rng = np.random.default_rng(0)
    crop = random_view(rng, draw(rng, 64), View(256, (1.0, 1.0)))
    assert (crop.labels == UNLABELLED).mean() > 0.5
    assert set(np.unique(crop.labels)) <= {0, 1, UNLABELLED}


@pytest.mark.parametrize("seed", range(8))
def test_looks_stay_pictures_and_repeat(draw: Callable[..., LabelledPhoto], seed: int) -> None:
    rgb = draw(np.random.default_rng(seed)).rgb
    look, again = (random_look(np.random.default_rng(seed), rgb) for _ in range(2))
    assert look.shape == rgb.shape
    assert look.dtype == np.uint8
    assert (look == again).all()
    assert look.std() > 3
