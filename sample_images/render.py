"""Renders the demonstration study: `python -m sample_images.render [--out DIR] [--jobs N]`."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.progress import Progress

from calibration.phantom import Render, Truth, encode_jpeg, render
from sample_images.scenes import JPEG_QUALITY, Photograph, photographs, refusals
from sample_images.study import DAYS, SITES, VISITS

MANIFEST = "manifest.json"

DECIMALS = 4
"""Numbers in the manifest are rounded to this: a hundredth of what any measurement resolves."""

SHAPE_FIELDS = (
    "radius_mm",
    "taper",
    "tip_length_mm",
    "tip_exponent",
    "tip_y_mm",
    "lateral_mm",
    "yaw_deg",
    "inclination_deg",
)
CAMERA_FIELDS = (
    "width_px",
    "height_px",
    "focal_35mm",
    "distance_mm",
    "tilt_deg",
    "azimuth_deg",
    "roll_deg",
    "aim_x_mm",
    "aim_y_mm",
    "k1",
    "k2",
)


def take(photograph: Photograph) -> tuple[bytes, bytes, Truth]:
    """One photograph: the JPEG file, the true outline (1-bit PNG, upright), and the truth."""
    cv2.setNumThreads(1)
    photo: Render = render(photograph.scene, photograph.seed)
    file = encode_jpeg(photo.rgb, JPEG_QUALITY, photograph.header)
    return file, _one_bit_png(photo.ulcer_mask), photo.truth


def _one_bit_png(mask: NDArray[np.bool_]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(mask).convert("1").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def write_study(folder: Path, jobs: int = 1) -> None:
    """Render everything into a folder, replacing an earlier study there.

    Parameters
    ----------
    folder : Path
    jobs : int
        Processes.
    """
    for old in (*folder.glob("*.jpg"), *folder.glob("*.outline.png")):
        old.unlink()
    planned = [*(("", photograph) for photograph in photographs()), *refusals()]
    entries: dict[str, list[dict[str, Any]]] = {"photos": [], "refusals": []}
    with ProcessPoolExecutor(jobs) as pool, Progress() as progress:
        task = progress.add_task("Rendering", total=len(planned))
        taken = pool.map(take, [photograph for _, photograph in planned])
        for (reason, photograph), result in zip(planned, taken, strict=True):
            entry = _write_photo(folder, photograph, *result)
            entries["refusals" if reason else "photos"].append(
                {**entry, "reason": reason} if reason else entry
            )
            progress.advance(task)
    manifest = {"study": _study(), **entries}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _study() -> dict[str, Any]:
    return {
        "code": "DEMO",
        "note": "Rendered by sample_images.render; nothing in it comes from a person.",
        "sites": [site.code for site in SITES],
        "visits": [{"code": code, "day": day} for code, day in zip(VISITS, DAYS, strict=True)],
        "missed_visits": [],
    }


def _write_photo(
    folder: Path, photograph: Photograph, file: bytes, outline: bytes, truth: Truth
) -> dict[str, Any]:
    names = {"file": f"{photograph.name}.jpg", "outline": f"{photograph.name}.outline.png"}
    (folder / names["file"]).write_bytes(file)
    (folder / names["outline"]).write_bytes(outline)
    story, scene = photograph.story, photograph.scene
    sizes = {
        "sha256": hashlib.sha256(file).hexdigest(),
        "outline_sha256": hashlib.sha256(outline).hexdigest(),
        "size_bytes": len(file),
        "seed": photograph.seed,
    }
    place = {
        "site": story.site,
        "subject": story.subject,
        "ulcer": story.ulcer,
        "visit": photograph.visit,
        "hand": story.digit.hand,
        "digit": story.digit.name,
        "phalanx": story.phalanx,
        "surface": story.surface,
        "side": story.side,
        "pose": "flat",
    }
    camera = {name: getattr(scene.camera, name) for name in CAMERA_FIELDS}
    camera |= {"focal_px": truth.focal_px, "position_mm": truth.camera_position_mm}
    parts = {
        "camera": camera,
        "digit_shape": {name: getattr(scene.digit, name) for name in SHAPE_FIELDS},
        "light": asdict(scene.light),
        "sensor": asdict(scene.sensor),
    }
    measured = _areas(photograph, truth) | _seen(photograph, truth)
    return {**names, **place, **_rounded(measured), **{k: _rounded(v) for k, v in parts.items()}, **sizes}


def _areas(photograph: Photograph, truth: Truth) -> dict[str, Any]:
    """Areas; what is open of the footprint decides the epithelialisation; new ulceration stands apart."""
    main, *others = truth.area_mm2
    baseline = photograph.story.areas_mm2[0]
    return {
        "true_area_mm2": sum(truth.area_mm2),
        "footprint_area_mm2": main,
        "new_ulceration_mm2": sum(others),
        "true_epithelialisation_percent": 100.0 * max(0.0, 1.0 - main / baseline),
    }


def _seen(photograph: Photograph, truth: Truth) -> dict[str, Any]:
    look = photograph.scene.look
    return {
        "view": look.view,
        "skin_type": look.tone,
        "tissue": look.tissue if sum(truth.area_mm2) else "closed",
        "obliquity_deg": truth.obliquity_deg[0],
        "tilt_deg": truth.tilt_deg,
        "distance_mm": truth.distance_mm,
        "camera_height_mm": truth.camera_height_mm,
        "digit_width_mm": 2.0
        * float(photograph.scene.digit.profile.radius_at(np.array(photograph.story.s_mm))),
        "scale_px_per_mm": truth.scale_px_per_mm[0],
    }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _round(value) for name, value in values.items()}


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_round(part) for part in value] if isinstance(value, list | tuple) else value


def main(given: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(str(resources.files("sample_images")))
    parser.add_argument("--out", type=Path, default=here, help="folder for photographs and manifest")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    arguments = parser.parse_args(given)
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_study(arguments.out, arguments.jobs)


if __name__ == "__main__":
    main()
