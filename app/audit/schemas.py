"""The audit trail on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from app.domain.audit_chain import Problem


@dataclass(frozen=True)
class Wanted:
    """Which events to show; None does not narrow.

    Attributes
    ----------
    actor, action : str or None
        The whole name; the beginning of the action, as `capture` or `capture.received`.
    subject : str or None
        Kind or identifier of what was changed.
    since, until : str or None
        Moments in the form of `Event.at`, whose texts sort as their times do; from and before.
    """

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: str | None = None
    until: str | None = None


class AuditEventOut(BaseModel):
    """One event."""

    seq: int = Field(examples=[12])
    at: str = Field(examples=["2026-01-05T08:30:00.000000+00:00"])
    actor: str = Field(examples=["nurse-lyon"])
    role: str = Field(examples=["site_staff"])
    action: str = Field(examples=["capture.received"])
    subject_kind: str = Field(examples=["capture"])
    subject_id: str = Field(examples=["5f0c2d6e8b1a4c7f9e3d2b1a0c9f8e7d"])
    reason: str | None
    before: Any
    after: Any
    hash: str


class AuditPage(BaseModel):
    """Events, oldest first."""

    items: list[AuditEventOut]
    next_cursor: str | None


class AuditVerdict(BaseModel):
    """Outcome of a verification."""

    ok: bool
    checked: int
    first_broken: int | None
    problem: Problem | None
