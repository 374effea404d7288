"""/v1/studies/{id}/card.pdf, card-prints, phantom-shots, phantom-drift; /v1/phantom-shots."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime

from app.captures.routes import BODY
from app.cards.schemas import CardPrintOut, NewCardPrint, PhantomShotOut, SiteDrift
from app.cards.shots import ShotUpload
from app.http import REFUSALS, Refusal, SignedIn, Wired
from calibration.print_card import Page

router = APIRouter(prefix="/v1", tags=["cards"], responses=REFUSALS)

ShotId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["5f0c2d6e8b1a4c7f9e3d2b1a0c9f8e7d"])]

PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
PUT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": PhantomShotOut, "description": "The same bytes had been received: the same answer"},
    400: {"model": Refusal, "description": "The hash is missing or is not that of the bytes"},
    409: {"model": Refusal, "description": "Another photograph has this identifier"},
    413: {"model": Refusal, "description": "Larger than allowed"},
    415: {"model": Refusal, "description": "Neither JPEG nor PNG, or not the announced one"},
}


@router.get("/studies/{study_id}/card.pdf", response_class=Response, responses=PDF)
def read_card(
    study_id: str, services: Wired, identity: SignedIn, page: Annotated[Page, Query()] = "both"
) -> Response:
    """The card at true size with its check bar and the reference slip: print it at 100 %."""
    return Response(services.cards.sheet(identity, study_id, page), media_type="application/pdf")


@router.post("/studies/{study_id}/card-prints", status_code=201)
def confirm_print(study_id: str, new: NewCardPrint, services: Wired, identity: SignedIn) -> CardPrintOut:
    """Record a printed sheet whose check bar was measured; a bar that is off is refused."""
    return services.cards.confirm(identity, study_id, new)


@router.get("/studies/{study_id}/card-prints")
def list_prints(study_id: str, services: Wired, identity: SignedIn) -> list[CardPrintOut]:
    """Prints of the sites within the account's reach, the newest of each site first."""
    return services.cards.prints(identity, study_id)


@router.put("/phantom-shots/{shot_id}", status_code=201, responses=PUT_RESPONSES, openapi_extra=BODY)
async def receive_shot(
    shot_id: ShotId,
    request: Request,
    response: Response,
    services: Wired,
    identity: SignedIn,
    study_id: str,
    site_code: str,
    taken_at: AwareDatetime,
    x_content_sha256: Annotated[str, Header(description="SHA-256 of the body, in hexadecimal.")] = "",
    content_type: Annotated[str, Header()] = "",
) -> PhantomShotOut:
    """Send a photograph of the reference slip in the card's slot; it is measured before the answer.

    May be repeated until there is an answer, as captures may. One that is refused is kept, and says why.
    """
    upload = ShotUpload(
        id=shot_id,
        study_id=study_id,
        site_code=site_code,
        taken_at=taken_at,
        content=await request.body(),
        media_type=content_type.partition(";")[0].strip().lower(),
        sha256=x_content_sha256.strip().lower(),
    )
    shot, new = await run_in_threadpool(services.phantom_shots.receive, identity, upload)
    if not new:
        response.status_code = 200
    return shot


@router.get("/studies/{study_id}/phantom-shots")
def list_shots(study_id: str, services: Wired, identity: SignedIn) -> list[PhantomShotOut]:
    """Phantom shots of the sites within the account's reach, each site's in the order of taking."""
    return services.phantom_shots.shots(identity, study_id)


@router.get("/studies/{study_id}/phantom-drift")
def read_drift(study_id: str, services: Wired, identity: SignedIn) -> list[SiteDrift]:
    """Each site's phantom shots on a control chart: for the data manager."""
    return services.phantom_shots.drift(identity, study_id)
