"""The commands that need no service: measure photographs, print the card."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.artifacts import render_overlay
from app.domain.errors import CodedError
from app.measuring import Measurement, PhotoReport, measure_photo
from app.platform.images import decode_photo, encode_png
from calibration.photo import Photo
from calibration.pose import POSES, STEEPEST_STATED_DEG, PoseName, inclined_pose
from calibration.print_card import card_png, sheet_pdf
from models.registry import LOADING_ERRORS, load_segmenter
from models.runtime import RuntimeName

NOT_A_PHOTO_EXIT = 2
MASK_LEVEL = 128
"""Grey from which a mask pixel counts as white."""

SMALLEST_PRINT_DPI = 72
MEASUREMENT_FIELDS = tuple(
    name
    for name in Measurement.__dataclass_fields__
    if name not in {"budget", "pose", "surface", "lens", "colour", "model", "version"}
)

SURFACE_NOTES = {
    "distal": "the digit is bent: its surface was fitted to the part beyond the bend alone.",
    "plane": "the digit's sides could not be trusted: the area lies on a plane at a stated height.",
}
"""What a person is told where the area does not lie on the digit's own fitted surface."""

screen = Console(stderr=True)
Loaded = TypeVar("Loaded")


def measure_command(
    photos: Annotated[list[Path], typer.Argument(help="Photographs of a finger on the digit card.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list on standard output.")] = False,
    outline: Annotated[
        Path | None,
        typer.Option(
            help="Picture of the photo's size, white = open ulcer: replaces the network, for one photo."
        ),
    ] = None,
    pose: Annotated[
        PoseName, typer.Option(help="flat: the digit lies in the slot; tip: its tip stands up through it.")
    ] = "flat",
    inclination: Annotated[
        float,
        typer.Option(
            min=-STEEPEST_STATED_DEG,
            max=STEEPEST_STATED_DEG,
            help="Rise of a contracted digit from its tip towards the hand, in degrees; 0 lies flat.",
        ),
    ] = 0.0,
    overlay: Annotated[
        Path | None, typer.Option(help="Write the reading image with the outline drawn on it (PNG).")
    ] = None,
    runtime: Annotated[
        RuntimeName, typer.Option(help="What runs the network: onnx, or torch for graphics cards.")
    ] = "onnx",
) -> None:
    """Measure the ulcer on each photograph in mm², with its standard uncertainty."""
    if outline is not None and len(photos) != 1:
        raise typer.BadParameter("--outline belongs to one photo", param_hint="--outline")
    if inclination and pose != "flat":
        raise typer.BadParameter("a standing tip has no inclination to state", param_hint="--inclination")
    stated = inclined_pose(inclination) if inclination else POSES[pose]
    decoded, failures = decode_all(photos)
    segmenter = loaded(lambda: load_segmenter(runtime=runtime))
    results: list[dict[str, Any]] = []
    for path, photo in track(
        decoded, "Measuring", console=screen, disable=not screen.is_terminal, transient=True
    ):
        traced = _read_outline(outline, photo) if outline is not None else None
        report = measure_photo(photo, segmenter, outline=traced, pose=stated)
        results.append(_as_record(path, report))
        if overlay is not None and report.reading is not None:
            target = overlay if len(photos) == 1 else overlay.with_stem(f"{overlay.stem}-{path.stem}")
            target.write_bytes(encode_png(render_overlay(report.reading)))
    if as_json:
        sys.stdout.write(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    else:
        _show(results)
    if failures:
        raise typer.Exit(NOT_A_PHOTO_EXIT)


def target_command(
    out: Annotated[Path, typer.Option(help="card.pdf for the sheet, card.png with --card-only.")],
    card_only: Annotated[
        bool, typer.Option("--card-only", help="The 80 × 60 mm card alone, as PNG.")
    ] = False,
    dpi: Annotated[int, typer.Option(min=SMALLEST_PRINT_DPI, help="Resolution of the PNG.")] = 600,
) -> None:
    """Write the digit card at true size: the sheet to print (A4 and Letter, PDF), or the card alone (PNG)."""
    out.write_bytes(card_png(dpi) if card_only else sheet_pdf())
    screen.print(f"{out}: {'80 × 60 mm' if card_only else 'A4 + Letter, 100 %'}")


def loaded(load: Callable[[], Loaded]) -> Loaded:
    """What `load` gives; where the network cannot be had, a sentence that says why, and the end."""
    try:
        return load()
    except LOADING_ERRORS as error:
        screen.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(NOT_A_PHOTO_EXIT) from None


def decode_all(paths: list[Path]) -> tuple[list[tuple[Path, Photo]], int]:
    """Decode every file that is a photograph; say why of every other."""
    decoded, failures = [], 0
    for path in paths:
        try:
            decoded.append((path, decode_photo(path.read_bytes())))
        except CodedError as error:
            failures += 1
            screen.print(f"{path}: {error.message_en} / {error.message_fr}", markup=False, soft_wrap=True)
        except OSError as error:
            failures += 1
            screen.print(f"{path}: {error.strerror}", markup=False, soft_wrap=True)
    return decoded, failures


def _read_outline(path: Path, photo: Photo) -> NDArray[np.bool_]:
    raw = np.frombuffer(path.read_bytes(), np.uint8) if path.exists() else np.zeros(0, np.uint8)
    grey = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE) if len(raw) else None
    if grey is None:
        raise typer.BadParameter(f"{path} is not a picture", param_hint="--outline")
    if grey.shape != photo.rgb.shape[:2]:
        wanted, found = f"{photo.width_px} × {photo.height_px}", f"{grey.shape[1]} × {grey.shape[0]}"
        raise typer.BadParameter(f"{path} is {found} pixels, the photo {wanted}", param_hint="--outline")
    return np.asarray(grey >= MASK_LEVEL)


