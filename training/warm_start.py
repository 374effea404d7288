"""Going on from registered weights: an exported file, taken back into a network that can be trained.

The export folds every batch normalisation into the convolution before it. Taking the convolutions back is
easy; the normalisations are made anew, with the statistics of given pictures, and scaled so that together
they do nothing. In evaluation the network then says what the file says, and in training, where statistics
come from the batch, nearly so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from models.unet import UNet

EXAMPLE_PX = 64
"""Side of the picture that is sent through the network to learn the order of its layers."""


class OtherArchitectureError(ValueError):
    """The file's convolutions are not the network's."""


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
    convolutions, norms = _in_order_of_use(network)
    _take_convolutions(convolutions, norms, _folded(exported))
    statistics = _statistics(network, norms, pictures)
    for norm, (mean, variance) in statistics.items():
        _normalise(norm, mean, variance)
    network.train(was_training)


def _folded(exported: Path) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Weight and bias of every convolution of the file, in order of use."""
    graph = onnx.load(str(exported)).graph
    constants = {
        item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in graph.initializer
    }
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    return [(constants[node.input[1]], constants[node.input[2]]) for node in nodes]


@torch.no_grad()
def _in_order_of_use(network: UNet) -> tuple[list[nn.Conv2d], list[nn.BatchNorm2d]]:
    """Convolutions and normalisations as one picture meets them; all but the last convolution have one."""
    seen: list[nn.Module] = []
    with _watching(network, lambda module, _: seen.append(module)):
        network(torch.zeros(1, 3, EXAMPLE_PX, EXAMPLE_PX, device=next(network.parameters()).device))
    convolutions = [module for module in seen if isinstance(module, nn.Conv2d)]
    return convolutions, [module for module in seen if isinstance(module, nn.BatchNorm2d)]


@contextmanager
def _watching(network: UNet, look: Callable[[nn.Module, torch.Tensor], None]) -> Iterator[None]:
    """Within it, `look` gets every convolution and normalisation that is run, with what goes in."""
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d | nn.BatchNorm2d)]
    handles = [
        layer.register_forward_pre_hook(lambda module, inputs: look(module, inputs[0])) for layer in layers
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@torch.no_grad()
def _take_convolutions(
    convolutions: list[nn.Conv2d],
    norms: list[nn.BatchNorm2d],
    folded: list[tuple[torch.Tensor, torch.Tensor]],
) -> None:
    """Weights into the convolutions, biases into normalisations that do nothing else (the head keeps its)."""
    shapes = [tuple(layer.weight.shape) for layer in convolutions]
    if shapes != [tuple(weight.shape) for weight, _ in folded] or len(norms) != len(convolutions) - 1:
        raise OtherArchitectureError("the exported file belongs to a network of another architecture")
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
    with _watching(network, add):
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
