import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from models.architecture import CHANNELS
from models.registry import load_segmenter
from models.runtime import OnnxRuntime, UnsuitableWeightsError
from models.segmenter import NetworkSegmenter
from models.torch_runtime import TorchRuntime
from models.unet import Architecture, UNet
from models.weights_info import WeightsInfo
from training.export import export_onnx

PARITY = 1e-3


def test_both_runtimes_say_the_same_of_the_same_pictures(small_weights: WeightsInfo) -> None:
    content = small_weights.path.read_bytes()
    onnx_runtime, torch_runtime = OnnxRuntime(content, threads=1), TorchRuntime(content)
    assert torch_runtime.description == onnx_runtime.description
    assert torch_runtime.description.channels == CHANNELS
    rng = np.random.default_rng(0)
    for size in ((1, 3, 64, 96), (3, 3, 160, 128)):
        rgb = rng.random(size, dtype=np.float32)
        ours, theirs = onnx_runtime.run(rgb), torch_runtime.run(rgb)
        assert ours.shape == theirs.shape == (size[0], len(CHANNELS), *size[2:])
        assert np.ptp(ours) > 0.5, "probabilities that are all alike would agree whatever happened"
        assert np.abs(ours - theirs).max() < PARITY


def test_attention_is_laid_back_too(tmp_path: Path) -> None:
    torch.manual_seed(4)
    network = UNet(Architecture("tu-tiny_vit_5m_224", (32, 24, 16, 16), "imagenet")).eval()
    export_onnx(network, tmp_path / "network.onnx")
    content = (tmp_path / "network.onnx").read_bytes()
    rgb = np.random.default_rng(0).random((1, 3, 96, 160), dtype=np.float32)
    assert np.abs(OnnxRuntime(content, threads=1).run(rgb) - TorchRuntime(content).run(rgb)).max() < PARITY


def test_torch_gives_the_same_bytes_again(small_weights: WeightsInfo) -> None:
    content = small_weights.path.read_bytes()
    rgb = np.random.default_rng(1).integers(0, 256, (150, 170, 3), dtype=np.uint8)
    first, fresh = (NetworkSegmenter(small_weights, TorchRuntime(content)) for _ in range(2))
    assert first.segment(rgb).ulcer.tobytes() == first.segment(rgb).ulcer.tobytes()
    assert first.segment(rgb).ulcer.tobytes() == fresh.segment(rgb).ulcer.tobytes()


def test_the_registered_network_says_the_same_in_torch() -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (256, 192, 3), dtype=np.uint8)
    ours, theirs = load_segmenter().segment(rgb), load_segmenter(runtime="torch").segment(rgb)
    assert np.abs(ours.ulcer - theirs.ulcer).max() < PARITY
    assert np.abs(ours.skin - theirs.skin).max() < PARITY


def test_a_file_of_another_architecture_is_refused(small_file: Path) -> None:
    model = onnx.load(str(small_file))
    for entry in model.metadata_props:
        entry.value = entry.value.replace("[32, 24, 16, 16]", "[32, 24, 16, 24]")
    with pytest.raises(UnsuitableWeightsError, match="another architecture"):
        TorchRuntime(model.SerializeToString())


def test_without_torch_one_is_told_what_to_install() -> None:
    code = """
import sys
sys.modules["torch"] = None
import models.registry as registry
try:
    registry.load_segmenter(runtime="torch")
except registry.RuntimeUnavailableError as error:
    told = str(error)
    sys.exit(0 if "needs torch" in told and "pip install 'planimeter[torch]'" in told else told)
sys.exit("no error")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
