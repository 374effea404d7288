"""What a reader receives of a case: built up field by field, never something fuller that is cut down."""

from __future__ import annotations

from typing import Literal

from app.platform.database import Record
from app.reading_room.desks import OpenCase
from app.reading_room.pictures import Pictures
from app.reading_room.schemas import (
    AsksOut,
    CaseOut,
    DraftOut,
    Line,
    PictureOut,
    ReasonOut,
    SideOut,
    TissueShares,
)
from app.reading_room.signing import MEANING
from app.reading_room.timepoints import Desk
from app.studies.schemas import ReadingCharter
from calibration.rectify import READING_SCALE_PX_PER_MM

AREA_DIGITS = 2
"""Areas are told to 0.01 mm²: more would be a fingerprint of the photograph."""

Side = Literal["A", "B"]
SIDES: tuple[Side, Side] = ("A", "B")


def case_view(case: OpenCase, size_px: tuple[int, int]) -> CaseOut:
    """One case.

    Parameters
    ----------
    case : OpenCase
        With what it is read on.
    size_px : tuple of int
        Height and width of its picture.
    """
    row, charter, desk, last = case.row, case.charter, case.desk, case.last
    own_stands = any(record.kind == "own" for record in desk.said[row.code])
    return CaseOut(
        code=row.code,
        state=row.state,
        picture=PictureOut(
            url=f"/v1/reading/cases/{row.code}/picture",
            width_px=size_px[1],
            height_px=size_px[0],
            scale_px_per_mm=READING_SCALE_PX_PER_MM,
        ),
        asks=_asks(charter),
        draft=draft_view(last, row, charter) if last is not None else None,
        own_stands=own_stands,
        machine_rings=_machine_rings(row, charter, own_stands),
        sides=_sides(row, charter, desk) if case.is_judgement else None,
        meaning_fr=MEANING["fr"],
        meaning_en=MEANING["en"],
    )


def draft_view(record: Record, row: Record, charter: ReadingCharter) -> DraftOut:
    """What was said last of a case."""
    choice = None
    if row.kind == "adjudication" and record.category is not None:
        choice = SIDES[row.sides.index(record.sides_with)] if record.sides_with else "drawn"
    return DraftOut(
        number=record.number,
        category=record.category,
        rings=Pictures.part(record.rings, row.crop),
        reason=record.reason,
        confidence=record.confidence,
        tissue=TissueShares(**record.tissue) if record.tissue else None,
        choice=choice,
        area_mm2=_area(record.area_mm2, charter),
        u_area_mm2=_area(record.u_area_mm2, charter),
    )


def _area(area_mm2: float | None, charter: ReadingCharter) -> float | None:
    return round(area_mm2, AREA_DIGITS) if charter.area_shown and area_mm2 is not None else None


def _asks(charter: ReadingCharter) -> AsksOut:
    return AsksOut(
        confidence=charter.ask_confidence,
        tissue=charter.ask_tissue,
        area_shown=charter.area_shown,
        machine_outline=charter.machine_outline,
        reasons=[ReasonOut(**reason.model_dump()) for reason in charter.not_assessable_reasons],
    )


def _machine_rings(row: Record, charter: ReadingCharter, own_stands: bool) -> list[Line] | None:
    judging = row.kind == "adjudication" and charter.machine_outline != "hidden"
    revealed = charter.machine_outline == "after_own" and own_stands
    shown = charter.machine_outline == "shown" or judging or revealed
    return Pictures.part(row.machine_rings or [], row.crop) if shown else None


def _sides(row: Record, charter: ReadingCharter, desk: Desk) -> dict[Side, SideOut]:
    reads = zip(SIDES, [desk.said[code][-1] for code in row.sides], strict=True)
    return {
        side: SideOut(
            category=read.category,
            rings=Pictures.part(read.rings, row.crop),
            reason=read.reason,
            area_mm2=_area(read.area_mm2, charter),
        )
        for side, read in reads
    }
