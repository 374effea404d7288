import copy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from models.architecture import Description
from models.counting import Counting
from models.registry import AlteredWeightsError, find_weights, load_segmenter
from models.runtime import OnnxRuntime
from models.unet import CHANNELS, Architecture, Probabilities, UNet
from training.export import PARITY, export_onnx, parity, register
from training.quantise import computing_sizes
from training.temperature import Temperature

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


@pytest.fixture(scope="module")
def exported(network: UNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "network.onnx"
    assert export_onnx(network, path) < PARITY
    return path


def test_the_exported_network_takes_any_count_and_size(exported: Path) -> None:
    session = onnxruntime.InferenceSession(exported.read_bytes(), providers=["CPUExecutionProvider"])
    for size in ((1, 3, 32, 96), (2, 3, 160, 128)):
        (found,) = session.run(None, {"rgb": np.random.default_rng(0).random(size, dtype=np.float32)})
        assert found.shape == (size[0], len(CHANNELS), *size[2:])


def test_the_file_says_what_it_is(exported: Path) -> None:
    runtime = OnnxRuntime(exported.read_bytes(), threads=1)
    assert runtime.description == Description(CHANNELS, SMALL)


@pytest.mark.parametrize(
    ("architecture", "needed"),
    [
        (SMALL, {"Conv", "Resize"}),
        (Architecture("tu-tf_efficientnet_lite0", SMALL.decoder_channels, "tensorflow"), {"Conv", "Pad"}),
    ],
    ids=lambda given: given.encoder if isinstance(given, Architecture) else "",
)
def test_nothing_in_the_graph_depends_on_the_size(
    architecture: Architecture, needed: set[str], tmp_path: Path
) -> None:
    export_onnx(UNet(architecture).eval(), tmp_path / "network.onnx")
    nodes = list(onnx.load(str(tmp_path / "network.onnx")).graph.node)
    made_of_the_picture, kinds = {"rgb"}, set()
    sizes = {node.name for node in computing_sizes(nodes)}
    of_sizes = {name for node in nodes if node.name in sizes for name in node.output}
    for node in nodes:
        if made_of_the_picture & set(node.input) and node.name not in sizes:
            made_of_the_picture |= set(node.output)
            kinds.add(node.op_type)
            # pixels are interleaved by size, behind the convolutions; nothing is padded or enlarged so
            assert not of_sizes & set(node.input) or node.op_type == "Reshape"
    assert needed <= kinds


def test_parity_sees_another_network(exported: Path) -> None:
    torch.manual_seed(3)
    assert parity(Probabilities(UNet(SMALL)).eval(), exported) > PARITY


def test_what_must_not_become_the_default_stands_before_it(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(exported.read_bytes())
    register(path, "0.0.1", Counting(0.45), tmp_path)
    register(path, "0.0.1-int8", Counting(0.45), tmp_path, default=False)
    assert find_weights(folder=tmp_path).version == find_weights("ulcer-unet", tmp_path).version == "0.0.1"
    quantised = find_weights("ulcer-unet-0.0.1-int8", tmp_path)
    assert quantised.card_path == find_weights(folder=tmp_path).card_path


def test_what_is_registered_is_found_and_guarded(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(exported.read_bytes())
    register(path, "0.0.1", Counting(0.45), tmp_path)
    sha256 = register(path, "0.0.2", Counting(0.4, 0.9), tmp_path, digit_certainty=0.7)
    newest = find_weights(folder=tmp_path)
    assert newest.digit_counting == Counting(0.4, 0.7)
    assert find_weights("ulcer-unet-0.0.1", tmp_path).digit_counting == Counting(0.45)
    assert (newest.version, newest.sha256, newest.counting) == ("0.0.2", sha256, Counting(0.4, 0.9))
    found = load_segmenter(folder=tmp_path).segment(np.zeros((64, 64, 3), np.uint8))
    assert found.ulcer.shape == (64, 64)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AlteredWeightsError):
        load_segmenter("ulcer-unet-0.0.1", folder=tmp_path)


@torch.no_grad()
def test_a_temperature_becomes_part_of_the_head(network: UNet) -> None:
    calibrated, rgb = copy.deepcopy(network), torch.rand(1, 3, 64, 96)
    temperature = Temperature(2.5, 0.3)
    calibrated.calibrate(0, temperature.temperature, temperature.offset)
    before, after = (torch.sigmoid(one(rgb)).numpy()[0] for one in (network, calibrated))
    np.testing.assert_allclose(after[0], temperature(before[0]), atol=1e-5)
    np.testing.assert_array_equal(after[1:], before[1:])
