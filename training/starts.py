"""What a network starts from: a pretrained encoder, or an earlier run's network of a like architecture."""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn import functional

from models.unet import UNet
from training.runs import BEST

BIASES = ".attention_biases"
"""What the names of an attention's biases end in: one for each head and pair of offsets, down and across."""


def start(network: UNet, encoder: Path | None, run: Path | None) -> None:
    """Start from one of the two, or from neither.

    Raises
    ------
    ValueError
        If both are given.
    """
    if encoder is not None and run is not None:
        raise ValueError("a network starts from an encoder or from a run, not from both")
    if encoder is not None:
        start_from_encoder(network, encoder)
    if run is not None:
        start_from_run(network, run)


def start_from_encoder(network: UNet, path: Path) -> None:
    """Start from a pretrained encoder.

    Parameters
    ----------
    network : UNet
        Changed in place.
    path : Path
        safetensors file with the encoder's state dict, keys as in segmentation-models-pytorch.
    """
    from safetensors.torch import load_file  # noqa: PLC0415  needed for training only

    encoder = network.body.encoder
    encoder.load_state_dict(_fitting(load_file(path), encoder.state_dict()))


def start_from_run(network: UNet, run: Path) -> None:
    """Start from the best weights of an earlier run, for example one at another scale.

    What the earlier network does not have (a last block that looks at the picture) starts untrained.

    Parameters
    ----------
    network : UNet
        Changed in place.
    run : Path
        The earlier run's folder.

    Raises
    ------
    ValueError
        If its encoder is another one.
    """
    earlier = torch.load(run / BEST, map_location="cpu", weights_only=True)
    fitting = _fitting(earlier, network.state_dict())
    if not all(name in fitting for name in network.state_dict() if name.startswith("body.encoder.")):
        raise ValueError(f"the network of {run} has another encoder")
    network.load_state_dict(fitting, strict=False)


def _fitting(given: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Of given weights those that a network has too, biases of attention brought to its windows."""
    common = {name: value for name, value in given.items() if name in wanted}
    brought = {
        name: _offsets(value, wanted[name].shape[1]) if name.endswith(BIASES) else value
        for name, value in common.items()
    }
    return {name: value for name, value in brought.items() if value.shape == wanted[name].shape}


def _offsets(biases: torch.Tensor, wanted: int) -> torch.Tensor:
    """Biases of windows of another side: further offsets than were learnt begin as the furthest known.

    Parameters
    ----------
    biases : torch.Tensor, shape (heads, side * side)
        By offset, rows first.
    wanted : int
        Square of the side that is wanted.
    """
    known, side = (round(count**0.5) for count in (biases.shape[1], wanted))
    square = biases.reshape(1, -1, known, known)[..., :side, :side]
    more = side - square.shape[-1]
    return functional.pad(square, (0, more, 0, more), mode="replicate").reshape(-1, wanted)
