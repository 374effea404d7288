"""Rendered fingers with known ulcers, as the network meets them: reading images at the network's scale.

`python -m training.phantoms --out runs/phantoms` renders those that training and evaluation use; what is
missing is rendered when it is first needed.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from rich.progress import track

from calibration.phantom import Camera, Scene, render
from calibration.phantom.look import Tissue
from calibration.rectify import READING_AREA
from training.datasets import LabelledPhoto, read_rgb
from training.labels import FIBRIN, GRANULATION, UNLABELLED
from training.phantom_scenes import SCALE_PX_PER_MM, random_scene
from training.splits import Part

COUNTS: dict[Part, int] = {"select": 48, "train": 1200, "report": 100}
"""Scenes of each part."""

SEEDS: dict[Part, int] = {"train": 21, "select": 22, "report": 23}

TISSUE_LABELS: dict[Tissue, int] = {
    "fibrin": FIBRIN, "granulation": GRANULATION, "eschar": 0, "mixed": UNLABELLED,
}  # fmt: skip
"""What fills an ulcer of each look; where it is mixed, the pixels are not known."""

WEBP_QUALITY = 90
"""Of the scenes that are trained on: 30 MB for all in place of 750, read four times as fast. Scenes that
decide or are reported are kept without loss."""

RIM_PX = 61
"""Diameter round an ulcer within which there may be callus, and so the tissue is not known: 3 mm."""


@dataclass(frozen=True)
class PhantomStore:
    """Rendered scenes in a folder; a pure function of part and number.

    Parameters
    ----------
    folder : Path
        Where scenes are kept once rendered.
    part : Part
        Part of the split: each has scenes of its own.
    """

    folder: Path
    part: Part

    def __call__(self, rng: Generator) -> LabelledPhoto:
        """A random scene of the part."""
        return self.scene(int(rng.integers(COUNTS[self.part])))

    def scene(self, number: int) -> LabelledPhoto:
        """One scene: reading image at `SCALE_PX_PER_MM`, ulcer and skin labelled everywhere."""
        kept = self.folder / f"{self.part}-{SEEDS[self.part]}-{number}"
        write, read, ending = (_pack, _unpack, ".webp") if self.part == "train" else (_save, _load, ".npz")
        path = kept.with_suffix(ending)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            write(path, reading_phantom(drawn_scene(self.part, number), number))
        return read(path)


def _save(path: Path, photo: LabelledPhoto) -> None:
    with _whole(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, rgb=photo.rgb, labels=photo.labels)


def _load(path: Path) -> LabelledPhoto:
    with np.load(path) as stored:
        return LabelledPhoto(stored["rgb"], stored["labels"])


def _pack(path: Path, photo: LabelledPhoto) -> None:
    """The picture as WebP, its labels beside it as PNG, which is there before the picture is."""
    quality = [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY]
    with _whole(path.with_suffix(".png")) as partial:
        partial.write_bytes(cv2.imencode(".png", photo.labels)[1].tobytes())
    with _whole(path) as partial:
        partial.write_bytes(cv2.imencode(".webp", photo.rgb[..., ::-1], quality)[1].tobytes())


def _unpack(path: Path) -> LabelledPhoto:
    labels = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_COLOR)
    return LabelledPhoto(read_rgb(path), np.asarray(labels, dtype=np.uint8))


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file that is written whole or not at all."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    yield partial
    os.replace(partial, path)


def drawn_scene(part: Part, number: int) -> Scene:
    """The scene of a number."""
    return random_scene(default_rng([SEEDS[part], number]))


def reading_phantom(scene: Scene, seed: int) -> LabelledPhoto:
    """A scene as a reading image at `SCALE_PX_PER_MM`, rectified with the camera's true pose."""
    photo = render(scene, seed)
    where = _reading_map(scene.camera)
    rgb = cv2.remap(photo.rgb, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    ulcer, skin = (_carried(mask, where) for mask in (photo.ulcer_mask, photo.skin_mask))
    labels = np.dstack([ulcer, skin, _tissue(ulcer, scene.look.tissue)])
    return LabelledPhoto(np.asarray(rgb, dtype=np.uint8), labels)


def _tissue(ulcer: NDArray[np.uint8], tissue: Tissue) -> NDArray[np.uint8]:
    """The tissue's label: known within ulcers of one tissue, and far from every ulcer."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (RIM_PX, RIM_PX))
    near = cv2.dilate(ulcer, disc) > 0
    label = np.where(near, UNLABELLED, 0)
    return np.where(ulcer > 0, TISSUE_LABELS[tissue], label).astype(np.uint8)


def _carried(mask: NDArray[np.bool_], where: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = cv2.remap(mask.astype(np.float32), where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    return np.asarray(share > 0.5, dtype=np.uint8)  # noqa: PLR2004


def _reading_map(camera: Camera) -> NDArray[np.float32]:
    """Where the reading image's pixels lie in the photo: (height, width, 2), column and row."""
    columns = np.arange(READING_AREA.left, READING_AREA.right, 1 / SCALE_PX_PER_MM) + 0.5 / SCALE_PX_PER_MM
    rows = np.arange(READING_AREA.top, READING_AREA.bottom, 1 / SCALE_PX_PER_MM) + 0.5 / SCALE_PX_PER_MM
    x_mm, y_mm = np.meshgrid(columns, rows)
    return camera.project(np.dstack([x_mm, y_mm, np.zeros_like(x_mm)])).astype(np.float32)


def _render_one(place: tuple[Path, Part, int]) -> None:
    folder, part, number = place
    cv2.setNumThreads(1)
    PhantomStore(folder, part).scene(number)


def main() -> None:
    """Render the scenes of all parts that are not there yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/phantoms"))
    parser.add_argument("--parts", nargs="+", choices=tuple(COUNTS), default=tuple(COUNTS))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    places = [(arguments.out, part, number) for part in arguments.parts for number in range(COUNTS[part])]
    with ProcessPoolExecutor(arguments.processes) as pool:
        for _ in track(pool.map(_render_one, places), "scenes", total=len(places)):
            pass


if __name__ == "__main__":
    main()
