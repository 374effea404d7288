import torch
from torch import nn

from training.labels import UNLABELLED
from training.teachers import Teachers, taught_loss


class _Says(nn.Module):
    def __init__(self, logit: float) -> None:
        super().__init__()
        self.logit = logit

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        return torch.full((len(rgb), 5, *rgb.shape[2:]), self.logit)


def _labels() -> torch.Tensor:
    """A photo of a foot, and a finger whose skin is labelled."""
    labels = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    labels[0, 1] = UNLABELLED
    return labels


def test_several_teachers_say_their_mean() -> None:
    said = Teachers([_Says(-20.0), _Says(20.0)])(torch.zeros(2, 3, 8, 8))  # type: ignore[list-item]
    assert said.shape == (2, 2, 8, 8)
    assert torch.allclose(said, torch.full_like(said, 0.5), atol=1e-3)


RGB = torch.zeros(2, 3, 8, 8)


def _teachers(logit: float) -> Teachers:
    return Teachers([_Says(logit)])  # type: ignore[list-item]


def test_feet_alone_are_taught() -> None:
    logits = torch.zeros(2, 5, 8, 8, requires_grad=True)
    taught_loss(logits, _teachers(2.2), RGB, _labels()).backward()
    assert logits.grad is not None
    assert (logits.grad[0, :2] < 0).all()
    assert (logits.grad[1] == 0).all()
    assert (logits.grad[0, 2:] == 0).all()


def test_teachers_are_asked_about_half_of_a_batch_feet_first() -> None:
    asked: list[torch.Tensor] = []

    class Noting(_Says):
        def forward(self, rgb: torch.Tensor) -> torch.Tensor:
            asked.append(rgb)
            return super().forward(rgb)

    rgb = torch.arange(5.0).reshape(5, 1, 1, 1).expand(5, 3, 8, 8)
    labels = torch.zeros(5, 3, 8, 8, dtype=torch.uint8)
    labels[[1, 3], 1] = UNLABELLED
    taught_loss(torch.zeros(5, 5, 8, 8), Teachers([Noting(1.0)]), rgb, labels)  # type: ignore[list-item]
    assert asked[0][:, 0, 0, 0].tolist() == [1, 3, 0]


def test_who_says_the_same_learns_nothing() -> None:
    logits = torch.full((2, 5, 8, 8), 1.25, requires_grad=True)
    taught_loss(logits, _teachers(1.25), RGB, _labels()).backward()
    assert logits.grad is not None
    assert float(logits.grad.abs().max()) < 1e-6


def test_a_batch_without_feet_has_no_lesson() -> None:
    labels = _labels()[1:]
    loss = taught_loss(torch.randn(1, 5, 8, 8), _teachers(0.0), RGB[:1], labels)
    assert float(loss) == 0
