"""/v1/studies/{id}/ulcers, /v1/studies/{id}/subjects, /v1/subjects/{id}/ulcers."""

from __future__ import annotations

from fastapi import APIRouter

from app.http import REFUSALS, SignedIn, Wired
from app.subjects.schemas import NewSubject, NewUlcer, SubjectOut, UlcerOut

router = APIRouter(prefix="/v1", tags=["subjects"], responses=REFUSALS)


@router.get("/studies/{study_id}/ulcers")
def list_ulcers(study_id: str, services: Wired, identity: SignedIn) -> list[UlcerOut]:
    """Ulcers within the account's reach, each with its planned visits."""
    return services.subjects.ulcers(identity, study_id)


@router.get("/studies/{study_id}/subjects")
def list_subjects(study_id: str, services: Wired, identity: SignedIn) -> list[SubjectOut]:
    """Subjects within the account's reach, those without an ulcer too."""
    return services.subjects.subjects(identity, study_id)


@router.post("/studies/{study_id}/subjects", status_code=201)
def enrol_subject(study_id: str, new: NewSubject, services: Wired, identity: SignedIn) -> SubjectOut:
    """Enrol a subject at one of the account's sites."""
    return services.subjects.enrol(identity, study_id, new)


@router.post("/subjects/{subject_id}/ulcers", status_code=201)
def draw_ulcer(subject_id: str, new: NewUlcer, services: Wired, identity: SignedIn) -> UlcerOut:
    """Draw an ulcer on the hand map; says whether it may enter the trial, and why not."""
    return services.subjects.draw_ulcer(identity, subject_id, new)