def _as_record(path: Path, report: PhotoReport) -> dict[str, Any]:
    measured = asdict(report.measurement) if report.measurement else {}
    lesion = report.lesion
    if lesion is not None:
        # Another ulcer on the digit, or a stain taken for one, is told apart and not added.
        own = lesion.visit
        measured |= {"area_mm2": own.area_mm2, "u_area_mm2": own.u_area_mm2, "perimeter_mm": own.perimeter_mm}
        measured["elsewhere_mm2"] = own.footprint.area_of(lesion.parts.elsewhere)
    reasons = [
        {"code": item.code, "value": item.value, "limit": item.limit, "fr": item.fr, "en": item.en}
        for item in report.reasons
    ]
    return {
        "file": str(path),
        "status": report.status,
        "reasons": reasons,
        **{name: _rounded(measured.get(name)) for name in MEASUREMENT_FIELDS},
        "elsewhere_mm2": _rounded(measured.get("elsewhere_mm2")),
        "budget": {name: _rounded(value) for name, value in measured.get("budget", {}).items()},
        "pose": measured.get("pose"),
        "surface": measured.get("surface"),
        "lens": measured.get("lens"),
        "colour": measured.get("colour"),
        "model": measured.get("model"),
        "version": measured.get("version"),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _table(results: list[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("photo", overflow="fold", min_width=12)
    for heading in ("area mm²", "± u", "length × width mm", "obliquity", "tilt", "distance"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in results:
        table.add_row(Path(row["file"]).name, *_cells(row))
    return table


def _show(results: list[dict[str, Any]]) -> None:
    """For people: a table of what was measured, then what to do about the rest."""
    out = Console()
    measured = [row for row in results if row["status"] == "measured"]
    if measured:
        out.print(_table(measured))
    for row in measured:
        if row["surface"] in SURFACE_NOTES:
            out.print(f"[yellow]{Path(row['file']).name}[/] {SURFACE_NOTES[row['surface']]}")
    for row in measured:
        if row["elsewhere_mm2"]:
            also = f"{row['elsewhere_mm2']:.2f} mm² more are open elsewhere on the digit."
            out.print(f"[yellow]{Path(row['file']).name}[/] {also}")
    for row in results:
        for reason in row["reasons"]:
            out.print(f"[yellow]{Path(row['file']).name}[/] refused: {reason['en']}")
            out.print(f"  [dim]{reason['fr']}[/]")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    oblique = "–" if row["obliquity_deg"] is None else f"{row['obliquity_deg']:.0f}°"
    return (
        f"[bold]{row['area_mm2']:.2f}[/]",
        f"{row['u_area_mm2']:.2f}",
        f"{row['length_mm']:.1f} × {row['width_mm']:.1f}",
        oblique,
        f"{row['tilt_deg']:.0f}°",
        f"{row['distance_mm']:.0f} mm",
    )
