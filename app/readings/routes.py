"""/v1/assessments: for readers, adjudicators, and pipelines with the scope assessments:read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.http import REFUSALS, SignedIn, Wired, png
from app.readings.schemas import AssessmentPage

router = APIRouter(prefix="/v1/assessments", tags=["readings"], responses=REFUSALS)


@router.get("")
def list_assessments(services: Wired, identity: SignedIn, cursor: str | None = None) -> AssessmentPage:
    """Healing assessments under codes made for this account alone, in an order of its own.

    At this stage an assessment comes from the machine's outline, and says so in `source`. Baselines are not
    among them: they have no healing to assess.
    """
    return services.readings.page(identity, cursor)


CaseCode = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.get("/{case_code}/overlay", response_class=Response, responses=PNG)
def read_overlay(case_code: CaseCode, services: Wired, identity: SignedIn) -> Response:
    """The digit with the counted outline: pixels and nothing else."""
    return png(services.readings.picture(identity, case_code, "overlay"))


@router.get("/{case_code}/comparison", response_class=Response, responses=PNG)
def read_comparison(case_code: CaseCode, services: Wired, identity: SignedIn) -> Response:
    """The same with the baseline's outline dashed over it; 404 where its skin was not found again."""
    return png(services.readings.picture(identity, case_code, "comparison"))
