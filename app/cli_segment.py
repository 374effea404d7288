"""The command that runs the network alone, on any picture; and compares two versions of its weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.artifacts import render_two_outlines
from app.cli_measure import NOT_A_PHOTO_EXIT, decode_all, loaded, screen
from app.platform.images import encode_png
from calibration.photo import Photo
from models.architecture import TISSUES
from models.flips import FlippedSegmenter
from models.registry import load_segmenter
from models.runtime import RuntimeName
from models.segmenter import BatchSegmenter, Segmentation

TOGETHER = 8
"""Photographs handed to the network at once."""

EVEN_ODDS = 0.5
"""Probability from which a pixel counts as of a tissue."""

TOLD_TISSUES = ("fibrin", "granulation")
"""Tissues whose shares are told; callus lies round an ulcer rather than in it."""


@dataclass(frozen=True)
class Look:
    """What one version of the weights found in one photograph."""

    open_ulcer: NDArray[np.bool_]
    segmentation: Segmentation

    @property
    def area_px(self) -> int:
        """Pixels of open ulcer."""
        return int(self.open_ulcer.sum())

    @property
    def tissue_shares(self) -> dict[str, float]:
        """Share of the ulcer's pixels by tissue; empty where there is no ulcer or no such channels."""
        tissue = self.segmentation.tissue
        if tissue is None or not self.area_px:
            return {}
        planes = {name: tissue[TISSUES.index(name)] for name in TOLD_TISSUES}
        return {name: float((plane[self.open_ulcer] > EVEN_ODDS).mean()) for name, plane in planes.items()}


@dataclass(frozen=True)
class Difference:
    """How two looks at one photograph differ."""

    dice: float
    largest_px: int

    @classmethod
    def between(cls, one: NDArray[np.bool_], other: NDArray[np.bool_]) -> Difference:
        """Dice of two masks (1 where both are empty) and the largest patch that only one of them has."""
        total = int(one.sum() + other.sum())
        dice = 2 * int((one & other).sum()) / total if total else 1.0
        _, _, patches, _ = cv2.connectedComponentsWithStats((one ^ other).astype(np.uint8))
        return cls(dice, int(patches[1:, cv2.CC_STAT_AREA].max(initial=0)))


def segment_command(
    images: Annotated[list[Path], typer.Argument(help="Any pictures; no card is needed.")],
    out_dir: Annotated[
        Path, typer.Option(help="Folder for NAME.png (mask) and NAME.prob.png (probability).")
    ],
    weights: Annotated[str | None, typer.Option(help="Registered weights; the newest if left out.")] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Other registered weights to compare with; NAME.compare.png shows both outlines."),
    ] = None,
    runtime: Annotated[
        RuntimeName, typer.Option(help="onnx, or torch for graphics cards (planimeter[torch]).")
    ] = "onnx",
    flips: Annotated[
        bool,
        typer.Option("--flips", help="Mean over the picture and its mirror images: four times as slow."),
    ] = False,
    full_resolution: Annotated[
        bool, typer.Option("--full-resolution", help="Large pictures in tiles at their own scale.")
    ] = False,
) -> None:
    """Run the network alone: a mask (white = open ulcer) and an 8-bit probability per picture."""
    decoded, failures = decode_all(images)
    names = [weights] if against is None else [weights, against]
    segmenters = [_segmenter(name, runtime, flips, full_resolution) for name in names]
    out_dir.mkdir(parents=True, exist_ok=True)
    table = _table(segmenters)
    found = [_looks(segmenter, decoded) for segmenter in segmenters]
    rows = zip(decoded, *found, strict=True)
    for (path, photo), *looks in track(
        rows, "Segmenting", len(decoded), console=screen, disable=not screen.is_terminal, transient=True
    ):
        _write(out_dir, path.stem, photo, looks)
        table.add_row(path.name, *_cells(looks))
    if decoded:
        Console().print(table)
    if failures:
        raise typer.Exit(NOT_A_PHOTO_EXIT)


def _segmenter(name: str | None, runtime: RuntimeName, flips: bool, full_resolution: bool) -> BatchSegmenter:
    made = loaded(lambda: load_segmenter(name, runtime=runtime, full_resolution=full_resolution))
    return FlippedSegmenter(made) if flips else made


def _looks(segmenter: BatchSegmenter, decoded: list[tuple[Path, Photo]]) -> Iterator[Look]:
    """What a segmenter finds in each photograph, `TOGETHER` at a time."""
    for start in range(0, len(decoded), TOGETHER):
        together = [photo.rgb for _, photo in decoded[start : start + TOGETHER]]
        for found in segmenter.segment_many(together):
            yield Look(found.open_ulcer(segmenter.weights.counting), found)


def _write(out_dir: Path, stem: str, photo: Photo, looks: list[Look]) -> None:
    first = looks[0]
    (out_dir / f"{stem}.png").write_bytes(encode_png(np.where(first.open_ulcer, 255, 0).astype(np.uint8)))
    levels = np.rint(first.segmentation.ulcer * 255).astype(np.uint8)
    (out_dir / f"{stem}.prob.png").write_bytes(encode_png(levels))
    if len(looks) > 1:
        both = render_two_outlines(photo.rgb, *(look.open_ulcer for look in looks))
        (out_dir / f"{stem}.compare.png").write_bytes(encode_png(both))


def _table(segmenters: list[BatchSegmenter]) -> Table:
    labels = [segmenter.weights.label for segmenter in segmenters]
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left")
    table.add_column("photo", overflow="fold", min_width=12)
    if len(labels) == 1:
        headings = [f"{labels[0]} px", "fibrin", "granulation"]
        table.caption = "Open ulcer in pixels; shares of tissue within it are exploratory."
    else:
        headings = [*(f"{label} px" for label in labels), "Dice", "largest patch of one alone"]
        table.caption = f"In the pictures: {labels[0]} cyan, {labels[1]} magenta and dashed."
    for heading in headings:
        table.add_column(heading, justify="right", min_width=max(map(len, heading.split())))
    return table


def _cells(looks: list[Look]) -> list[str]:
    areas = [f"{look.area_px:,}" for look in looks]
    if len(looks) == 1:
        shares = looks[0].tissue_shares
        return [*areas, *(f"{shares[name]:.0%}" if name in shares else "–" for name in TOLD_TISSUES)]
    difference = Difference.between(*(look.open_ulcer for look in looks))
    return [*areas, f"{difference.dice:.3f}", f"{difference.largest_px:,} px"]
