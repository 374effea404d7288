"""The digit card at true size: a picture of the card alone, and a sheet to print with its check bar."""

from __future__ import annotations

import io
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from calibration.digit_card import DIGIT_CARD, MARKER_MODULES, Rectangle
from calibration.print_parts import (
    SLOT_LINE_GREY,
    TICK_GREY,
    TICK_WIDTH_MM,
    caption,
    marker_rectangles,
    slot_dashes,
    ticks,
)
from calibration.reference_slip import REFERENCE_SLIP

MM_PER_INCH = 25.4
"""By definition."""

SUBPIXELS = 4
"""The caption is drawn four times larger and averaged."""

CAPTION_MM = (30.0, 12.9)
"""Where the caption's left end stands, between the upper patches and the slot."""

CAPTION_HEIGHT_MM = 1.4
"""Of its capitals: small enough for the margin, large enough for office printers."""

SHEET_CARD_TOP_MM = 60.0
"""Distance of the card from the sheet's upper edge: clear of every printer's margin."""

BAR_BELOW_CARD_MM = 22.0
CUT_MARK_MM = 5.0
"""Clear of the card's lower edge and the cut, and a usual length of crop marks."""

SLIP_TOP_MM = 180.0
"""Distance of the reference slip from the sheet's upper edge: below the bar's three lines, and clear of the
lower margin of a letter (279 mm)."""

PAGES = {"a4": A4, "letter": LETTER}

Page = Literal["a4", "letter", "both"]

INSTRUCTIONS = (
    "Mesurez cette barre : si elle ne fait pas 100 mm, imprimez à 100 % ; n’utilisez pas cette feuille.",
    "Measure this bar: if it is not 100 mm, print at 100 %; do not use this sheet.",
    "Découpez la carte et la fente en pointillé. · Cut out the card, and the slot along the dashed line.",
)

SLIP_INSTRUCTIONS = (
    "Bandelette de contrôle : découpez-la et posez-la dans la fente pour la photo hebdomadaire.",
    "Reference slip: cut it out, and lay it into the slot for the weekly photograph.",
)


def card_image(dpi: float) -> NDArray[np.uint8]:
    """The card alone, without a margin.

    Parameters
    ----------
    dpi : float
        Pixels per inch; edges that fall within a pixel are anti-aliased.

    Returns
    -------
    NDArray[np.uint8], shape (height, width, 3)
        sRGB, rows downwards; width and height are the card's, rounded to whole pixels.

    Raises
    ------
    ValueError
        If the resolution is too low to show a marker's modules.
    """
    scale = dpi / MM_PER_INCH
    if scale * DIGIT_CARD.marker_side_mm / MARKER_MODULES < 2.0:  # noqa: PLR2004
        raise ValueError(f"{dpi} dpi cannot show the markers; use 50 or more")
    size = (round(DIGIT_CARD.height_mm * scale), round(DIGIT_CARD.width_mm * scale))
    picture = np.full((*size, 3), 255.0, np.float32)
    for patch in DIGIT_CARD.patches:
        _fill(picture, patch.area, scale, patch.srgb)
    for marker_id in DIGIT_CARD.marker_top_left_mm:
        _fill_all(picture, marker_rectangles(marker_id), scale, 0)
    _fill_all(picture, ticks(), scale, TICK_GREY)
    _fill_all(picture, slot_dashes(), scale, SLOT_LINE_GREY)
    _write_caption(picture, scale)
    return np.rint(picture).astype(np.uint8)


def _coverage(low_mm: float, high_mm: float, scale: float, size: int) -> tuple[slice, NDArray[np.float32]]:
    """Pixels along one side that an interval touches, and the share of each that it covers."""
    low, high = max(0.0, low_mm * scale), min(float(size), high_mm * scale)
    first, last = int(np.floor(low + 1e-6)), int(np.ceil(high - 1e-6))
    cells = np.arange(first, last)
    share = np.minimum(cells + 1, high) - np.maximum(cells, low)
    return slice(first, last), np.clip(share, 0.0, 1.0).astype(np.float32)


def _fill_all(picture: NDArray[np.float32], areas: list[Rectangle], scale: float, grey: int) -> None:
    """Fill areas that do not overlap at once: where two meet within a pixel, no light line stays between."""
    covered = np.zeros(picture.shape[:2], np.float32)
    for area in areas:
        rows, columns, share = _share(area, scale, picture.shape[:2])
        covered[rows, columns] += share
    picture += np.minimum(covered, 1.0)[..., None] * (grey - picture)


def _fill(picture: NDArray[np.float32], area: Rectangle, scale: float, srgb: tuple[int, int, int]) -> None:
    rows, columns, share = _share(area, scale, picture.shape[:2])
    part = picture[rows, columns]
    picture[rows, columns] = part + share[..., None] * (np.array(srgb, np.float32) - part)


def _share(area: Rectangle, scale: float, shape: tuple[int, ...]) -> tuple[slice, slice, NDArray[np.float32]]:
    """Pixels that an area touches, and the share of each that it covers."""
    rows, down = _coverage(area.top, area.bottom, scale, shape[0])
    columns, across = _coverage(area.left, area.right, scale, shape[1])
    return rows, columns, down[:, None] * across[None, :]


