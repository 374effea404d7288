"""Networks to be judged: registered ones, and those of runs that are not registered (yet)."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from models.registry import load_segmenter
from models.segmenter import OnnxSegmenter, Segmenter
from models.weights_info import WeightsInfo
from training.counting import choose_counting
from training.export import export_onnx
from training.runs import BEST, load_best

UNREGISTERED = "unregistered"
"""Version of weights that no registry knows."""


def find_candidate(name: str | None, data: Path, phantoms: Path) -> Segmenter:
    """The network of a name.

    Parameters
    ----------
    name : str, optional
        A run's folder, an ONNX file, or a registered name as `models.registry.find_weights` takes it. A run
        gives its best weights by the selection part; what counts as ulcer in it, or in a file, is chosen on
        the selection part too.
    data, phantoms : Path
        Folders of the training data and of rendered scenes, for that choice.
    """
    place = Path(name) if name else None
    if place is not None and (place / BEST).exists():
        return _unregistered(place, _exported(place), data, phantoms)
    if place is not None and place.is_file():
        return _unregistered(place, place.read_bytes(), data, phantoms)
    return load_segmenter(name)


def _exported(run: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        export_onnx(load_best(run), path)
        return path.read_bytes()


def _unregistered(place: Path, content: bytes, data: Path, phantoms: Path) -> Segmenter:
    choice = choose_counting(content, data, phantoms)
    sha256 = hashlib.sha256(content).hexdigest()
    weights = WeightsInfo(place.stem, UNREGISTERED, sha256, place, choice.counting, choice.digit_certainty)
    return OnnxSegmenter(weights, content)
