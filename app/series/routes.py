"""/v1/series and /v1/endpoints."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response

from app.http import REFUSALS, SignedIn, Wired
from app.series.schemas import EndpointOut, SeriesPage

router = APIRouter(prefix="/v1", tags=["series"], responses=REFUSALS)


@router.get("/series", response_model=SeriesPage, responses={200: {"content": {"text/csv": {}}}})
def read_series(
    services: Wired,
    identity: SignedIn,
    study_id: str | None = None,
    cursor: str | None = None,
    format: Literal["json", "csv"] = "json",
) -> SeriesPage | Response:
    """Rows that changed since the cursor, oldest change first; as CSV all of them, the cursor in a header."""
    if format == "json":
        return services.series.page(identity, study_id, cursor)
    text, following = services.series.table(identity, study_id, cursor)
    headers = {"X-Next-Cursor": following, "Content-Disposition": 'attachment; filename="series.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/endpoints")
def read_endpoints(study_id: str, services: Wired, identity: SignedIn) -> list[EndpointOut]:
    """The protocol's endpoint rules side by side, on every ulcer's accepted measurements."""
    return services.series.endpoints(identity, study_id)
