"""Weights by name, version and SHA-256: what is loaded is what was measured with, or nothing is loaded."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from models.counting import Counting
from models.runtime import OnnxRuntime, Runtime, RuntimeName, RuntimeUnavailableError, UnsuitableWeightsError
from models.segmenter import BatchSegmenter, NetworkSegmenter
from models.weights_info import WeightsInfo

WEIGHTS_FOLDER = Path(__file__).with_name("weights")
REGISTRY_FILE = "registry.json"


class UnknownWeightsError(LookupError):
    """The registry has no weights of that name."""


class AlteredWeightsError(RuntimeError):
    """The weights' file is missing or is not, byte for byte, the one that was registered."""


LOADING_ERRORS: tuple[type[Exception], ...] = (
    UnknownWeightsError,
    AlteredWeightsError,
    RuntimeUnavailableError,
    UnsuitableWeightsError,
)
"""Everything for which `load_segmenter` gives no segmenter; each message is a sentence for people."""


def list_weights(folder: Path = WEIGHTS_FOLDER) -> tuple[WeightsInfo, ...]:
    """All registered weights, in the order of registration: the last is the default.

    Parameters
    ----------
    folder : Path
        Folder with the registry and the files.
    """
    entries = json.loads((folder / REGISTRY_FILE).read_text(encoding="utf-8"))["weights"]
    return tuple(
        WeightsInfo(
            entry["name"],
            entry["version"],
            entry["sha256"],
            folder / entry["file"],
            Counting(entry["ulcer_threshold"], entry["ulcer_certainty"]),
            entry.get("digit_certainty"),
        )
        for entry in entries
    )


def find_weights(name: str | None = None, folder: Path = WEIGHTS_FOLDER) -> WeightsInfo:
    """The weights of a name.

    Parameters
    ----------
    name : str, optional
        "name" for its newest version, "name-version" for that one; the newest of all if left out.
    folder : Path
        Folder with the registry.

    Raises
    ------
    UnknownWeightsError
        If there are none of that name; the message lists those there are.
    """
    known = list_weights(folder)
    fitting = [weights for weights in known if name in (None, weights.name, weights.label)]
    if not fitting:
        labels = ", ".join(weights.label for weights in known)
        raise UnknownWeightsError(f"no weights are registered as {name!r}; there are: {labels}")
    return fitting[-1]


def verified_bytes(weights: WeightsInfo) -> bytes:
    """The weights' file, if it is the registered one.

    Raises
    ------
    AlteredWeightsError
        If the file is missing or its SHA-256 is another.
    """
    try:
        content = weights.path.read_bytes()
    except OSError as error:
        raise AlteredWeightsError(f"the weights {weights.label} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != weights.sha256:
        raise AlteredWeightsError(
            f"the weights {weights.label} are not those registered: "
            f"SHA-256 {found} instead of {weights.sha256}"
        )
    return content


@lru_cache(maxsize=4)
def load_segmenter(
    name: str | None = None,
    *,
    threads: int | None = None,
    folder: Path = WEIGHTS_FOLDER,
    runtime: RuntimeName = "onnx",
    full_resolution: bool = False,
) -> BatchSegmenter:
    """The segmenter with the weights of a name, verified; made once for a process and kept.

    Parameters
    ----------
    name : str, optional
        As in `find_weights`.
    threads : int, optional
        Threads of one run; all cores if left out.
    folder : Path
        Folder with the registry and the files.
    runtime : {"onnx", "torch"}
        What runs the network.
    full_resolution : bool
        As in `NetworkSegmenter`.

    Raises
    ------
    UnknownWeightsError, AlteredWeightsError
        As in `find_weights` and `verified_bytes`.
    RuntimeUnavailableError
        If torch is asked for and not installed.
    UnsuitableWeightsError
        If torch is asked for and cannot run these weights.
    """
    weights = find_weights(name, folder)
    made = _runtime(runtime, verified_bytes(weights), threads)
    return NetworkSegmenter(weights, made, full_resolution=full_resolution)


def _runtime(name: RuntimeName, content: bytes, threads: int | None) -> Runtime:
    if name == "onnx":
        return OnnxRuntime(content, threads=threads)
    try:
        from models.torch_runtime import TorchRuntime  # noqa: PLC0415  serving does without torch
    except ModuleNotFoundError as error:
        raise RuntimeUnavailableError(
            f"the torch runtime needs {error.name}, which is not installed: pip install 'planimeter[torch]'"
        ) from error
    return TorchRuntime(content, threads=threads)
