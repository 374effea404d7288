"""The tissue set: crops of FUSeg photos with fibrin, granulation and callus, lifted onto those photos."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labels import UNLABELLED


@dataclass(frozen=True)
class TissueCrop:
    """A crop of the tissue set: its name, and how much smaller than the FUSeg photo it is."""

    name: str
    scale: float


def read_tissue_matches(listing: Path) -> dict[str, TissueCrop]:
    """From the tissue set's listing, the crop of each FUSeg photo that has one."""
    with listing.open(encoding="utf-8", newline="") as file:
        return {
            row["fuseg_train"]: TissueCrop(row["name"], float(row["scale"])) for row in csv.DictReader(file)
        }


def lift_tissue(
    photo: NDArray[np.uint8], crop: NDArray[np.uint8], mask: NDArray[np.uint8], scale: float
) -> NDArray[np.uint8]:
    """A crop's tissue mask on the photo that it was cut from, found there by its pixels.

    Parameters
    ----------
    photo : NDArray[np.uint8], shape (H, W, 3)
    crop : NDArray[np.uint8], shape (h, w, 3)
        A part of the photo, `scale` times smaller.
    mask : NDArray[np.uint8], shape (h, w)
        Tissue of the crop.
    scale : float

    Returns
    -------
    NDArray[np.uint8], shape (H, W)
        Tissue; `UNLABELLED` outside the crop.
    """
    small = cv2.resize(photo, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    *_, (left, top) = cv2.minMaxLoc(cv2.matchTemplate(small, crop, cv2.TM_CCOEFF_NORMED))
    place = np.array([[scale, 0, left * scale], [0, scale, top * scale]])
    lifted = cv2.warpAffine(
        mask, place, (photo.shape[1], photo.shape[0]), flags=cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(UNLABELLED,),
    )  # fmt: skip
    return np.asarray(lifted, dtype=np.uint8)
