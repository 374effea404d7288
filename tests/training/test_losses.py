import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.datasets import UNLABELLED
from training.losses import masked_loss


def _case(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(2, 2, 16, 16, generator=generator)
    labels = torch.randint(0, 2, (2, 2, 16, 16), generator=generator, dtype=torch.uint8)
    unknown = torch.rand(2, 2, 16, 16, generator=generator) < 0.4
    labels[unknown] = UNLABELLED
    return logits, labels, unknown


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-50, 50))
def test_unlabelled_pixels_do_not_change_the_loss(seed: int, shift: float) -> None:
    logits, labels, unknown = _case(seed)
    moved = torch.where(unknown, logits + shift, logits)
    assert float(masked_loss(moved, labels)) == pytest.approx(float(masked_loss(logits, labels)), rel=1e-6)


def test_unlabelled_pixels_have_no_gradient() -> None:
    logits, labels, unknown = _case(3)
    logits.requires_grad_(True)
    masked_loss(logits, labels).backward()
    assert logits.grad is not None
    assert torch.all(logits.grad[unknown] == 0)
    assert torch.any(logits.grad[~unknown] != 0)


def test_a_channel_that_nobody_labelled_costs_nothing() -> None:
    logits, labels, _ = _case(5)
    labels[:, 1] = UNLABELLED
    without = masked_loss(logits, labels, (1.0, 0.0))
    assert float(masked_loss(logits, labels)) == pytest.approx(float(without))


def test_a_right_answer_costs_less_than_a_wrong_one() -> None:
    _, labels, _ = _case(7)
    right = torch.where(labels == 1, 8.0, -8.0)
    assert float(masked_loss(right, labels)) < 0.05
    assert float(masked_loss(-right, labels)) > 5


def test_false_alarms_on_clean_photos_cost() -> None:
    labels = torch.zeros(1, 2, 16, 16, dtype=torch.uint8)
    quiet, loud = torch.full((1, 2, 16, 16), -6.0), torch.full((1, 2, 16, 16), 2.0)
    assert float(masked_loss(quiet, labels)) < 0.01
    assert float(masked_loss(loud, labels)) > 1
    assert np.isfinite(float(masked_loss(loud, labels)))
