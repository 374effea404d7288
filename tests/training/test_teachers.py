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


def test_feet_alone_are_taught() -> None:
    logits = torch.zeros(2, 5, 8, 8, requires_grad=True)
    taught_loss(logits, torch.full((2, 2, 8, 8), 0.9), _labels()).backward()
    assert logits.grad is not None
    assert (logits.grad[0, :2] < 0).all()
    assert (logits.grad[1] == 0).all()
    assert (logits.grad[0, 2:] == 0).all()


def test_who_says_the_same_learns_nothing() -> None:
    logits = torch.randn(2, 5, 8, 8, generator=torch.Generator().manual_seed(1)).requires_grad_()
    taught_loss(logits, torch.sigmoid(logits[:, :2]).detach(), _labels()).backward()
    assert logits.grad is not None
    assert float(logits.grad.abs().max()) < 1e-6


def test_a_batch_without_feet_has_no_lesson() -> None:
    labels = _labels()[1:]
    loss = taught_loss(torch.randn(1, 5, 8, 8), torch.full((1, 2, 8, 8), 0.5), labels)
    assert float(loss) == 0
