"""The loss: binary cross-entropy and soft Dice over the pixels that a data set labels, and no others."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.labels import TISSUES, UNLABELLED

DICE_SMOOTHING = 20.0
"""Pixels added to both sides of the soft Dice: an ulcer of a few pixels must not outweigh a batch."""

CHANNEL_WEIGHTS = (1.0, 0.5, 0.05, 0.05, 0.05)
"""Weights of ulcer, skin and the tissues: tissue is exploratory and must not bend the outline."""


GAP_PX = 17
"""Gaps and holes in an ulcer up to this wide have a loss of their own: bridges and islands of new skin, 0.4
to 1.8 mm."""

AROUND_PX = 9
"""Their borders on either side belong to it (half of this reaches into the ulcer), so that the border itself
is drawn to neither."""

GAP_WEIGHT = 0.2
"""Of the mean cross-entropy there. Without it a network leaves them out: trained long, it still painted over
62 to 69 % of the new skin in the scenes that it had been trained on, for a pixel there moved the soft Dice by
eighty times what it moved the cross-entropy of a batch. The idea is that of the first U-Net's weight map
between touching cells (Ronneberger et al. 2015, arXiv:1505.04597)."""

LEAST_GAP_PX = 1000
"""Pixels that the mean is taken over at least: a batch with one crumb of a gap must not turn about it."""


def masked_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Loss over the labelled pixels of a batch.

    Parameters
    ----------
    logits : torch.Tensor, shape (N, 5, H, W)
        The network's output.
    labels : torch.Tensor, shape (N, 3 or more, H, W), uint8
        Ulcer, skin and tissue as in `LabelledPhoto`; what follows has no influence.

    Returns
    -------
    torch.Tensor, shape ()
        Weighted sum over channels of cross-entropy (mean over labelled pixels) plus soft Dice (mean over the
        photos that show the class); and of the ulcer's channel the cross-entropy about `gaps`. Unlabelled
        pixels have no influence on the value or the gradient.
    """
    known, target = _targets(labels)
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * known
    entropy = cross_entropy.sum(dim=(0, 2, 3)) / known.sum(dim=(0, 2, 3)).clamp(min=1)
    weights = torch.tensor(CHANNEL_WEIGHTS, device=logits.device)
    about = gaps(labels)
    of_gaps = (cross_entropy[:, :1] * about).sum() / about.sum().clamp(min=LEAST_GAP_PX)
    return (weights * (entropy + _soft_dice(logits, target, known))).sum() + GAP_WEIGHT * of_gaps


def gaps(labels: torch.Tensor) -> torch.Tensor:
    """Narrow gaps and holes of ulcers with their borders: 1 there, else 0.

    Parameters
    ----------
    labels : torch.Tensor, shape (N, 3 or more, H, W), uint8
        As in `LabelledPhoto`. Only where the skin is labelled is an outline true to a gap: on photos of feet
        people outlined over them.

    Returns
    -------
    torch.Tensor, shape (N, 1, H, W), float32
    """
    ulcer = (labels[:, :1] == 1).float()
    closed = -_widened(-_widened(ulcer, GAP_PX), GAP_PX)
    return _widened(closed - ulcer, AROUND_PX) * (labels[:, 1:2] != UNLABELLED)


def _widened(mask: torch.Tensor, size_px: int) -> torch.Tensor:
    """The largest value within a square, rows and columns in turn: as one square, and many times faster."""
    rows = functional.max_pool2d(mask, (size_px, 1), stride=1, padding=(size_px // 2, 0))
    return functional.max_pool2d(rows, (1, size_px), stride=1, padding=(0, size_px // 2))


def _targets(labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What is known and what is true, shape (N, 5, H, W) each, of every channel of the network."""
    tissue = labels[:, 2:3]
    each = torch.tensor(TISSUES, device=labels.device)[None, :, None, None]
    known = torch.cat(
        [labels[:, :2] != UNLABELLED, (tissue != UNLABELLED).expand(-1, len(TISSUES), -1, -1)], 1
    )
    target = torch.cat([labels[:, :2] == 1, tissue == each], 1)
    return known.float(), target.float()


def _soft_dice(logits: torch.Tensor, target: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """One minus soft Dice per channel, shape (C,), averaged over the photos in which the class is seen."""
    probability = torch.sigmoid(logits) * known
    overlap = (probability * target).sum(dim=(2, 3))
    total = probability.sum(dim=(2, 3)) + target.sum(dim=(2, 3))
    dice = (2 * overlap + DICE_SMOOTHING) / (total + DICE_SMOOTHING)
    shown = (target.sum(dim=(2, 3)) > 0).float()
    return ((1 - dice) * shown).sum(dim=0) / shown.sum(dim=0).clamp(min=1)
