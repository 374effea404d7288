"""The reference slip: it fits the slot, and is drawn as large as it says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.digit_card import DIGIT_CARD
from calibration.print_card import MM_PER_INCH, sheet_pdf
from calibration.reference_disc import EDGE_HALF_WIDTH_MM, PLATEAU_MM
from calibration.reference_slip import REFERENCE_SLIP, slip_image

AREA_TOLERANCE = 5e-4
RASTER_DPI = 600


def test_the_slip_fits_the_slot_with_half_a_millimetre_on_each_side() -> None:
    slot, slip = DIGIT_CARD.slot, REFERENCE_SLIP
    left, top = slip.in_slot_mm
    assert left == (slot.right - slot.left - slip.width_mm) / 2 == 0.5
    assert slot.top + top + slip.height_mm == slot.bottom - 0.5


def test_the_circles_are_plain_paper_or_ink_as_far_as_they_are_looked_at() -> None:
    slip, field = REFERENCE_SLIP, REFERENCE_SLIP.field
    reach = slip.radius_mm + EDGE_HALF_WIDTH_MM + PLATEAU_MM
    x, y = slip.hole_mm
    assert min(x - field.left, field.right - x, y - field.top, field.bottom - y) > reach
    x, y = slip.disc_mm
    assert min(x, slip.width_mm - x, y, field.top - y) > reach


@pytest.mark.parametrize("dpi", [300.0, 600.0])
def test_disc_and_hole_are_drawn_with_their_area(dpi: float) -> None:
    scale, slip = dpi / MM_PER_INCH, REFERENCE_SLIP
    ink = 1 - slip_image(scale).astype(float) / 255
    between = round((slip.disc_mm[1] + slip.radius_mm + slip.field.top) / 2 * scale)
    disc_mm2 = ink[:between].sum() / scale**2
    field = slip.field
    field_mm2 = (field.right - field.left) * (field.bottom - field.top)
    hole_mm2 = field_mm2 - ink[between:].sum() / scale**2
    assert disc_mm2 == pytest.approx(slip.area_mm2, rel=AREA_TOLERANCE)
    assert hole_mm2 == pytest.approx(slip.area_mm2, rel=10 * AREA_TOLERANCE)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
@pytest.mark.parametrize("page", ["a4", "letter"])
def test_the_printed_slip_is_true_to_size(page: str, tmp_path: Path) -> None:
    file = tmp_path / "card.pdf"
    file.write_bytes(sheet_pdf(page, slip=True))  # type: ignore[arg-type]
    subprocess.run(["pdftoppm", "-r", str(RASTER_DPI), "-gray", "-png", file, tmp_path / "page"], check=True)
    grey = cv2.imread(str(next(tmp_path.glob("page*.png"))), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    scale = RASTER_DPI / MM_PER_INCH
    for dark in (True, False):
        _, _, boxes, _ = cv2.connectedComponentsWithStats(((grey < 128) == dark).astype(np.uint8))
        round_ones = [
            box[4] / scale**2
            for box in boxes[1:]
            if box[2] == pytest.approx(2 * REFERENCE_SLIP.radius_mm * scale, abs=2)
            and box[4] == pytest.approx(np.pi / 4 * box[2] * box[3], rel=0.02)
        ]
        assert round_ones == [pytest.approx(REFERENCE_SLIP.area_mm2, rel=0.003)]
