"""The audit trail as a chain: every event carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

GENESIS = "0" * 64
"""In place of the previous hash at the first event."""

CHECKPOINT_PURPOSE = "planimeter audit checkpoint 1"


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


Problem = Literal["missing", "repeated", "link", "content", "rewritten", "cut_off", "beyond_head", "head"]

SENTENCES: dict[Problem, str] = {
    "missing": "it is missing: the next event found has a higher number.",
    "repeated": "in its place stands an event whose number was used before.",
    "link": "it does not carry the hash of the event before it.",
    "content": "its content is not what was hashed when it was recorded.",
    "rewritten": "its hash is not the one that was signed or exported: the trail was written anew.",
    "cut_off": "it and what followed were cut off the end.",
    "beyond_head": "it was added behind the last event that the service recorded.",
    "head": "the number and hash kept of the last event are not those of the last event.",
}
"""What is wrong with the first event that does not hold, for a person."""


@dataclass(frozen=True)
class ChainReport:
    """Outcome of a verification.

    Attributes
    ----------
    checked : int
        Events that hold.
    first_broken : int or None
        Number of the first event that does not; None if all do.
    problem : str or None
        What is wrong with it: a key of `SENTENCES`.
    marked : int
        Number of the last event that hash kept outside confirms; 0 without any. Where the trail was
        written anew, this happened after it, at `first_broken` at the latest.
    """

    checked: int
    first_broken: int | None
    problem: Problem | None = None
    marked: int = 0

    @property
    def ok(self) -> bool:
        """Whether the whole chain holds."""
        return self.first_broken is None

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        if self.problem is None:
            kept = f" Hashes kept outside agree up to event {self.marked}." if self.marked else ""
            return f"The audit trail holds: {self.checked} events.{kept}"
        since = (
            f" Hashes kept outside agree up to event {self.marked}." if self.problem == "rewritten" else ""
        )
        return (
            f"The audit trail is broken at event {self.first_broken}: {SENTENCES[self.problem]} "
            f"{self.checked} hold before it.{since}"
        )


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


def verify(
    events: Iterable[Event], head_seq: int, head_hash: str, marks: Mapping[int, str] | None = None
) -> ChainReport:
    """Walk the chain from its first event to its head.

    Parameters
    ----------
    events : iterable of Event
        In the order of their numbers.
    head_seq, head_hash : int, str
        Number and hash of the last event, kept apart from the events: what is cut off at the end shows here.
    marks : mapping of int to str, optional
        Hashes by number that were kept outside, signed: a trail written anew, with fresh hashes and a fresh
        head, shows here alone.
    """
    marks = marks or {}
    previous, checked, marked = GENESIS, 0, 0
    for event in events:
        problem = _problem(event, checked + 1, previous, marks)
        if problem is not None:
            return ChainReport(checked, checked + 1, problem, marked)
        previous, checked = event.hash, event.seq
        marked = checked if checked in marks else marked
    if checked < max(head_seq, *marks, 0):
        return ChainReport(checked, checked + 1, "cut_off", marked)
    if checked > head_seq:
        return ChainReport(head_seq, head_seq + 1, "beyond_head", marked)
    if previous != head_hash:
        return ChainReport(max(checked - 1, 0), checked, "head", marked)
    return ChainReport(checked, None, None, marked)


def _problem(event: Event, expected: int, previous: str, marks: Mapping[int, str]) -> Problem | None:
    if event.seq != expected:
        return "missing" if event.seq > expected else "repeated"
    if event.previous_hash != previous:
        return "link"
    if event.hash != event_hash(event):
        return "content"
    if event.seq in marks and event.hash != marks[event.seq]:
        return "rewritten"
    return None


@dataclass(frozen=True)
class Checkpoint:
    """What the trail was at a moment, signed, to be kept where the service cannot write.

    Attributes
    ----------
    seq, hash : int, str
        Number and hash of the last event.
    count : int
        Events from the first to that one, all verified.
    at : str
        When it was signed: UTC, ISO 8601.
    key_id : str
        Which key signed it.
    signature : str
        Ed25519 over `message`, in base64.
    """

    seq: int
    hash: str
    count: int
    at: str
    key_id: str
    signature: str

    @property
    def message(self) -> bytes:
        """The bytes that are signed; their first words keep the signature from meaning anything else."""
        signed = [CHECKPOINT_PURPOSE, self.seq, self.hash, self.count, self.at, self.key_id]
        return canonical(signed).encode()
