from pathlib import Path

import numpy as np
import pytest
import torch

from models.architecture import CHANNELS, Description
from models.counting import Counting
from models.segmenter import OnnxSegmenter
from models.unet import Architecture, UNet
from models.weights_info import WeightsInfo
from training.datasets import PhotoLibrary
from training.export import describe, export_onnx
from training.labels import TISSUES
from training.selection import predict
from training.splits import names_of
from training.tissue import read_tissue_matches
from training.tissue_exam import tissue_figures, tissue_reader


@pytest.fixture
def network() -> UNet:
    torch.manual_seed(0)
    return UNet(Architecture(decoder_channels=(32, 24, 16, 16))).eval()


@pytest.fixture
def exported(network: UNet, tmp_path: Path) -> Path:
    export_onnx(network, tmp_path / "network.onnx")
    return tmp_path / "network.onnx"


def _segmenter(path: Path) -> OnnxSegmenter:
    return OnnxSegmenter(WeightsInfo("random", "0", "", path, Counting(0.5)), path.read_bytes())


def test_the_tissue_head_is_read(network: UNet, exported: Path) -> None:
    read = tissue_reader(_segmenter(exported))
    assert read is not None
    rgb = np.random.default_rng(1).integers(0, 256, (70, 100, 3), dtype=np.uint8)
    found = read(rgb)
    assert found.shape == (3, 70, 100)
    assert np.abs(found - predict(network, rgb)[2:]).max() < 0.05  # torch predicts in bfloat16


def test_a_file_that_does_not_say_that_it_knows_tissue_is_not_asked(network: UNet, exported: Path) -> None:
    describe(exported, Description(CHANNELS[:2], network.architecture))
    assert tissue_reader(_segmenter(exported)) is None


def test_who_knows_the_tissue_by_heart_is_right_on_every_crop(library: PhotoLibrary) -> None:
    crops = read_tissue_matches(library.folder / "tissue" / "match.csv")
    photos = [library.load("fuseg", name) for name in names_of("fuseg", "report") if name in crops]
    known = {photo.rgb.tobytes(): photo.labels[..., 2] for photo in photos}

    def by_heart(rgb: np.ndarray) -> np.ndarray:
        label = known[rgb.tobytes()]
        return np.stack([label == tissue for tissue in TISSUES]).astype(np.float32)

    found = tissue_figures(by_heart, library, "report")
    assert found["images"] == len(names_of("tissue", "report"))
    assert found["granulation"]["dice_image_mean"] == found["granulation"]["dice_pooled"] == [1.0, 1.0, 1.0]  # type: ignore[index]
    assert 0 < found["callus"]["images"] <= found["images"]  # type: ignore[index, operator]
    swapped = tissue_figures(lambda rgb: by_heart(rgb)[[1, 0, 2]], library, "report")
    assert swapped["granulation"]["dice_pooled"][0] < 0.2  # type: ignore[index]
