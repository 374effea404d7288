"""Drawn pictures to learn from, so that most tests need no data: a skin-coloured disc with a red spot."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from training.datasets import LabelledPhoto, PhotoLibrary, default_data_folder
from training.labels import UNLABELLED

Draw = Callable[[Generator], LabelledPhoto]


def spotted_disc(rng: Generator, side_px: int = 96) -> LabelledPhoto:
    rows, columns = np.mgrid[0:side_px, 0:side_px]
    centre = rng.uniform(0.4, 0.6, 2) * side_px
    distance = np.hypot(rows - centre[0], columns - centre[1])
    skin, ulcer = distance < 0.38 * side_px, distance < 0.16 * side_px
    rgb = np.full((side_px, side_px, 3), 235.0)
    rgb[skin] = (205, 160, 135)
    rgb[ulcer] = (150, 30, 30)
    rgb += rng.normal(0, 4, rgb.shape)
    labels = np.dstack([ulcer, skin, np.full(skin.shape, UNLABELLED)]).astype(np.uint8)
    return LabelledPhoto(np.clip(rgb, 0, 255).astype(np.uint8), labels)


@pytest.fixture
def draw() -> Draw:
    return spotted_disc


@pytest.fixture(scope="session")
def library() -> PhotoLibrary:
    folder = default_data_folder()
    if not (folder / "fuseg_train").is_dir():
        pytest.skip(f"needs the training data, which are not at {folder}")
    return PhotoLibrary(folder)
