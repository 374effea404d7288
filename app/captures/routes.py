"""/v1/captures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.captures.schemas import CaptureOut, Receipt
from app.captures.service import Upload
from app.http import REFUSALS, Refusal, SignedIn, Wired, png
from calibration.photo import Optics

router = APIRouter(prefix="/v1/captures", tags=["captures"], responses=REFUSALS)

CaptureId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["5f0c2d6e8b1a4c7f9e3d2b1a0c9f8e7d"])]

PUT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "The same bytes had been received: the same receipt"},
    400: {"model": Refusal, "description": "The hash is missing or is not that of the bytes"},
    409: {"model": Refusal, "description": "Another photograph has this identifier"},
    413: {"model": Refusal, "description": "Larger than allowed"},
    415: {"model": Refusal, "description": "Neither JPEG nor PNG, or not the announced one"},
}

REST_HEADER = "X-Rest-Ms"

TOLD = "As the file's EXIF header had it before it was stripped; taken where the header does not say."

MOST_FOCAL_MM = 1000.0
MOST_ZOOM = 200.0
"""No phone's or tablet's lens reaches as far: what is more is a mistake in sending."""

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("image/jpeg", "image/png")
        },
    }
}


@router.put("/{capture_id}", status_code=201, responses=PUT_RESPONSES, openapi_extra=BODY)
async def receive_capture(
    capture_id: CaptureId,
    request: Request,
    response: Response,
    services: Wired,
    identity: SignedIn,
    ulcer_id: str,
    visit_code: str,
    taken_at: Annotated[datetime | None, Query(description="By the camera's clock; UTC if no zone.")] = None,
    print_lot: Annotated[
        str | None, Query(description="Print lot of the card, one of the study's; else the site's.")
    ] = None,
    focal_35mm_mm: Annotated[float | None, Query(gt=0, le=MOST_FOCAL_MM, description=TOLD)] = None,
    digital_zoom_ratio: Annotated[float | None, Query(gt=0, le=MOST_ZOOM, description=TOLD)] = None,
    orientation: Annotated[int | None, Query(ge=1, le=8, description=TOLD)] = None,
    x_content_sha256: Annotated[str, Header(description="SHA-256 of the body, in hexadecimal.")] = "",
    content_type: Annotated[str, Header()] = "",
) -> Receipt:
    """Send a photograph under an identifier of the sender's making: 32 random hexadecimal digits.

    May be repeated until there is a receipt: the same bytes give the same receipt, other bytes under the same
    identifier are refused. A receipt means: on disk, in the audit trail, queued to be measured. Its header
    X-Rest-Ms says how many milliseconds to wait before the next photograph, so that many tablets which empty
    at once do not wait for one another; 0 where no other sends.
    """
    upload = Upload(
        id=capture_id,
        ulcer_id=ulcer_id,
        visit_code=visit_code,
        content=await request.body(),
        media_type=content_type.partition(";")[0].strip().lower(),
        sha256=x_content_sha256.strip().lower(),
        taken_at=taken_at.replace(tzinfo=taken_at.tzinfo or UTC) if taken_at else None,
        print_lot=print_lot,
        told=Optics(focal_35mm_mm, digital_zoom_ratio, orientation),
    )
    receipt, new = await run_in_threadpool(services.captures.receive, identity, upload)
    response.headers[REST_HEADER] = str(round(1000 * services.captures.pace.rest_s()))
    if not new:
        response.status_code = 200
    return receipt


@router.get("")
def list_captures(
    services: Wired, identity: SignedIn, ulcer_id: str | None = None, study_id: str | None = None
) -> list[CaptureOut]:
    """Captures within the account's reach, of one ulcer or one study when named, in the order of arrival."""
    return services.captures.captures(identity, ulcer_id=ulcer_id, study_id=study_id)


@router.get("/{capture_id}")
def read_capture(capture_id: CaptureId, services: Wired, identity: SignedIn) -> CaptureOut:
    """State and quality of a capture, and its measurement once there is one."""
    return services.captures.capture(identity, capture_id)


@router.get("/{capture_id}/overlay", response_class=Response, responses={200: {"content": {"image/png": {}}}})
def read_overlay(capture_id: CaptureId, services: Wired, identity: SignedIn) -> Response:
    """The digit with the counted outline, PNG."""
    return png(services.captures.picture(identity, capture_id, "overlay"))


@router.get(
    "/{capture_id}/comparison", response_class=Response, responses={200: {"content": {"image/png": {}}}}
)
def read_comparison(capture_id: CaptureId, services: Wired, identity: SignedIn) -> Response:
    """The overlay with the baseline's outline dashed over it, PNG; 404 where its skin was not found again."""
    return png(services.captures.picture(identity, capture_id, "comparison"))


@router.get(
    "/{capture_id}/reading-image", response_class=Response, responses={200: {"content": {"image/png": {}}}}
)
def read_reading_image(capture_id: CaptureId, services: Wired, identity: SignedIn) -> Response:
    """The digit alone at 20 px/mm, PNG."""
    return png(services.captures.picture(identity, capture_id, "reading-image"))
