from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from training.datasets import LabelledPhoto
from training.labels import SAID, UNLABELLED
from training.sources import Source
from training.teachers import SAID_LEVELS, Teacher, taught, taught_loss

RGB = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


class _Redness(nn.Module):
    """Says that what is red is ulcer, and the more so the farther right it lies; skin everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(4.0))
        self.asked = 0

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        self.asked += 1
        to_the_right = torch.linspace(-1, 1, rgb.shape[3])
        ulcer = self.factor * (rgb[:, :1] - 0.5) + to_the_right
        return torch.cat([ulcer, torch.full_like(ulcer, 9.0), ulcer, ulcer, ulcer], dim=1)


def _teacher(folder: Path) -> tuple[Teacher, _Redness]:
    network = _Redness()
    return Teacher(network, folder), network  # type: ignore[arg-type]


def test_a_photo_is_asked_about_once_with_its_mirror_images(tmp_path: Path) -> None:
    teacher, network = _teacher(tmp_path)
    said = teacher.says("one", RGB)
    assert network.asked == 4
    assert (said == teacher.says("one", RGB)).all()
    assert network.asked == 4
    assert (said.shape, said.dtype) == ((40, 50, 2), np.uint8)
    assert (said[..., 1] > 0.99 * SAID_LEVELS).all()


def test_what_was_said_lies_where_it_was_seen(tmp_path: Path) -> None:
    said = _teacher(tmp_path)[0].says("one", RGB)[..., 0] / SAID_LEVELS
    assert np.corrcoef(said.ravel(), RGB[..., 0].ravel())[0, 1] > 0.98
    # mirror images set off what depends on the side alone
    assert abs(said[:, :25].mean() - said[:, 25:].mean()) < 0.05


def test_several_teachers_say_their_mean(tmp_path: Path) -> None:
    for name, level in (("a", 100), ("b", 200)):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "one.png"), np.full((40, 50, 3), level, np.uint8))
    teachers = [_teacher(tmp_path / name)[0] for name in ("a", "b")]
    photo = LabelledPhoto(RGB, np.zeros((40, 50, 3), np.uint8))
    labels = taught(Source(1, lambda _: photo), ["one"], teachers).scene(0).labels
    assert (labels[..., :3] == 0).all()
    assert (labels[..., SAID] == 150).all()


def _labels(level: int) -> torch.Tensor:
    """A photo of which teachers spoke, and one of which they did not."""
    labels = torch.zeros(2, 5, 8, 8, dtype=torch.uint8)
    labels[0, SAID], labels[1, SAID] = level, UNLABELLED
    return labels


def test_only_what_was_spoken_of_is_taught() -> None:
    logits = torch.zeros(2, 5, 8, 8, requires_grad=True)
    taught_loss(logits, _labels(230)).backward()
    assert logits.grad is not None
    assert (logits.grad[0, :2] < 0).all()
    assert (logits.grad[1] == 0).all()
    assert (logits.grad[0, 2:] == 0).all()


def test_who_says_the_same_learns_nothing() -> None:
    same = torch.logit(torch.tensor(200 / SAID_LEVELS))
    logits = torch.full((2, 5, 8, 8), float(same), requires_grad=True)
    taught_loss(logits, _labels(200)).backward()
    assert logits.grad is not None
    assert float(logits.grad.abs().max()) < 1e-6


def test_the_share_that_lies_beyond_the_photo_does_not_dilute_the_lesson() -> None:
    labels = _labels(230)
    whole = float(taught_loss(torch.zeros(2, 5, 8, 8), labels))
    labels[0, SAID, :, 4:] = UNLABELLED
    assert float(taught_loss(torch.zeros(2, 5, 8, 8), labels)) == pytest.approx(whole)


def test_a_batch_of_which_nothing_was_said_has_no_lesson() -> None:
    assert float(taught_loss(torch.randn(1, 5, 8, 8), _labels(0)[1:])) == 0
