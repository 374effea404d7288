"""/v1/studies."""

from __future__ import annotations

from fastapi import APIRouter

from app.http import REFUSALS, SignedIn, Wired
from app.studies.schemas import StudyOut

router = APIRouter(prefix="/v1/studies", tags=["studies"], responses=REFUSALS)


@router.get("")
def list_studies(services: Wired, identity: SignedIn) -> list[StudyOut]:
    """The account's studies, with their visits and the sites within its reach."""
    return services.studies.visible(identity)
