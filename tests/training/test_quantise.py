"""Quantised weights: a small network whose probabilities fill 0 to 1, and figures known by hand."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from models.counting import Counting
from models.registry import find_weights
from models.runtime import OnnxRuntime
from models.segmenter import Segmentation
from models.unet import Architecture, UNet
from models.weights_info import WeightsInfo
from training.exams import Exam
from training.export import export_onnx, register
from training.labels import UNLABELLED
from training.quantise import computing_sizes, keep, quantise
from training.quantised_figures import compare, figures_table

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))


def pictures(count: int) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (64, 96, 3), dtype=np.uint8) for _ in range(count)]


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    torch.manual_seed(2)
    network = UNet(SMALL).train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.rand(2, 3, 64, 64))
        network.body.segmentation_head[0].weight.mul_(8)
    path = tmp_path_factory.mktemp("exact") / "network.onnx"
    export_onnx(network.eval(), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def quantised(exact: bytes) -> bytes:
    return quantise(exact, pictures(4))


def test_a_quarter_of_the_size_says_nearly_the_same(exact: bytes, quantised: bytes) -> None:
    assert len(quantised) < 0.4 * len(exact)
    one, other = (OnnxRuntime(content, threads=1) for content in (exact, quantised))
    assert one.description == other.description
    rgb = np.random.default_rng(5).random((2, 3, 64, 96), dtype=np.float32)
    ours, theirs = one.run(rgb), other.run(rgb)
    assert np.ptp(ours) > 0.5
    assert 0 < np.abs(ours - theirs).mean() < 0.1 * np.ptp(ours)


def test_the_first_convolution_alone_stays_in_floating_point(quantised: bytes) -> None:
    graph = onnx.load_from_string(quantised).graph
    stored = {item.name for item in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    in_float = [node.input[1] in stored for node in convolutions]
    assert in_float == [True, *[False] * (len(convolutions) - 1)]
    assert graph.node[-1].op_type == "Sigmoid"


def test_sizes_that_a_file_computes_are_not_rounded() -> None:
    """A network that pads by an amount computed in floating point."""
    make = onnx.helper.make_node
    nodes = [
        make("Conv", ["rgb", "w0", "b"], ["first"], name="first", pads=[1, 1, 1, 1]),
        make("Shape", ["first"], ["shape"], name="shape"),
        make("Cast", ["shape"], ["sizes"], name="cast", to=onnx.TensorProto.FLOAT),
        make("Mul", ["sizes", "fourth"], ["shares"], name="share"),
        make("Add", ["shares", "one"], ["amounts"], name="amount"),
        make("Cast", ["amounts"], ["before"], name="whole", to=onnx.TensorProto.INT64),
        make("Concat", ["before", "none"], ["pads"], name="pads", axis=0),
        make("Pad", ["first", "pads"], ["padded"], name="pad"),
        make("Conv", ["padded", "w1", "b"], ["second"], name="second"),
        make("Sigmoid", ["second"], ["probabilities"], name="sigmoid"),
    ]
    assert [node.name for node in computing_sizes(nodes)] == [
        "shape", "cast", "share", "amount", "whole", "pads",
    ]  # fmt: skip


def test_attention_is_quantised_though_windows_are_cut_by_computed_sizes(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = UNet(Architecture("tu-tiny_vit_5m_224", (32, 24, 16, 16), "imagenet")).eval()
    export_onnx(network, tmp_path / "network.onnx")
    made = onnx.load_from_string(quantise((tmp_path / "network.onnx").read_bytes(), pictures(2)))
    rounded = {name for node in made.graph.node if node.op_type == "DequantizeLinear" for name in node.output}
    *products, sorting = [node for node in made.graph.node if node.op_type == "Gemm"]
    assert len(products) == 40
    assert all(rounded.issuperset(node.input[:2]) for node in products)
    assert not rounded.intersection(sorting.input), "the head sorts pixels that are not rounded again"


def test_it_is_kept_beside_the_weights_it_was_made_from(
    exact: bytes, quantised: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "ulcer-unet-0.0.1.onnx"
    path.write_bytes(exact)
    register(path, "0.0.1", Counting(0.45, 0.9), tmp_path)
    weights = find_weights(folder=tmp_path)
    keep(quantised, weights, tmp_path, registered=True)
    assert find_weights(folder=tmp_path) == weights
    made = find_weights("ulcer-unet-0.0.1-int8", tmp_path)
    assert made.counting == Counting(0.45, 0.9)
    assert made.path.read_bytes() == quantised


class Fixed:
    """Finds a rectangle of ulcer, whatever it sees."""

    def __init__(self, rows: slice) -> None:
        self.weights = WeightsInfo("fixed", "0", "", Path(), Counting(0.5))
        self._rows = rows

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        ulcer = np.zeros(rgb.shape[:2], np.float32)
        ulcer[self._rows, :20] = 1
        return Segmentation(ulcer, ulcer)


def test_figures_of_a_known_difference() -> None:
    labels = np.full((40, 50, 3), UNLABELLED, np.uint8)
    labels[..., 0] = 0
    labels[:20, :20, 0] = 1
    exam = Exam("known", np.zeros((40, 50, 3), np.uint8), labels, "known")
    found = compare(Fixed(slice(0, 20)), Fixed(slice(0, 15)), [exam, exam])
    assert found.pictures == 2
    assert found.dice_exact == 1
    assert found.dice_quantised == found.dice_between == pytest.approx(2 * 300 / 700)
    assert found.area_bias == pytest.approx(-0.25)
    assert found.worst_area_change == pytest.approx(0.25)
    assert found.agreement == pytest.approx(1 - 100 / 2000)
    assert figures_table({"known": found}).row_count == 1
