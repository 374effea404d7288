"""The convolutions of an exported file, and the layers of a torch network that they belong to.

The export folds every batch normalisation into the convolution before it, and keeps the order of use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from models.architecture import Description
from models.unet import UNet

EXAMPLE_PX = 64
"""Side of the picture that is sent through the network to learn the order of its layers."""

Convolution = tuple[torch.Tensor, torch.Tensor]
"""Weight and bias."""


class OtherArchitectureError(ValueError):
    """The file's convolutions are not the network's."""


def read_folded(content: bytes) -> tuple[Description, list[Convolution]]:
    """What an exported file says of itself, and its convolutions in order of use.

    Parameters
    ----------
    content : bytes
        ONNX file written by `training.export.export_onnx`.

    Raises
    ------
    OtherArchitectureError
        If a convolution's weight or bias is not stored as it is used: the file is quantised.
    """
    model = onnx.load_from_string(content)
    constants = {item.name: item for item in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type == "Conv"]
    if not all(name in constants for node in nodes for name in node.input[1:3]):
        raise OtherArchitectureError("the exported file does not hold its convolutions in floating point")
    folded = [
        (_tensor(constants[weight]), _tensor(constants[bias]))
        for weight, bias in (node.input[1:3] for node in nodes)
    ]
    return Description.read({item.key: item.value for item in model.metadata_props}), folded


def _tensor(constant: onnx.TensorProto) -> torch.Tensor:
    return torch.from_numpy(numpy_helper.to_array(constant).copy())


@torch.no_grad()
def in_order_of_use(network: UNet, folded: list[Convolution]) -> tuple[list[nn.Conv2d], list[nn.BatchNorm2d]]:
    """Convolutions and normalisations as one picture meets them; all but the last convolution have one.

    Parameters
    ----------
    network : UNet
        In evaluation mode.
    folded : list of Convolution
        Of the file, from `read_folded`: one for each convolution of the network.

    Raises
    ------
    OtherArchitectureError
        If number or shapes of the convolutions differ.
    """
    seen: list[nn.Module] = []
    with watching(network, lambda module, _: seen.append(module)):
        network(torch.zeros(1, 3, EXAMPLE_PX, EXAMPLE_PX, device=next(network.parameters()).device))
    convolutions = [module for module in seen if isinstance(module, nn.Conv2d)]
    norms = [module for module in seen if isinstance(module, nn.BatchNorm2d)]
    shapes = [tuple(layer.weight.shape) for layer in convolutions]
    if shapes != [tuple(weight.shape) for weight, _ in folded] or len(norms) != len(convolutions) - 1:
        raise OtherArchitectureError("the exported file belongs to a network of another architecture")
    return convolutions, norms


@contextmanager
def watching(network: UNet, look: Callable[[nn.Module, torch.Tensor], None]) -> Iterator[None]:
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
def folded_network(description: Description, folded: list[Convolution]) -> UNet:
    """The file's network in torch, with no normalisations: they are in its convolutions.

    Parameters
    ----------
    description : Description
        Of the file, with its architecture.
    folded : list of Convolution
        Of the file.

    Raises
    ------
    OtherArchitectureError
        If the file does not say of what architecture it is, or is of another.
    """
    if description.architecture is None:
        raise OtherArchitectureError("the exported file does not say of what architecture it is")
    network = UNet(description.architecture, description.channels).eval()
    convolutions, _ = in_order_of_use(network, folded)
    for layer, (weight, bias) in zip(convolutions, folded, strict=True):
        layer.weight, layer.bias = nn.Parameter(weight), nn.Parameter(bias)
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.BatchNorm2d):
                # timm's normalisations hold the activation that comes after them
                setattr(module, name, getattr(child, "act", nn.Identity()))
    return network.requires_grad_(False)
