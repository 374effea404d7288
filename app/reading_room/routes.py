"""/v1/reading: the queue, cases, drafts and signatures of readers and adjudicators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from app.http import REFUSALS, Refusal, SignedIn, Wired, png
from app.reading_room.agreement_schemas import AgreementOut
from app.reading_room.schemas import (
    CaseOut,
    DraftIn,
    DraftOut,
    LockOut,
    OwnIn,
    ProgressOut,
    QueueOut,
    ReopeningIn,
    SignatureIn,
    SignaturesOut,
)

STATE: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "Not in this state of the case: locked, overtaken, not opened"}
}

router = APIRouter(prefix="/v1/reading", tags=["reading room"], responses=REFUSALS | STATE)

CaseCode = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.get("/queue")
async def read_queue(services: Wired, identity: SignedIn) -> QueueOut:
    """The reader's own progress, and the case to go on with."""
    # Asked for more than anything else: one way to a thread and back, where FastAPI would go twice.
    return await run_in_threadpool(services.reading_room.queue, identity)


@router.post("/cases/{reading_code}/opening")
def open_case(reading_code: CaseCode, services: Wired, identity: SignedIn) -> CaseOut:
    """Look at a case; from the first look on its picture and its charter are fixed."""
    return services.reading_room.open(identity, reading_code)


@router.get("/cases/{reading_code}")
def read_case(reading_code: CaseCode, services: Wired, identity: SignedIn) -> CaseOut:
    """A case that was opened."""
    return services.reading_room.case(identity, reading_code)


@router.get("/cases/{reading_code}/picture", response_class=Response, responses=PNG)
def read_picture(reading_code: CaseCode, services: Wired, identity: SignedIn) -> Response:
    """The digit: pixels and nothing else."""
    return png(services.reading_room.picture(identity, reading_code))


@router.put("/cases/{reading_code}/draft")
def keep_draft(reading_code: CaseCode, draft: DraftIn, services: Wired, identity: SignedIn) -> DraftOut:
    """Keep a drawing and what is said of it; the same one sent again changes nothing."""
    return services.reading_room.draft(identity, reading_code, draft)


@router.post("/cases/{reading_code}/own-outline")
def keep_own(
    reading_code: CaseCode, services: Wired, identity: SignedIn, own: OwnIn | None = None
) -> CaseOut:
    """Let the own outline stand as it is, and see the machine's, where the charter shows it then."""
    return services.reading_room.own_stands(identity, reading_code, own or OwnIn())


@router.post("/cases/{reading_code}/lock", status_code=201)
def lock_case(reading_code: CaseCode, signature: SignatureIn, services: Wired, identity: SignedIn) -> LockOut:
    """Sign: the draft becomes the read, for good."""
    return services.reading_room.lock(identity, reading_code, signature)


@router.post("/timepoints/{capture_id}/reopening", status_code=201)
def reopen(
    capture_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")],
    reopening: ReopeningIn,
    services: Wired,
    identity: SignedIn,
) -> dict[str, int]:
    """Have a final timepoint read again, for a reason; the earlier final stays."""
    return {"round": services.reading_room.reopen(identity, capture_id, reopening.reason)}


@router.get("/progress")
def read_progress(study_id: str, services: Wired, identity: SignedIn) -> ProgressOut:
    """Completeness by site and visit, and how far reading has come."""
    return services.reading_overview.progress(identity, study_id)


@router.get("/agreement")
def read_agreement(study_id: str, services: Wired, identity: SignedIn) -> AgreementOut:
    """How far the readers agree, each by a number; no subject, site, date or visit."""
    return services.reading_overview.agreement(identity, study_id)


@router.get("/signatures")
def check_signatures(study_id: str, services: Wired, identity: SignedIn) -> SignaturesOut:
    """Every signature of the study against what is stored: what was altered since is void, and said."""
    return services.seals.check(identity, study_id)
