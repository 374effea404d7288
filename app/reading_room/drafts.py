"""Drafts: kept stroke by stroke, until the reader signs."""

from __future__ import annotations

import json
from typing import Any

from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.domain.reading_rules import Finding
from app.domain.timepoint import Timepoint
from app.platform.clock import Clock
from app.platform.database import Connection, Database
from app.platform.ids import new_id
from app.reading_room import store
from app.reading_room.desks import Desks, OpenCase, last_is, said_again
from app.reading_room.pictures import Pictures
from app.reading_room.schemas import CaseOut, DraftIn, DraftOut, OwnIn
from app.reading_room.views import case_view, draft_view


class Drafts:
    """Keeps drafts.

    Parameters
    ----------
    database, clock
        As everywhere.
    desks : Desks
        Where cases lie.
    pictures : Pictures
        Measures what is drawn.
    """

    def __init__(self, database: Database, clock: Clock, desks: Desks, pictures: Pictures) -> None:
        self._database, self._clock, self._desks, self._pictures = database, clock, desks, pictures

    def keep(self, identity: Identity, code: str, draft: DraftIn) -> DraftOut:
        """Keep a draft; the same draft sent again changes nothing.

        Raises
        ------
        CodedError
            `not_found`, `case_not_opened`, `case_locked`; `draft_is_older` when another was kept meanwhile.
        """
        with self._database.write() as connection:
            case = self._desks.held(connection, identity, code)
            if case.row.state == "queued":
                raise CodedError("case_not_opened")
            values = self._said(case, draft)
            known = case.last.number if case.last is not None else 0
            if draft.number == known and _same(said_again(case.latest()), values):
                return draft_view(case.latest(), case.row, case.charter)
            self._rules(case, identity, draft, values)
            if draft.number != known + 1:
                raise CodedError("draft_is_older", {"number": known})
            self._insert(connection, identity, case, "draft", draft.number, values)
            kept = self._desks.at(connection, identity, code)
            return draft_view(kept.latest(), kept.row, kept.charter)

    def own_stands(self, identity: Identity, code: str, own: OwnIn) -> CaseOut:
        """Keep the reader's own outline as it is and show the machine's.

        Raises
        ------
        CodedError
            `machine_outline_hidden` unless the charter shows it then; what is missing from the draft;
            `draft_is_older` when another was kept after the one that is to stand.
        """
        with self._database.write() as connection:
            case = self._desks.held(connection, identity, code)
            if case.is_judgement:  # what the machine drew, an adjudicator sees from the start or not at all
                raise CodedError("machine_outline_hidden")
            case.desk.timepoint.own_stands(identity.account_id)
            last = case.latest()
            last_is(last, own.number)
            self._insert(connection, identity, case, "own", last.number + 1, said_again(last))
            kept = self._desks.at(connection, identity, code)
            return case_view(kept, self._pictures.size(kept.row.skin_map_sha256, kept.row.crop))

    def _said(self, case: OpenCase, draft: DraftIn) -> dict[str, Any]:
        """What a draft says, in pixels of the whole picture, with its area."""
        if draft.choice is not None and not case.is_judgement:
            raise CodedError(
                "invalid_request", {"errors": [{"where": "body.choice", "what": "no judgement"}]}
            )
        if draft.choice in {"A", "B"}:
            chosen = case.desk.last(case.row.sides["AB".index(draft.choice)])
            if chosen is None:
                raise LookupError("a discordant timepoint without a locked read")
            return said_again(chosen) | {"sides_with": chosen.code, "confidence": draft.confidence}
        rings = self._pictures.whole(draft.rings, case.row.crop)
        area_mm2, u_area_mm2 = self._pictures.area(case.row.skin_map_sha256, rings)
        return {
            "category": draft.category,
            "reason": draft.reason,
            "confidence": draft.confidence,
            "tissue": draft.tissue.model_dump() if draft.tissue else None,
            "rings": rings,
            "area_mm2": area_mm2,
            "u_area_mm2": u_area_mm2,
            "sides_with": None,
        }

    @staticmethod
    def _rules(case: OpenCase, identity: Identity, draft: DraftIn, values: dict[str, Any]) -> Timepoint:
        """Whether the rules allow the draft."""
        timepoint, account = case.desk.timepoint, identity.account_id
        if values["sides_with"] is not None:
            reader = case.desk.cases[values["sides_with"]].account_id
            return timepoint.chose(account, reader, draft.confidence)
        finding = Finding(values["category"], values["area_mm2"], values["reason"], values["confidence"])
        if case.is_judgement:
            return timepoint.drew(account, finding)
        return timepoint.drafted(account, finding)

    def _insert(
        self,
        connection: Connection,
        identity: Identity,
        case: OpenCase,
        kind: str,
        number: int,
        values: dict[str, Any],
    ) -> None:
        record_id = new_id()
        store.insert_record(
            connection, id=record_id, code=case.row.code, number=number, kind=kind,
            recorded_at=self._clock.now(), **values,
        )  # fmt: skip
        store.update_case(connection, case.row.code, state="drafted")
        told = {name: values[name] for name in ("category", "reason", "confidence", "area_mm2")}
        action = "read.drafted" if kind == "draft" else "read.own_stands"
        after = {"state": "drafted", "record": record_id, "number": number} | told
        self._desks.record(connection, identity, case, action, after)


def _same(said: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether two records say the same, corner by corner; what comes back from the database has lists."""
    one, other = (json.loads(json.dumps(item)) for item in (said, values))
    return bool(one == other)
