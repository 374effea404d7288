"""Recording every change in its own transaction, reading the trail, verifying it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.audit import store
from app.audit.schemas import AuditEventOut, AuditPage, AuditVerdict, Wanted
from app.domain.audit_chain import ChainReport, Event, canonical, sealed, verify
from app.domain.identity import Actor, Identity
from app.platform.clock import Clock
from app.platform.cursor import read_number, write_cursor
from app.platform.database import Connection, Database

PAGE = 200


class Trail:
    """The audit trail.

    Parameters
    ----------
    database : Database
        For reading and for refusals, which have no transaction of their own.
    clock : Clock
        For the events' times.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def record(
        self,
        connection: Connection,
        who: Actor,
        action: str,
        subject: tuple[str, str],
        *,
        study_id: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> int:
        """Append one event within the caller's transaction.

        Parameters
        ----------
        connection : Connection
            In the transaction that makes the change. Rows are locked before this call, never after it: the
            trail's head is the last lock of every transaction, so that none waits for another in a circle.
        who : Actor
            Whose deed it is.
        action : str
            Noun and past participle, as `capture.received`.
        subject : tuple of str
            Kind and identifier of what was changed.
        study_id, before, after, reason
            Study; values before and after; why.

        Returns
        -------
        int
            The event's number.
        """
        seq, previous = store.lock_head(connection)
        event = sealed(
            Event(
                seq=seq + 1,
                at=self._clock.now().isoformat(timespec="microseconds"),
                actor=who.name,
                role=who.role,
                action=action,
                subject_kind=subject[0],
                subject_id=subject[1],
                study_id=study_id,
                reason=reason,
                before=canonical(before),
                after=canonical(after),
                previous_hash=previous,
                hash="",
            )
        )
        store.append(connection, event)
        return event.seq

    def record_refusal(
        self,
        who: Actor,
        action: str,
        subject: tuple[str, str],
        reason: str,
        *,
        study_id: str | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Append the event of something that did not happen, in a transaction of its own."""
        with self._database.write() as connection:
            self.record(connection, who, action, subject, study_id=study_id, after=after, reason=reason)

    def page(self, identity: Identity, cursor: str | None, wanted: Wanted | None = None) -> AuditPage:
        """One page of the trail, oldest first, or of the events wanted."""
        identity.require("audit:read")
        after_seq = read_number("audit", cursor)
        with self._database.read() as connection:
            events = store.page(connection, identity.account_id, after_seq, PAGE, wanted or Wanted())
        last = write_cursor("audit", str(events[-1].seq)) if len(events) == PAGE else None
        return AuditPage(items=[_wire(event) for event in events], next_cursor=last)

    def verdict(self, identity: Identity) -> AuditVerdict:
        """Whether the whole chain holds."""
        identity.require("audit:read")
        report = self.verify()
        return AuditVerdict(
            ok=report.ok,
            checked=report.checked,
            first_broken=report.first_broken,
            problem=report.problem,
        )

    def verify(self, marks: Mapping[int, str] | None = None) -> ChainReport:
        """Walk the whole chain.

        Parameters
        ----------
        marks : mapping of int to str, optional
            Hashes by number that were kept outside.
        """
        with self._database.read() as connection:
            store.hold_still(connection)
            seq, last = store.head(connection)
            return verify(store.events(connection), seq, last, marks)


def _wire(event: Event) -> AuditEventOut:
    return AuditEventOut(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        role=event.role,
        action=event.action,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        reason=event.reason,
        before=json.loads(event.before),
        after=json.loads(event.after),
        hash=event.hash,
    )