def _write_caption(picture: NDArray[np.float32], scale: float) -> None:
    height = CAPTION_HEIGHT_MM * scale * SUBPIXELS
    text = caption().replace("·", "-").replace("×", "x")
    font, thickness = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(height / 10))
    size = cv2.getFontScaleFromHeight(font, max(1, round(height)), thickness)
    (width_px, height_px), below = cv2.getTextSize(text, font, size, thickness)
    ink = np.zeros((height_px + 2 * below, width_px + 2 * thickness), np.uint8)
    cv2.putText(ink, text, (0, height_px + below // 2), font, size, 255, thickness, cv2.LINE_AA)
    ink = np.asarray(
        cv2.resize(ink, None, fx=1 / SUBPIXELS, fy=1 / SUBPIXELS, interpolation=cv2.INTER_AREA), np.uint8
    )
    left, bottom = (round(value * scale) for value in CAPTION_MM)
    part = picture[bottom - ink.shape[0] : bottom, left : left + ink.shape[1]]
    share = ink[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part += share * (TICK_GREY - part)


def card_png(dpi: float) -> bytes:
    """The card alone as PNG, its resolution stated in the file."""
    buffer = io.BytesIO()
    Image.fromarray(card_image(dpi)).save(buffer, "PNG", dpi=(dpi, dpi))
    return buffer.getvalue()


def sheet_pdf(page: Page = "both", *, slip: bool = False) -> bytes:
    """The sheet to print: the card at true size, its cut marks, and the 100 mm check bar.

    Parameters
    ----------
    page : {"a4", "letter", "both"}
        Paper; `both` gives two pages.
    slip : bool
        Whether the reference slip stands below the bar.

    Returns
    -------
    bytes
        A PDF of vectors; the same bytes every time.
    """
    names = list(PAGES) if page == "both" else [page]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1)
    canvas.setTitle("Digit card")
    for name in names:
        canvas.setPageSize(PAGES[name])
        _draw_page(canvas, *PAGES[name])
        if slip:
            _draw_slip(canvas, *PAGES[name])
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_page(canvas: Canvas, width_pt: float, height_pt: float) -> None:
    left = (width_pt / mm - DIGIT_CARD.width_mm) / 2
    canvas.saveState()
    canvas.translate(left * mm, height_pt - SHEET_CARD_TOP_MM * mm)
    _draw_cut_marks(canvas)
    for patch in DIGIT_CARD.patches:
        canvas.setFillColorRGB(*(value / 255 for value in patch.srgb))
        _draw_rectangle(canvas, patch.area)
    canvas.setFillGray(0)
    for marker_id in DIGIT_CARD.marker_top_left_mm:
        for run in marker_rectangles(marker_id):
            _draw_rectangle(canvas, run)
    canvas.setFillGray(TICK_GREY / 255)
    for tick in ticks():
        _draw_rectangle(canvas, tick)
    canvas.setFont("Helvetica", CAPTION_HEIGHT_MM * mm * 1.3)
    canvas.drawString(CAPTION_MM[0] * mm, -CAPTION_MM[1] * mm, caption())
    canvas.setFillGray(SLOT_LINE_GREY / 255)
    for dash in slot_dashes():
        _draw_rectangle(canvas, dash)
    canvas.restoreState()
    _draw_bar(canvas, width_pt, height_pt)


def _draw_rectangle(canvas: Canvas, area: Rectangle) -> None:
    """A filled rectangle; the page's y runs upwards, the card's downwards."""
    width, height = area.right - area.left, area.bottom - area.top
    canvas.rect(area.left * mm, -area.bottom * mm, width * mm, height * mm, stroke=0, fill=1)


def _draw_cut_marks(canvas: Canvas) -> None:
    canvas.setStrokeGray(0.5)
    canvas.setLineWidth(0.1 * mm)
    for x in (0.0, DIGIT_CARD.width_mm):
        for y, outwards in ((0.0, 1), (DIGIT_CARD.height_mm, -1)):
            sideways = -1 if x == 0.0 else 1
            canvas.line(x * mm, (-y + outwards) * mm, x * mm, (-y + outwards * CUT_MARK_MM) * mm)
            canvas.line((x + sideways) * mm, -y * mm, (x + sideways * CUT_MARK_MM) * mm, -y * mm)


def _draw_bar(canvas: Canvas, width_pt: float, height_pt: float) -> None:
    bar_mm, height_mm = DIGIT_CARD.check_bar_mm, 3.0
    left = (width_pt / mm - bar_mm) / 2
    top = height_pt / mm - SHEET_CARD_TOP_MM - DIGIT_CARD.height_mm - BAR_BELOW_CARD_MM
    canvas.setFillGray(0)
    canvas.rect(left * mm, top * mm, bar_mm * mm, height_mm * mm, stroke=0, fill=1)
    canvas.setFont("Helvetica", 9)
    for line, text in enumerate(INSTRUCTIONS):
        canvas.drawCentredString(width_pt / 2, (top - 6 - 5 * line) * mm, text)


def _draw_slip(canvas: Canvas, width_pt: float, height_pt: float) -> None:
    """The reference slip to cut out, and what it is for."""
    slip = REFERENCE_SLIP
    left = (width_pt / mm - slip.width_mm) / 2
    canvas.saveState()
    canvas.translate(left * mm, height_pt - SLIP_TOP_MM * mm)
    canvas.setStrokeGray(SLOT_LINE_GREY / 255)
    canvas.setLineWidth(TICK_WIDTH_MM * mm)
    canvas.rect(0, -slip.height_mm * mm, slip.width_mm * mm, slip.height_mm * mm, stroke=1, fill=0)
    canvas.setFillGray(0)
    canvas.circle(slip.disc_mm[0] * mm, -slip.disc_mm[1] * mm, slip.radius_mm * mm, stroke=0, fill=1)
    _draw_rectangle(canvas, slip.field)
    canvas.setFillGray(1)
    canvas.circle(slip.hole_mm[0] * mm, -slip.hole_mm[1] * mm, slip.radius_mm * mm, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setFont("Helvetica", 9)
    for line, text in enumerate(SLIP_INSTRUCTIONS):
        canvas.drawCentredString(slip.width_mm / 2 * mm, -(slip.height_mm + 6 + 5 * line) * mm, text)
    canvas.restoreState()
