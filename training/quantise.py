"""Registered weights in eight-bit integers, and what that costs: `python -m training.quantise`.

Static quantisation, a scale for each channel of each convolution, in ONNX Runtime's QDQ form, calibrated on
pictures of the training part. Prints, on the selection part, Dice against the truth and against the outlines
of the weights it was made from, bias of the area, and agreement of pixels; `benchmarks/network_speed.py`
times it. `--register` enters the file beside the weights it was made from; it never becomes the default.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from rich.console import Console

from models.architecture import Description
from models.picture import as_batch, looked_at, reduce_picture
from models.registry import WEIGHTS_FOLDER, find_weights, verified_bytes
from models.segmenter import OnnxSegmenter
from models.weights_info import QUANTISED, WeightsInfo
from training.datasets import PhotoLibrary, default_data_folder
from training.exams import composite_exam, phantom_exam, wound_exam
from training.export import describe, register
from training.quantised_figures import compare, figures_table
from training.sources import all_sources

CALIBRATION_PICTURES = 64
"""Pictures from which the range of every activation is taken, from all sources in turn."""

CALIBRATION_SEED = 64

USES_OF_SIZES = ("Pad", "Resize", "Reshape", "Slice")
"""What sizes are computed for: the head's places, and windows of attention."""


class Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Hands pictures to the calibration, one at a time, as the service would hand them to the network.

    Parameters
    ----------
    pictures : sequence of NDArray[np.uint8], shape (H, W, 3) each
        sRGB.
    """

    def __init__(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        self._batches: Iterator[NDArray[np.float32]] = (
            as_batch([reduce_picture(rgb[looked_at(rgb)])]) for rgb in pictures
        )

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next picture under the name of the network's input; None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {"rgb": batch}


def calibration_pictures(
    library: PhotoLibrary, phantoms: Path, count: int = CALIBRATION_PICTURES
) -> list[NDArray[np.uint8]]:
    """Pictures of the training part: real photos, composites and phantoms in turn, always the same.

    Parameters
    ----------
    library : PhotoLibrary
        Where photos are read.
    phantoms : Path
        Folder of rendered scenes.
    count : int
        How many.
    """
    sources = list(all_sources(library, "train", phantoms).values())
    rng = np.random.default_rng(CALIBRATION_SEED)
    turns = (sources[number % len(sources)] for number in range(count))
    return [source.scene(int(rng.integers(source.count))).rgb for source in turns]


def quantise(content: bytes, pictures: Sequence[NDArray[np.uint8]]) -> bytes:
    """An exported network in eight-bit integers.

    Parameters
    ----------
    content : bytes
        ONNX file written by `training.export.export_onnx`.
    pictures : sequence of NDArray[np.uint8], shape (H, W, 3) each
        From which the range of every activation is taken.

    Returns
    -------
    bytes
        ONNX file that `models.runtime.OnnxRuntime` runs; it says of itself what `content` says.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, prepared, made = (Path(folder) / name for name in ("given.onnx", "prepared.onnx", "made.onnx"))
        given.write_bytes(content)
        quant_pre_process(str(given), str(prepared), skip_symbolic_shape=True)
        graph = onnx.load(str(prepared))
        quantize_static(
            str(prepared),
            str(made),
            Pictures(pictures),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=_kept_in_float(graph),
        )
        metadata = {item.key: item.value for item in onnx.load_from_string(content).metadata_props}
        describe(made, Description.read(metadata))
        return made.read_bytes()


def _kept_in_float(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes that keep floating point.

    Up to the first convolution, since the picture itself is not rounded; after the last, which gives
    probabilities; and whatever computes sizes, where a rounded number would shift the picture.
    """
    nodes = list(model.graph.node)
    places = [number for number, node in enumerate(nodes) if node.op_type == "Conv"]
    outer = [*nodes[: places[1]], *nodes[places[-1] + 1 :]]
    return [node.name for node in (*outer, *computing_sizes(nodes))]


def computing_sizes(nodes: Sequence[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Nodes, given in order of use, whose results are made from the size of something."""
    sizes: set[str] = set()
    computing = []
    for node in nodes:
        if node.op_type == "Shape" or (sizes & set(node.input) and node.op_type not in USES_OF_SIZES):
            sizes.update(node.output)
            computing.append(node)
    return computing


def main() -> None:
    """Quantise registered weights and report what that costs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--weights", help="registered name; the newest if left out")
    parser.add_argument("--data", type=Path, default=default_data_folder(), help="folder of the data")
    parser.add_argument("--phantoms", type=Path, default=Path("runs/phantoms"), help="rendered scenes")
    parser.add_argument("--out", type=Path, default=Path("runs/quantised"), help="folder of the file made")
    parser.add_argument("--register", action="store_true", help="enter it beside the weights it is made from")
    arguments = parser.parse_args()
    weights, library = find_weights(arguments.weights), PhotoLibrary(arguments.data)
    content = verified_bytes(weights)
    made = quantise(content, calibration_pictures(library, arguments.phantoms))
    path = keep(made, weights, WEIGHTS_FOLDER if arguments.register else arguments.out, arguments.register)
    exact, rounded = (OnnxSegmenter(weights, each) for each in (content, made))
    exams = {
        "wounds": wound_exam(library, "select"),
        "composites": composite_exam(library, "select"),
        "phantoms": phantom_exam(arguments.phantoms, "select"),
    }
    screen = Console()
    screen.print(f"{path}: {len(made) / 1e6:.1f} MB, made from {weights.label} ({len(content) / 1e6:.1f} MB)")
    screen.print(figures_table({name: compare(exact, rounded, each) for name, each in exams.items()}))


def keep(made: bytes, weights: WeightsInfo, folder: Path, registered: bool) -> Path:
    """Write quantised weights; register them beside those they were made from, with the same threshold."""
    folder.mkdir(parents=True, exist_ok=True)
    version = f"{weights.version}{QUANTISED}"
    path = folder / f"{weights.name}-{version}.onnx"
    path.write_bytes(made)
    if registered:
        certainty = weights.digit_certainty
        register(path, version, weights.counting, folder, digit_certainty=certainty, default=False)
    return path


if __name__ == "__main__":
    main()
