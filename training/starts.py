"""What a network starts from: a pretrained encoder, or an earlier run's network."""

from __future__ import annotations

from pathlib import Path

from models.unet import UNet
from training.runs import load_best


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

    network.body.encoder.load_state_dict(load_file(path))


def start_from_run(network: UNet, run: Path) -> None:
    """Start from the best weights of an earlier run, for example to go on with photographs of another clinic.

    Parameters
    ----------
    network : UNet
        Changed in place.
    run : Path
        The earlier run's folder.

    Raises
    ------
    ValueError
        If its network is another one.
    """
    earlier = load_best(run)
    if earlier.architecture != network.architecture:
        raise ValueError(f"the network of {run} is another one: {earlier.architecture}")
    network.load_state_dict(earlier.state_dict())
