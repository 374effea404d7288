"""The photographs to learn from: where they come from, under which licence, and what each set labels."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.padding import valid_area
from training.labels import UNLABELLED
from training.tissue import TissueCrop, lift_tissue, read_tissue_matches

DATA_VARIABLE = "PLANIMETER_TRAINING_DATA"
"""Environment variable with the folder of the training data."""

DEFAULT_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
"""Beside the repository; a setting or `--data` names another place."""

SPUR_PX = 15
"""Width of the opening that takes the spurs along the light strip off the hands' colour-threshold masks."""

SMALLEST_HAND_SHARE = 0.02
"""Islands below this share of the photo are not fingers but reflections in the hands' masks."""


@dataclass(frozen=True)
class Provenance:
    """What the model card says of a data set."""

    folder: str
    title: str
    licence: str
    labels: str


PROVENANCE = {
    "fuseg": Provenance(
        "fuseg_train",
        "Foot Ulcer Segmentation Challenge, train split (uwm-bigdata/wound-segmentation; "
        "Wang et al. 2020, Sci Rep 10:21897)",
        "shared publicly with the clinic's permission; no licence file",
        "open wound; skin unlabelled",
    ),
    "hands": Provenance(
        "hands",
        "Yakimov et al. 2024, figshare collection 6760179, by way of TasBakker/Anemia-Detection",
        "reported as CC BY 4.0, not verified",
        "hand (skin and nails); fingers without ulcers, so ulcer is zero everywhere",
    ),
    "tissue": Provenance(
        "tissue",
        "DFUTissue (uwm-bigdata/DFUTissueSegNet): crops of FUSeg photos",
        "shared publicly, citation asked for; no licence file",
        "fibrin, granulation and callus; lifted onto the FUSeg photos that the crops were cut from",
    ),
    "nails": Provenance(
        "nails",
        "lkawka/fingernail-segmentation",
        "no licence stated",
        "no ulcers, so ulcer is zero everywhere; skin known on the nails alone, which are part of the finger",
    ),
}


@dataclass(frozen=True)
class LabelledPhoto:
    """A photograph and what is known of it.

    Attributes
    ----------
    rgb : NDArray[np.uint8], shape (H, W, 3)
        sRGB.
    labels : NDArray[np.uint8], shape (H, W, 3)
        Ulcer and skin: 0, 1, or `UNLABELLED`. Tissue: 0 where it is none of `TISSUES`, one of them, or
        `UNLABELLED`.
    """

    rgb: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def default_data_folder() -> Path:
    """Folder of the training data: `PLANIMETER_TRAINING_DATA` if set, else beside the repository."""
    return Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))


