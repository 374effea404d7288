from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from models.registry import AlteredWeightsError, find_weights, load_segmenter
from models.unet import CHANNELS, Architecture, Probabilities, UNet
from training.export import PARITY, export_onnx, parity, register

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))


@pytest.fixture(scope="module")
def network() -> UNet:
    torch.manual_seed(2)
    network = UNet(SMALL)
    network.train()
    with torch.no_grad():
        for _ in range(3):  # statistics of the normalisation layers, so that outputs differ from one half
            network(torch.rand(2, 3, 64, 64))
    return network.eval()


def test_the_exported_network_says_what_torch_says(network: UNet, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    assert export_onnx(network, path) < PARITY
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    for size in ((32, 96), (160, 128)):
        (found,) = session.run(
            None, {"rgb": np.random.default_rng(0).random((1, 3, *size), dtype=np.float32)}
        )
        assert found.shape == (1, len(CHANNELS), *size)


def test_parity_sees_another_network(network: UNet, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    export_onnx(network, path)
    torch.manual_seed(3)
    assert parity(Probabilities(UNet(SMALL)).eval(), path) > PARITY


def test_what_is_registered_is_found_and_guarded(network: UNet, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    export_onnx(network, path)
    register(path, "0.0.1", 0.45, tmp_path)
    sha256 = register(path, "0.0.2", 0.4, tmp_path)
    newest = find_weights(folder=tmp_path)
    assert (newest.version, newest.sha256, newest.ulcer_threshold) == ("0.0.2", sha256, 0.4)
    found = load_segmenter(folder=tmp_path).segment(np.zeros((64, 64, 3), np.uint8))
    assert found.ulcer.shape == (64, 64)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AlteredWeightsError):
        load_segmenter("ulcer-unet-0.0.1", folder=tmp_path)
