"""Areas and healing over time, and the endpoints that follow from them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from app.domain.endpoints import EndpointRule, Observation, evaluate
from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.platform.cursor import read_number, write_cursor
from app.platform.database import Connection, Database, Record
from app.series import store
from app.series.schemas import EndpointOut, SeriesItem, SeriesPage
from app.studies.schemas import Protocol
from app.studies.service import Studies

PAGE = 500


class Series:
    """Series of the account's studies.

    Parameters
    ----------
    database, studies
        As everywhere.
    """

    def __init__(self, database: Database, studies: Studies) -> None:
        self._database, self._studies = database, studies

    def page(self, identity: Identity, study_id: str | None, cursor: str | None) -> SeriesPage:
        """Rows that changed since the cursor.

        Raises
        ------
        CodedError
            `forbidden`, `not_found` (study out of reach), `invalid_cursor`.
        """
        rows = self._rows(identity, study_id, read_number("series", cursor), PAGE)
        following = write_cursor("series", str(rows[-1].changed_seq)) if rows else cursor
        return SeriesPage(items=[self._item(row) for row in rows], next_cursor=following)

    def table(self, identity: Identity, study_id: str | None, cursor: str | None) -> tuple[str, str]:
        """The same without pages, as CSV, and the cursor for later increments."""
        rows = self._rows(identity, study_id, read_number("series", cursor), None)
        text = io.StringIO()
        writer = csv.DictWriter(text, list(SeriesItem.model_fields), lineterminator="\r\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(self._item(row).model_dump())
        return text.getvalue(), write_cursor("series", str(rows[-1].changed_seq)) if rows else cursor or ""

    def endpoints(self, identity: Identity, study_id: str) -> list[EndpointOut]:
        """Every endpoint rule of the protocol, evaluated on every ulcer's accepted measurements."""
        identity.require("endpoint:read")
        rows = self._rows(identity, study_id, 0, None)
        with self._database.read() as connection:
            _, protocol = self._studies.current(connection, identity, study_id)
        by_ulcer: dict[str, list[Record]] = defaultdict(list)
        for row in rows:
            if row.accepted:
                by_ulcer[row.ulcer_id].append(row)
        return [
            outcome
            for ulcer in sorted(by_ulcer.values(), key=lambda rows: (rows[0].subject_code, rows[0].ulcer_id))
            for outcome in self._outcomes(ulcer, protocol)
        ]

    def _outcomes(self, rows: list[Record], protocol: Protocol) -> list[EndpointOut]:
        observations = sorted(
            (Observation(self._day(row), row.area_mm2, row.percent_area_reduction) for row in rows),
            key=lambda observation: observation.day,
        )
        outcomes = []
        for plan in protocol.endpoint_rules:
            rule = EndpointRule(plan.kind, plan.by_day, plan.confirm_after_days, plan.reduction_percent)
            interval = evaluate(rule, observations)
            outcomes.append(
                EndpointOut(
                    ulcer_id=rows[0].ulcer_id,
                    subject_code=rows[0].subject_code,
                    site_code=rows[0].site_code,
                    rule=plan.code,
                    rule_version=plan.version,
                    reached=interval.reached,
                    after_day=interval.after_day,
                    by_day=interval.by_day,
                )
            )
        return outcomes

    def _rows(
        self, identity: Identity, study_id: str | None, after_seq: int, limit: int | None
    ) -> list[Record]:
        reach = identity.require("series:read")
        with self._database.read() as connection:
            reached = self._studies.reached(connection, identity)
            if study_id is not None and study_id not in reached:
                raise CodedError("not_found")
            if reach == "own_site_if_allowed":
                reached = self._allowed(connection, identity, study_id)
            wanted = reached if study_id is None else frozenset({study_id})
            return store.changed(
                connection, identity.account_id, study_ids=wanted, after_seq=after_seq, limit=limit
            )

    def _allowed(self, connection: Connection, identity: Identity, study_id: str | None) -> frozenset[str]:
        allowed = self._studies.where_staff_see_areas(connection, identity)
        if study_id is not None and study_id not in allowed:
            raise CodedError("forbidden")
        return allowed

    def _day(self, row: Record) -> int:
        """Days since the baseline, by the camera's clock where it is known."""
        if row.taken_at is not None:
            return int((row.taken_at.date() - row.baseline_on).days)
        visit = self._studies.protocol(row.study_id, row.protocol_version).visit(row.visit_code)
        if visit is None:
            raise LookupError("a stored capture names a visit that its protocol does not have")
        return visit.day

    def _item(self, row: Record) -> SeriesItem:
        told = {name: row._mapping[name] for name in SeriesItem.model_fields if name != "day"}
        return SeriesItem(day=self._day(row), **told)