def read_rgb(path: Path) -> NDArray[np.uint8]:
    """An image file as sRGB uint8, shape (H, W, 3)."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(f"no readable image at {path}")
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def read_mask(path: Path) -> NDArray[np.bool_]:
    """A mask file as bool, shape (H, W): true where the class is."""
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise FileNotFoundError(f"no readable mask at {path}")
    return np.asarray(mask > 0)


@dataclass
class PhotoLibrary:
    """Reads the photographs of all sets below one folder, and keeps what it read: training asks for it again.

    Parameters
    ----------
    folder : Path
        The training data's folder, with the sets' folders in it.
    """

    folder: Path
    _twins: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _tissues: dict[str, TissueCrop] = field(default_factory=dict, repr=False)
    _kept: dict[tuple[str, str], LabelledPhoto] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Read which FUSeg photos are byte-identical to which, and of which there are tissue crops."""
        listing = self.folder / "fuseg_train" / "duplicates.csv"
        if listing.exists():
            self._twins = read_duplicates(listing)
        matches = self.folder / "tissue" / "match.csv"
        if matches.exists():
            self._tissues = read_tissue_matches(matches)

    def names(self, source: str) -> list[str]:
        """Names of a set's photos, without their endings, sorted."""
        return sorted(path.stem for path in self._folder(source, "images").iterdir())

    def rgb(self, source: str, name: str) -> NDArray[np.uint8]:
        """A photo as it is stored, padding included."""
        return read_rgb(self._file(source, "images", name))

    def mask(self, source: str, name: str) -> NDArray[np.bool_]:
        """A photo's mask as it is stored."""
        return read_mask(self._file(source, "masks", name))

    def load(self, source: str, name: str) -> LabelledPhoto:
        """A photo with its labels, cut to its valid area; its arrays are shared and cannot be written to.

        Parameters
        ----------
        source : str
            A key of `PROVENANCE`.
        name : str
            One of `names(source)`.
        """
        if (source, name) not in self._kept:
            photo = self._read(source, name)
            photo.rgb.setflags(write=False)
            photo.labels.setflags(write=False)
            self._kept[source, name] = photo
        return self._kept[source, name]

    def _read(self, source: str, name: str) -> LabelledPhoto:
        rgb, mask = self.rgb(source, name), self.mask(source, name)
        labels = np.full((*mask.shape, 3), UNLABELLED, dtype=np.uint8)
        if source == "fuseg":
            labels[..., 0] = self._wound(name, mask)
            labels[..., 2] = self._tissue(name, rgb)
            area = valid_area(rgb)
            return LabelledPhoto(np.ascontiguousarray(rgb[area]), np.ascontiguousarray(labels[area]))
        labels[..., 0], labels[..., 2] = 0, 0
        if source == "hands":
            labels[..., 1] = hand_label(mask)
        else:
            labels[..., 1][mask] = 1
        return LabelledPhoto(rgb, labels)

    def _wound(self, name: str, mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The wound's label.

        Where byte-identical photos carry different outlines, nobody knows. Nor does anybody where nothing is
        outlined: the 13 such photos outside the report part, looked at one by one, show wounds.
        """
        if not mask.any():
            return np.full(mask.shape, UNLABELLED, dtype=np.uint8)
        label = mask.astype(np.uint8)
        for twin in self._twins.get(name, ()):
            label[self.mask("fuseg", twin) != mask] = UNLABELLED
        return label

    def _tissue(self, name: str, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The tissue's label of a FUSeg photo: known where a crop of the tissue set lies, if anywhere."""
        crop = self._tissues.get(name)
        if crop is None:
            return np.full(rgb.shape[:2], UNLABELLED, dtype=np.uint8)
        folder = self.folder / PROVENANCE["tissue"].folder
        mask = cv2.imread(str(folder / "masks" / f"{crop.name}.png"), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise FileNotFoundError(f"no readable tissue mask {crop.name}")
        picture = read_rgb(folder / "images" / f"{crop.name}.png")
        return lift_tissue(rgb, picture, np.asarray(mask, dtype=np.uint8), crop.scale)

    def _folder(self, source: str, kind: str) -> Path:
        return self.folder / PROVENANCE[source].folder / kind

    def _file(self, source: str, kind: str, name: str) -> Path:
        return self._folder(source, kind) / f"{name}.{'jpg' if kind == 'images' else 'png'}"


def read_duplicates(listing: Path) -> dict[str, tuple[str, ...]]:
    """From a listing of byte-identical photos, each photo's twins."""
    groups: dict[str, list[str]] = defaultdict(list)
    with listing.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups[row["group"]].append(row["name"])
    return {name: tuple(set(group) - {name}) for group in groups.values() for name in group}


def hand_label(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Skin label of a colour-threshold mask: spurs and islands count as unlabelled.

    Parameters
    ----------
    mask : NDArray[np.bool_], shape (H, W)
        True where the colour threshold saw a hand.

    Returns
    -------
    NDArray[np.uint8], shape (H, W)
        0, 1 or `UNLABELLED`.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SPUR_PX, SPUR_PX))
    padded = np.asarray(np.pad(mask.astype(np.uint8), SPUR_PX, mode="edge"))
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, kernel)[SPUR_PX:-SPUR_PX, SPUR_PX:-SPUR_PX]
    _, islands, statistics, _ = cv2.connectedComponentsWithStats(opened)
    small = statistics[:, cv2.CC_STAT_AREA] < SMALLEST_HAND_SHARE * mask.size
    kept = (opened > 0) & ~small[islands]
    return np.where(kept == mask, mask.astype(np.uint8), UNLABELLED).astype(np.uint8)
