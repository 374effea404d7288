import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.labels import CALLUS, FIBRIN, TISSUES, UNLABELLED
from training.losses import CHANNEL_WEIGHTS, gaps, masked_loss


def _case(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits, labels, and where each channel of the network is not known."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(2, 5, 16, 16, generator=generator)
    labels = torch.randint(0, 2, (2, 3, 16, 16), generator=generator, dtype=torch.uint8)
    labels[:, 2] = torch.randint(0, 4, (2, 16, 16), generator=generator, dtype=torch.uint8)
    unknown = torch.rand(2, 3, 16, 16, generator=generator) < 0.4
    labels[unknown] = UNLABELLED
    return logits, labels, torch.cat([unknown[:, :2], unknown[:, 2:].expand(-1, 3, -1, -1)], dim=1)


def _answer(labels: torch.Tensor) -> torch.Tensor:
    """Logits of who knows the labels by heart."""
    true = [labels[:, 0] == 1, labels[:, 1] == 1, *(labels[:, 2] == tissue for tissue in TISSUES)]
    return torch.where(torch.stack(true, dim=1), 8.0, -8.0)


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
    moved = logits.clone()
    moved[:, 1] += 3
    assert float(masked_loss(moved, labels)) == float(masked_loss(logits, labels))


def test_a_right_answer_costs_less_than_a_wrong_one() -> None:
    _, labels, _ = _case(7)
    right = _answer(labels)
    assert float(masked_loss(right, labels)) < 0.05
    assert float(masked_loss(-right, labels)) > 5


def test_each_tissue_has_its_own_channel() -> None:
    labels = torch.zeros(1, 3, 16, 16, dtype=torch.uint8)
    labels[0, 2, :8], labels[0, 2, 8:] = FIBRIN, CALLUS
    right = _answer(labels)
    swapped = right[:, [0, 1, 4, 3, 2]]
    assert float(masked_loss(right, labels)) < 0.01
    assert float(masked_loss(swapped, labels)) > 10 * CHANNEL_WEIGHTS[2]


def test_false_alarms_on_clean_photos_cost() -> None:
    labels = torch.zeros(1, 3, 16, 16, dtype=torch.uint8)
    quiet, loud = torch.full((1, 5, 16, 16), -6.0), torch.full((1, 5, 16, 16), 2.0)
    assert float(masked_loss(quiet, labels)) < 0.01
    assert float(masked_loss(loud, labels)) > 1
    assert np.isfinite(float(masked_loss(loud, labels)))


def _bridged(gap_px: int) -> torch.Tensor:
    """An ulcer of 80 pixels across, split by a bridge."""
    labels = torch.zeros(1, 3, 120, 120, dtype=torch.uint8)
    labels[:, 1] = 1
    labels[:, 0, 20:100, 20:100] = 1
    labels[:, 0, :, 60 : 60 + gap_px] = 0
    return labels


def test_a_bridge_and_its_borders_are_a_gap() -> None:
    gap = gaps(_bridged(8))[0, 0]
    assert (gap[40:80, 58:70] == 1).all()
    assert (gap[40:80, 30:50] == 0).all()  # within the ulcer
    assert (gap[:, :10] == 0).all()


def test_what_is_wide_is_no_gap() -> None:
    assert (gaps(_bridged(24))[0, 0, 40:80] == 0).all()


def test_an_island_is_a_gap() -> None:
    labels = _bridged(0)
    labels[:, 0, 55:65, 55:65] = 0
    assert (gaps(labels)[0, 0, 55:65, 55:65] == 1).all()


def test_on_photos_of_feet_there_are_none() -> None:
    labels = _bridged(8)
    labels[:, 1] = UNLABELLED
    assert (gaps(labels) == 0).all()


def test_painting_over_a_bridge_costs_more_than_as_much_beside_the_ulcer() -> None:
    labels = _bridged(8)
    over, beside = _answer(labels), _answer(labels)
    over[:, 0, 40:80, 60:68] = 8.0
    beside[:, 0, 40:80, 4:12] = 8.0
    assert float(masked_loss(over, labels)) > 2 * float(masked_loss(beside, labels))
