from collections.abc import Callable

import numpy as np
import pytest
import torch

from training.datasets import LabelledPhoto
from training.labels import SAID, UNLABELLED
from training.views import Scene, View, random_view, see

CPU = torch.device("cpu")


def _crop(rng: np.random.Generator, photo: LabelledPhoto, size_px: int, scale: tuple[float, float]):
    scene = Scene.of(photo, CPU)
    rgb, labels = see([scene], [random_view(rng, scene, size_px, scale)], size_px)
    return rgb[0].numpy(), labels[0].numpy()


def test_labels_follow_the_picture(draw: Callable[..., LabelledPhoto]) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rgb, labels = _crop(rng, draw(rng, 160), 128, (0.8, 1.4))
        red = (rgb[0] - rgb[1] > 1 / 3) & (labels[0] != UNLABELLED)
        ulcer = labels[0] == 1
        if ulcer.sum() > 100:
            assert 2 * (red & ulcer).sum() / (red.sum() + ulcer.sum()) > 0.9


def test_what_lies_outside_the_photo_is_unlabelled(draw: Callable[..., LabelledPhoto]) -> None:
    rng = np.random.default_rng(0)
    _, labels = _crop(rng, draw(rng, 64), 256, (1.0, 1.0))
    assert (labels == UNLABELLED).mean() > 0.5
    assert set(np.unique(labels)) <= {0, 1, UNLABELLED}


def test_a_view_that_moves_nothing_is_the_photo(draw: Callable[..., LabelledPhoto]) -> None:
    photo = draw(np.random.default_rng(1), 96)
    rgb, labels = see([Scene.of(photo, CPU)], [View(np.eye(3), None)], 96)
    assert np.abs(rgb[0].permute(1, 2, 0).numpy() * 255 - photo.rgb).max() < 0.01
    assert (labels[0, :3].permute(1, 2, 0).numpy() == photo.labels).all()
    assert (labels[0, SAID] == UNLABELLED).all()


def test_what_teachers_say_moves_with_the_picture(draw: Callable[..., LabelledPhoto]) -> None:
    photo = draw(np.random.default_rng(3), 96)
    said = np.dstack([100 * (photo.labels[..., 0] == 1), np.full((96, 96), 7)]).astype(np.uint8)
    scene = Scene.of(LabelledPhoto(photo.rgb, np.dstack([photo.labels, said])), CPU)
    rng = np.random.default_rng(4)
    _, labels = see([scene], [random_view(rng, scene, 64, (0.8, 1.4))], 64)
    seen = labels[0, 1] != UNLABELLED
    assert torch.equal(labels[0, 3][seen], 100 * (labels[0, 0][seen] == 1).to(torch.uint8))
    assert (labels[0, 4][seen] == 7).all()


@pytest.mark.parametrize("fill", [None, (0.0, 0.5, 1.0)])
def test_beside_the_photo_lies_its_mirror_image_or_one_colour(
    draw: Callable[..., LabelledPhoto], fill: tuple[float, ...] | None
) -> None:
    photo = draw(np.random.default_rng(2), 64)
    moved = np.array([[1.0, 0, 32], [0, 1, 0], [0, 0, 1]])
    rgb, labels = see([Scene.of(photo, CPU)], [View(moved, fill)], 64)
    assert (labels[0, :, :, :32] == UNLABELLED).all()
    beside = rgb[0, :, :, :32].permute(1, 2, 0).numpy()
    expected = photo.rgb[:, 32:0:-1] / 255 if fill is None else np.broadcast_to(fill, (64, 32, 3))
    assert np.abs(beside - expected).max() < 1e-4
