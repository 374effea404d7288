"""/v1/audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from app.audit.schemas import AuditPage, AuditVerdict, Wanted
from app.http import REFUSALS, SignedIn, Wired

router = APIRouter(prefix="/v1/audit", tags=["audit"], responses=REFUSALS)


@router.get("")
def read_trail(
    services: Wired,
    identity: SignedIn,
    cursor: str | None = None,
    actor: Annotated[str | None, Query(description="Whose deeds; the whole name.")] = None,
    action: Annotated[str | None, Query(description="The beginning: `capture`, `capture.received`.")] = None,
    subject: Annotated[str | None, Query(description="Kind or identifier of what was changed.")] = None,
    since: Annotated[datetime | None, Query(description="From; UTC if no zone.")] = None,
    until: Annotated[datetime | None, Query(description="Before; UTC if no zone.")] = None,
) -> AuditPage:
    """The trail of the account's studies, oldest first; data managers only."""
    wanted = Wanted(actor, action, subject, _text(since), _text(until))
    return services.trail.page(identity, cursor, wanted)


@router.get("/verify")
def verify_trail(services: Wired, identity: SignedIn) -> AuditVerdict:
    """Walk the whole chain; names the first event at which it does not hold."""
    return services.trail.verdict(identity)


def _text(moment: datetime | None) -> str | None:
    """A moment in the form that events have theirs in."""
    if moment is None:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="microseconds")
