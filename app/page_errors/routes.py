"""/v1/page-errors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from app.http import REFUSALS, Refusal, Wired
from app.page_errors.schemas import PageError

router = APIRouter(prefix="/v1/page-errors", tags=["operations"], responses=REFUSALS)

RESPONSES: dict[int | str, dict[str, Any]] = {429: {"model": Refusal, "description": "Too many at once"}}


@router.post("", status_code=204, responses=RESPONSES)
def report_page_error(error: PageError, services: Wired) -> None:
    """Tell the log of an error on a page: class and place, never its message. From anybody."""
    services.page_errors.note(error)
