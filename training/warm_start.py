"""Going on from registered weights: an exported file, taken back into a network that can be trained.

The export folds every batch normalisation into the convolution before it. Taking the convolutions back is
easy; the normalisations are made anew, with the statistics of given pictures, and scaled so that together
they do nothing. In evaluation the network then says what the file says, and in training, where statistics
come from the batch, nearly so.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from models.folded import Convolution, OtherArchitectureError, in_order_of_use, read_folded, watching
from models.unet import UNet


def warm_start(network: UNet, exported: Path, pictures: torch.Tensor) -> None:
    """Give a network the weights of an exported file.

    Parameters
    ----------
    network : UNet
        Of the same architecture; changed in place.
    exported : Path
        ONNX file written by `training.export.export_onnx`.
    pictures : torch.Tensor, shape (N, 3, H, W), float
        sRGB in 0–1, as training shows them; H and W multiples of 32. Their statistics become the
        normalisations' own.

    Raises
    ------
    OtherArchitectureError
        If number or shapes of the convolutions differ.
    """
    was_training = network.training
    network.eval()
    _, folded = read_folded(exported.read_bytes())
    convolutions, norms = in_order_of_use(network, folded)
    _take_convolutions(convolutions, norms, folded)
    statistics = _statistics(network, norms, pictures)
    for norm, (mean, variance) in statistics.items():
        _normalise(norm, mean, variance)
    network.train(was_training)


@torch.no_grad()
def _take_convolutions(
    convolutions: list[nn.Conv2d], norms: list[nn.BatchNorm2d], folded: list[Convolution]
) -> None:
    """Weights into the convolutions, biases into normalisations that do nothing else (the head keeps its)."""
    for layer, (weight, _) in zip(convolutions, folded, strict=True):
        layer.weight.copy_(weight)
    for norm, (_, bias) in zip(norms, folded, strict=False):
        norm.running_mean, norm.running_var = torch.zeros_like(bias), torch.ones_like(bias)
        norm.weight.copy_(torch.full_like(bias, (1 + norm.eps) ** 0.5))
        norm.bias.copy_(bias)
    head = convolutions[-1].bias
    if head is None:
        raise OtherArchitectureError("the network's head has no bias")
    head.copy_(folded[-1][1])


@torch.inference_mode()
def _statistics(
    network: UNet, norms: list[nn.BatchNorm2d], pictures: torch.Tensor
) -> dict[nn.BatchNorm2d, tuple[torch.Tensor, torch.Tensor]]:
    """Mean and variance of what enters each normalisation, shape (C,) each, over all pictures."""
    sums = {norm: torch.zeros(2, norm.num_features, dtype=torch.float64) for norm in norms}
    counts = dict.fromkeys(norms, 0)

    def add(module: nn.Module, entering: torch.Tensor) -> None:
        if isinstance(module, nn.BatchNorm2d):
            values = entering.double()
            sums[module] += torch.stack([values.sum((0, 2, 3)), values.square().sum((0, 2, 3))]).cpu()
            counts[module] += entering.numel() // module.num_features

    device = next(network.parameters()).device
    with watching(network, add):
        for picture in pictures:
            network(picture[None].to(device))
    means = {norm: total / counts[norm] for norm, total in sums.items()}
    return {
        norm: (mean[0].float(), (mean[1] - mean[0].square()).clamp(min=0).float())
        for norm, mean in means.items()
    }


@torch.no_grad()
def _normalise(norm: nn.BatchNorm2d, mean: torch.Tensor, variance: torch.Tensor) -> None:
    """Give a normalisation its statistics, and the scale and shift that undo them."""
    mean, variance = mean.to(norm.bias.device), variance.to(norm.bias.device)
    norm.running_mean, norm.running_var = mean.clone(), variance.clone()
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.add_(mean)
