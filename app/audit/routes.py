"""/v1/audit."""

from __future__ import annotations

from fastapi import APIRouter

from app.audit.schemas import AuditPage, AuditVerdict
from app.http import REFUSALS, SignedIn, Wired

router = APIRouter(prefix="/v1/audit", tags=["audit"], responses=REFUSALS)


@router.get("")
def read_trail(services: Wired, identity: SignedIn, cursor: str | None = None) -> AuditPage:
    """The trail of the account's studies, oldest first; data managers only."""
    return services.trail.page(identity, cursor)


@router.get("/verify")
def verify_trail(services: Wired, identity: SignedIn) -> AuditVerdict:
    """Walk the whole chain; names the first event at which it does not hold."""
    return services.trail.verdict(identity)
