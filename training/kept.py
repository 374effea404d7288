"""Made-up scenes, each made once and kept in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from training.datasets import LabelledPhoto, read_rgb

WEBP_QUALITY = 90
"""Of scenes that are trained on: a twenty-fifth of the room, read four times as fast. Scenes that decide or
are reported are kept without loss."""


@dataclass(frozen=True)
class KeptScenes:
    """Scenes in a folder; a pure function of their number.

    Parameters
    ----------
    folder : Path
        Where scenes are kept once made.
    title : str
        Start of their files' names; says what decides them (part and seed).
    make : callable
        The scene of a number.
    exact : bool
        Whether pictures are kept without loss; labels always are.
    """

    folder: Path
    title: str
    make: Callable[[int], LabelledPhoto]
    exact: bool

    def scene(self, number: int) -> LabelledPhoto:
        """The scene of a number, made if it is not there."""
        path = self.folder / f"{self.title}-{number}{'.npz' if self.exact else '.webp'}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            (_save if self.exact else _pack)(path, self.make(number))
        return (_load if self.exact else _unpack)(path)


def _save(path: Path, photo: LabelledPhoto) -> None:
    with whole_file(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, rgb=photo.rgb, labels=photo.labels)


def _load(path: Path) -> LabelledPhoto:
    with np.load(path) as stored:
        return LabelledPhoto(stored["rgb"], stored["labels"])


def _pack(path: Path, photo: LabelledPhoto) -> None:
    """The picture as WebP, its labels beside it as PNG, which is there before the picture is."""
    quality = [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY]
    with whole_file(path.with_suffix(".png")) as partial:
        partial.write_bytes(cv2.imencode(".png", photo.labels)[1].tobytes())
    with whole_file(path) as partial:
        partial.write_bytes(cv2.imencode(".webp", photo.rgb[..., ::-1], quality)[1].tobytes())


def _unpack(path: Path) -> LabelledPhoto:
    labels = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_COLOR)
    return LabelledPhoto(read_rgb(path), np.asarray(labels, dtype=np.uint8))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file that is written whole or not at all."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    yield partial
    os.replace(partial, path)
