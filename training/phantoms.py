"""Rendered fingers with known ulcers, as the network meets them: reading images at the network's scale.

`python -m training.phantoms --out runs/phantoms` renders those that training and evaluation use; what is
missing is rendered when it is first needed.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.progress import track

from calibration.phantom import Camera, Scene, render
from calibration.phantom.look import Tissue
from calibration.rectify import READING_AREA
from training.datasets import LabelledPhoto
from training.kept import KeptScenes
from training.labels import FIBRIN, GRANULATION, UNLABELLED
from training.phantom_scenes import SCALE_PX_PER_MM, healing_scene, random_scene
from training.splits import Part

COUNTS: dict[Part, int] = {"select": 48, "train": 1200, "report": 100}
"""Scenes of each part."""

SEEDS: dict[Part, int] = {"train": 21, "select": 22, "report": 23}

HEALING_COUNT = 500
"""Scenes of much new skin, for training alone."""

HEALING_SEED = 25

TISSUE_LABELS: dict[Tissue, int] = {
    "fibrin": FIBRIN, "granulation": GRANULATION, "eschar": 0, "mixed": UNLABELLED,
}  # fmt: skip
"""What fills an ulcer of each look; where it is mixed, the pixels are not known."""

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
    healing : bool
        Whether they are the scenes of much new skin, of which only the training part has any.
    """

    folder: Path
    part: Part
    healing: bool = False

    @property
    def title(self) -> str:
        """Start of the files' names."""
        return f"healing-{HEALING_SEED}" if self.healing else f"{self.part}-{SEEDS[self.part]}"

    @property
    def count(self) -> int:
        """How many scenes there are."""
        return HEALING_COUNT if self.healing else COUNTS[self.part]

    def scene(self, number: int) -> LabelledPhoto:
        """One scene: reading image at `SCALE_PX_PER_MM`, ulcer and skin labelled everywhere."""
        return KeptScenes(self.folder, self.title, self._rendered, self.part != "train").scene(number)

    def _rendered(self, number: int) -> LabelledPhoto:
        if self.healing:
            return reading_phantom(healing_scene(default_rng([HEALING_SEED, number])), number)
        return reading_phantom(drawn_scene(self.part, number), number)


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


def _render_one(place: tuple[PhantomStore, int]) -> None:
    store, number = place
    cv2.setNumThreads(1)
    store.scene(number)


def main() -> None:
    """Render the scenes of all parts that are not there yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/phantoms"))
    parser.add_argument("--parts", nargs="+", choices=tuple(COUNTS), default=tuple(COUNTS))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    stores = [PhantomStore(arguments.out, part) for part in arguments.parts]
    if "train" in arguments.parts:
        stores.append(PhantomStore(arguments.out, "train", healing=True))
    places = [(store, number) for store in stores for number in range(store.count)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        for _ in track(pool.map(_render_one, places), "scenes", total=len(places)):
            pass


if __name__ == "__main__":
    main()
