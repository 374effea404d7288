"""/v1/visit-notes, /v1/ulcers/{id}/visit-notes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.http import REFUSALS, Refusal, SignedIn, Wired
from app.visits.schemas import VisitNote, VisitNoteOut

router = APIRouter(prefix="/v1", tags=["visits"], responses=REFUSALS)

NoteId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["5f0c2d6e8b1a4c7f9e3d2b1a0c9f8e7d"])]

PUT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": VisitNoteOut, "description": "The same note had been received"},
    409: {"model": Refusal, "description": "Another note has this identifier"},
}


@router.put("/visit-notes/{note_id}", status_code=201, responses=PUT_RESPONSES)
def put_note(
    note_id: NoteId, note: VisitNote, response: Response, services: Wired, identity: SignedIn
) -> VisitNoteOut:
    """Note a visit under an identifier of the sender's making; may be repeated until there is an answer.

    Of several notes of a visit the last one counts; the earlier ones stay.
    """
    stored, new = services.visits.note(identity, note_id, note)
    if not new:
        response.status_code = 200
    return stored


@router.get("/ulcers/{ulcer_id}/visit-notes")
def list_notes(ulcer_id: str, services: Wired, identity: SignedIn) -> list[VisitNoteOut]:
    """The notes of an ulcer that count, one to a visit."""
    return services.visits.notes(identity, ulcer_id)
