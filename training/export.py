"""From a run's best weights to a registered ONNX file: calibrated, exported, compared, hashed, registered.

`python -m training.export --run runs/network --version 0.1.0`
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

from models.architecture import Description
from models.counting import Counting
from models.registry import REGISTRY_FILE, WEIGHTS_FOLDER
from models.served import served
from models.unet import Probabilities, UNet
from training.counting import choose_counting, fit_on_selection, unjudged
from training.datasets import PhotoLibrary, default_data_folder
from training.runs import load_best
from training.temperature import Temperature

NAME = "ulcer-unet"

PARITY = 1e-3
"""Largest difference of a probability between torch and ONNX Runtime: a hundredth of an 8-bit step of the
border band would already be invisible; what is seen is 1e-5."""

PARITY_SIZES = ((1, 288, 288), (1, 512, 384), (2, 320, 256), (1, 608, 512), (3, 32, 64))
"""Counts, heights and widths at which the two are compared; the file takes any count and multiples of 32."""

OPSET = 18


class ParityError(RuntimeError):
    """The exported network does not say what the torch network says."""


def export_onnx(network: UNet, path: Path) -> float:
    """Write the network with sigmoid outputs as ONNX with free count, height and width, and compare.

    The file says what its channels are and of what architecture it is, see `models.architecture.Description`.

    Parameters
    ----------
    network : UNet
        Trained network.
    path : Path
        File to write.

    Returns
    -------
    float
        Largest difference of a probability between torch and ONNX Runtime.

    Raises
    ------
    ParityError
        If it is `PARITY` or more.
    """
    model = Probabilities(network.cpu().float()).eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    example = torch.rand(1, 3, 256, 320)
    free = {0: "count", 2: "height", 3: "width"}
    exported = Probabilities(served(network)).eval()
    torch.onnx.export(
        exported,
        (example,),
        str(path),
        input_names=["rgb"],
        output_names=["probabilities"],
        opset_version=OPSET,
        dynamic_axes={"rgb": free, "probabilities": free},
        do_constant_folding=False,  # weights keep their names and shapes, for models.torch_runtime
        dynamo=False,
    )
    describe(path, Description(network.channels, network.architecture, _equals(exported, path)))
    difference = parity(model, path)
    if difference >= PARITY:
        raise ParityError(f"probabilities differ by up to {difference:.2e} between torch and ONNX Runtime")
    return difference


def _equals(exported: Probabilities, path: Path) -> dict[str, str]:
    """Weights that the file holds once for several: their names by the one that was kept."""
    stored = {item.name: numpy_helper.to_array(item) for item in onnx.load(str(path)).graph.initializer}
    missing = {name: value.numpy() for name, value in exported.state_dict().items() if name not in stored}
    return {
        name: next(kept for kept, values in stored.items() if np.array_equal(values, value))
        for name, value in missing.items()
    }


def describe(path: Path, description: Description) -> None:
    """Write into an ONNX file what it is."""
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, description.metadata())
    onnx.save(model, str(path))


@torch.inference_mode()
def parity(model: Probabilities, path: Path) -> float:
    """Largest difference of a probability between the torch model and the file, over `PARITY_SIZES`."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(0)
    differences = []
    for count, height, width in PARITY_SIZES:
        rgb = torch.rand(count, 3, height, width, generator=generator)
        (found,) = session.run(None, {"rgb": rgb.numpy()})
        differences.append(float(np.abs(found - model(rgb).numpy()).max()))
    return max(differences)


def register(
    path: Path,
    version: str,
    counting: Counting,
    folder: Path = WEIGHTS_FOLDER,
    *,
    digit_certainty: float | None = None,
    default: bool = True,
) -> str:
    """Enter a file of the weights' folder in the registry; returns its SHA-256.

    An entry of the same name and version is replaced; the new one becomes the default, unless it must not.
    """
    registry = folder / REGISTRY_FILE
    entries = json.loads(registry.read_text(encoding="utf-8"))["weights"] if registry.exists() else []
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    others = [entry for entry in entries if (entry["name"], entry["version"]) != (NAME, version)]
    entry: dict[str, object] = {
        "name": NAME,
        "version": version,
        "file": path.name,
        "sha256": sha256,
        "ulcer_threshold": round(counting.threshold, 3),
        "ulcer_certainty": round(counting.certainty, 3),
    }
    if digit_certainty is not None:
        entry["digit_certainty"] = round(digit_certainty, 3)
    # the last of all is the default
    ordered = [*others, entry] if default else [entry, *others]
    text = json.dumps({"weights": ordered}, indent=2)
    registry.write_text(text + "\n", encoding="utf-8")
    return sha256


def calibrate(network: UNet, data: Path, phantoms: Path) -> Temperature:
    """Make the ulcer's probabilities mean what they say, by the selection part; what was changed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "uncalibrated.onnx"
        export_onnx(network, path)
        segmenter = unjudged(path.read_bytes())
    found = fit_on_selection(segmenter, PhotoLibrary(data), phantoms)
    network.calibrate(network.channels.index("ulcer"), found.temperature, found.offset)
    return found


def main() -> None:
    """Calibrate, export and register the best weights of a run."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--run", type=Path, default=Path("runs/network"))
    parser.add_argument("--version", required=True)
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    parser.add_argument("--phantoms", type=Path, default=Path("runs/phantoms"), help="rendered scenes")
    arguments = parser.parse_args()
    path = WEIGHTS_FOLDER / f"{NAME}-{arguments.version}.onnx"
    network = load_best(arguments.run)
    temperature = calibrate(network, arguments.data, arguments.phantoms)
    difference = export_onnx(network, path)
    choice = choose_counting(path.read_bytes(), arguments.data, arguments.phantoms)
    sha256 = register(path, arguments.version, choice.counting, digit_certainty=choice.digit_certainty)
    told = {"parity": difference, "sha256": sha256, **asdict(temperature), **asdict(choice)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
