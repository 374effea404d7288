"""The loss: binary cross-entropy and soft Dice over the pixels that a data set labels, and no others."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.datasets import UNLABELLED

DICE_SMOOTHING = 20.0
"""Pixels added to both sides of the soft Dice: an ulcer of a few pixels must not outweigh a batch."""


def masked_loss(
    logits: torch.Tensor, labels: torch.Tensor, channel_weights: tuple[float, ...] = (1.0, 0.5)
) -> torch.Tensor:
    """Loss over the labelled pixels of a batch.

    Parameters
    ----------
    logits : torch.Tensor, shape (N, C, H, W)
        The network's output.
    labels : torch.Tensor, shape (N, C, H, W), uint8
        0, 1 or `UNLABELLED`.
    channel_weights : tuple of float
        Weight of each channel.

    Returns
    -------
    torch.Tensor, shape ()
        Weighted sum over channels of cross-entropy (mean over labelled pixels) plus soft Dice (mean over the
        photos that show the class). Unlabelled pixels have no influence on the value or the gradient.
    """
    known = (labels != UNLABELLED).float()
    target = (labels == 1).float()
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * known
    entropy = cross_entropy.sum(dim=(0, 2, 3)) / known.sum(dim=(0, 2, 3)).clamp(min=1)
    weights = torch.tensor(channel_weights, device=logits.device)
    return (weights * (entropy + _soft_dice(logits, target, known))).sum()


def _soft_dice(logits: torch.Tensor, target: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """One minus soft Dice per channel, shape (C,), averaged over the photos in which the class is seen."""
    probability = torch.sigmoid(logits) * known
    overlap = (probability * target).sum(dim=(2, 3))
    total = probability.sum(dim=(2, 3)) + target.sum(dim=(2, 3))
    dice = (2 * overlap + DICE_SMOOTHING) / (total + DICE_SMOOTHING)
    shown = (target.sum(dim=(2, 3)) > 0).float()
    return ((1 - dice) * shown).sum(dim=0) / shown.sum(dim=0).clamp(min=1)
