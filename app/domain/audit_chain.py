"""The audit trail as a chain: every event carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""In place of the previous hash at the first event."""


@dataclass(frozen=True)
class Event:
    """One event as it is stored.

    Attributes
    ----------
    seq : int
        1, 2, 3, … without gaps.
    at : str
        UTC, ISO 8601 with microseconds.
    actor, role, action, subject_kind, subject_id : str
        Who, as what, did what, to what.
    study_id : str or None
        The study it belongs to; None for log-ins and accounts.
    reason : str or None
        Why, where a person must say so.
    before, after : str
        Canonical JSON.
    previous_hash, hash : str
        SHA-256 in hexadecimal.
    """

    seq: int
    at: str
    actor: str
    role: str
    action: str
    subject_kind: str
    subject_id: str
    study_id: str | None
    reason: str | None
    before: str
    after: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class ChainReport:
    """Outcome of a verification: events that hold, and the first that does not (None if all do)."""

    checked: int
    first_broken: int | None

    @property
    def ok(self) -> bool:
        """Whether the whole chain holds."""
        return self.first_broken is None


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces, no NaN, characters as they are.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def event_hash(event: Event) -> str:
    """SHA-256 over everything in the event but its own hash."""
    fields = [
        event.previous_hash,
        event.seq,
        event.at,
        event.actor,
        event.role,
        event.action,
        event.subject_kind,
        event.subject_id,
        event.study_id,
        event.reason,
        event.before,
        event.after,
    ]
    return hashlib.sha256(canonical(fields).encode("utf-8", "surrogatepass")).hexdigest()


def sealed(event: Event) -> Event:
    """The event with its hash."""
    return Event(**{**event.__dict__, "hash": event_hash(event)})


def verify(events: Iterable[Event], head_seq: int, head_hash: str) -> ChainReport:
    """Walk the chain from its first event to its head.

    Parameters
    ----------
    events : iterable of Event
        In the order of their numbers.
    head_seq, head_hash : int, str
        Number and hash of the last event, kept apart from the events: what is cut off at the end shows here.
    """
    previous, checked = GENESIS, 0
    for event in events:
        expected = checked + 1
        if event.seq != expected or event.previous_hash != previous or event.hash != event_hash(event):
            return ChainReport(checked, expected)
        previous, checked = event.hash, expected
    if (checked, previous) != (head_seq, head_hash):
        return ChainReport(checked, checked + 1 if checked < head_seq else checked)
    return ChainReport(checked, None)
