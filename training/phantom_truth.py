"""What is known of a rendered finger beyond its labels: skin tone, tissue, pose, and where new skin lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.phantom import Scene, UlcerShape
from calibration.phantom.outline import distance_to_outline
from calibration.phantom.rays import cast
from calibration.rectify import READING_AREA
from training.exams import Exam, phantom_exam
from training.phantom_scenes import SCALE_PX_PER_MM
from training.phantoms import drawn_scene
from training.splits import Part

FITZPATRICK = ("", "I", "II", "III", "IV", "V", "VI")
"""Skin types by the number that the phantom's look has."""


def described_phantoms(folder: Path, part: Part, count: int | None = None) -> list[Exam]:
    """Rendered fingers with their traits and new skin.

    Parameters
    ----------
    folder : Path
        Where scenes are kept once rendered.
    part : Part
        Part of the split.
    count : int, optional
        The first so many; all of the part if left out.
    """
    exams = phantom_exam(folder, part, count)
    return [_described(exam, drawn_scene(part, number)) for number, exam in enumerate(exams)]


def _described(exam: Exam, scene: Scene) -> Exam:
    new_skin = new_skin_mask(scene, exam.labels[..., 1] == 1)
    return replace(exam, traits=traits_of(scene), new_skin=new_skin)


def traits_of(scene: Scene) -> dict[str, str]:
    """Skin tone, tissue, pose and new skin of a scene, by name."""
    bridged = any(ulcer.bridge is not None for ulcer in scene.ulcers)
    islands = any(ulcer.islands for ulcer in scene.ulcers)
    return {
        "skin tone": FITZPATRICK[scene.look.tone],
        "tissue": scene.look.tissue,
        "pose": "lying" if scene.digit.protrusion_mm is None else "standing",
        "new skin": " and ".join(["bridge"] * bridged + ["island"] * islands) or "none",
    }


def new_skin_mask(scene: Scene, skin: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bridges and islands of new skin within the ulcers, in the scene's reading image.

    Parameters
    ----------
    scene : Scene
    skin : NDArray[np.bool_], shape (H, W)
        Where the reading image at `SCALE_PX_PER_MM` shows skin.

    Returns
    -------
    NDArray[np.bool_], shape (H, W)
        Pixels whose ray meets the ulcer as it would be without bridge and islands, but no open ulcer.
    """
    cut = [ulcer for ulcer in scene.ulcers if not ulcer.closed and (ulcer.bridge or ulcer.islands)]
    mask = np.zeros(skin.shape, dtype=bool)
    if not cut:
        return mask
    pixels = np.argwhere(skin)
    x_mm, y_mm = ((pixels[:, ::-1] + 0.5) / SCALE_PX_PER_MM + [READING_AREA.left, READING_AREA.top]).T
    eye = scene.camera.position
    hits = cast(scene.digit, eye, np.column_stack([x_mm, y_mm, np.zeros_like(x_mm)]) - eye)
    whole = [replace(ulcer, bridge=None, islands=()) for ulcer in cut]
    healed = _within(scene, whole, hits.points) & ~_within(scene, list(scene.ulcers), hits.points)
    mask[tuple(pixels[hits.ray[healed]].T)] = True
    return mask


def _within(scene: Scene, ulcers: list[UlcerShape], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether surface points (n, 3) lie in any of the ulcers."""
    inside = [distance_to_outline(scene.digit, ulcer, points) < 0 for ulcer in ulcers]
    return np.asarray(np.any(inside, axis=0))
