"""The printed card: read back by the detector that will see it, and measured on the sheet."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from calibration.digit_card import DIGIT_CARD
from calibration.print_card import MM_PER_INCH, card_image, card_png, sheet_pdf

BAR_TOLERANCE_MM = 0.1
"""A printed bar is read off a ruler to about this."""

RASTER_DPI = 600


def detect(grey: np.ndarray) -> dict[int, np.ndarray]:
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DIGIT_CARD.marker_dictionary))
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(
        cv2.copyMakeBorder(grey, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    )
    return {int(key): quad[0] - 40 for key, quad in zip(ids.ravel(), corners, strict=True)}


@pytest.mark.parametrize("dpi", [254.0, 300.0, 600.0])
def test_the_detector_reads_the_card(dpi: float) -> None:
    picture = card_image(dpi)
    scale = dpi / MM_PER_INCH
    assert picture.shape[:2] == (round(60 * scale), round(80 * scale))
    found = detect(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    assert sorted(found) == sorted(DIGIT_CARD.marker_top_left_mm)
    for marker_id, corners in found.items():
        # The detector gives the outermost pixels' centres, half a pixel inside the true corner.
        assert (corners + 0.5) / scale == pytest.approx(
            DIGIT_CARD.marker_corners_mm(marker_id), abs=1.5 / scale
        )


def test_edges_between_pixels_are_anti_aliased() -> None:
    """Where 300 dpi does not divide a millimetre, darkness adds up to the true width of a marker's border."""
    scale = 300 / MM_PER_INCH
    row = card_image(300)[round(3.0 * scale), :, 0].astype(float)
    dark_mm = (1 - row[: round(16 * scale)] / 255).sum() / scale
    assert dark_mm == pytest.approx(DIGIT_CARD.marker_side_mm, abs=0.01)


def test_no_light_line_stays_where_two_runs_of_a_marker_meet_within_a_pixel() -> None:
    picture, scale = card_image(600), 600 / MM_PER_INCH
    left, top = DIGIT_CARD.marker_top_left_mm[0]
    border = picture[round((top + 0.5) * scale) : round((top + 11.5) * scale), round((left + 1) * scale)]
    assert border.max() == 0


def test_patches_carry_their_nominal_colour_and_the_slot_is_white() -> None:
    picture, scale = card_image(600), 600 / MM_PER_INCH
    for patch in DIGIT_CARD.patches:
        x, y = (patch.area.left + patch.area.right) / 2, (patch.area.top + patch.area.bottom) / 2
        assert tuple(picture[round(y * scale), round(x * scale)]) == patch.srgb
    assert (picture[round(20 * scale) :, round(28 * scale) : round(52 * scale)] == 255).all()


def test_a_resolution_too_low_for_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot show the markers"):
        card_image(20)


def test_the_png_states_its_resolution() -> None:
    picture = Image.open(io.BytesIO(card_png(600)))
    assert picture.info["dpi"] == pytest.approx((600, 600), abs=0.02)
    assert picture.size == (1890, 1417)


def test_the_sheet_is_the_same_every_time_and_has_both_pages() -> None:
    sheet = sheet_pdf()
    assert sheet == sheet_pdf()
    pages = PdfReader(io.BytesIO(sheet)).pages
    sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in pages]
    assert sizes == [pytest.approx((595.28, 841.89), abs=0.01), pytest.approx((612.0, 792.0), abs=0.01)]
    assert len(PdfReader(io.BytesIO(sheet_pdf("letter"))).pages) == 1
    for page in pages:
        text = page.extract_text()
        assert "100 mm" in text
        assert "Mesurez cette barre" in text
        assert "Measure this bar" in text
        assert not page.images


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
@pytest.mark.parametrize("page", ["a4", "letter"])
def test_the_sheet_is_true_to_size(page: str, tmp_path: Path) -> None:
    file = tmp_path / "card.pdf"
    file.write_bytes(sheet_pdf(page))  # type: ignore[arg-type]
    subprocess.run(["pdftoppm", "-r", str(RASTER_DPI), "-gray", "-png", file, tmp_path / "page"], check=True)
    grey = cv2.imread(str(next(tmp_path.glob("page*.png"))), cv2.IMREAD_GRAYSCALE)
    scale = RASTER_DPI / MM_PER_INCH
    longest = max(_longest_run(row) for row in grey < 128)
    assert longest / scale == pytest.approx(DIGIT_CARD.check_bar_mm, abs=BAR_TOLERANCE_MM)
    corners = detect(grey)
    width_mm = np.linalg.norm(corners[1][1] - corners[0][0]) / scale
    assert width_mm == pytest.approx(76.0, abs=BAR_TOLERANCE_MM)
    assert sorted(corners) == sorted(DIGIT_CARD.marker_top_left_mm)


def _longest_run(row: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
