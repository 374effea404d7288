"""What follows a lock: nothing yet, an adjudication, or the final assessment."""

from __future__ import annotations

import secrets
from importlib.metadata import version
from typing import Any

from app.audit.service import Trail
from app.domain.case_assembly import chosen_readers, first_is_a
from app.domain.identity import SYSTEM
from app.domain.reading_rules import consensus_uncertainty
from app.domain.timepoint import Timepoint
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.platform.jobs import Jobs
from app.reading_room import store
from app.reading_room.assembly import Assembly
from app.reading_room.desks import Desks
from app.reading_room.pictures import Pictures
from app.reading_room.timepoints import Desk, finding_of

MOST_ATTEMPTS = 1_000_000_000
"""Numbers of jobs are drawn below this: those of one photograph must differ, and nothing more."""


class Conclusion:
    """Concludes timepoints.

    Parameters
    ----------
    database, clock, trail, jobs
        As everywhere.
    desks : Desks
        Where cases lie.
    assembly : Assembly
        Makes the adjudicator's case.
    pictures : Pictures
        Compares outlines.
    secret : bytes
        Key of who adjudicates, and of who is A.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        jobs: Jobs,
        desks: Desks,
        assembly: Assembly,
        pictures: Pictures,
        secret: bytes,
    ) -> None:
        self._database, self._clock, self._trail, self._jobs = database, clock, trail, jobs
        self._desks, self._assembly, self._pictures, self._secret = desks, assembly, pictures, secret

    def follow(self, connection: Connection, case: Record, after: Timepoint, desk: Desk) -> dict[str, Any]:
        """Do what the rules say after a lock; what that was, for the lock's audit event."""
        if case.kind == "repeat":
            return {}
        if after.state == "adjudication" and after.adjudication is None:
            return self._send(connection, case, after, desk)
        if after.state == "final":
            return self._conclude(connection, case, after, desk)
        return {}

    def send_waiting(self, account_id: str) -> None:
        """Give discordant timepoints that found nobody to judge them to the adjudicators there are now."""
        with self._database.read() as connection:
            waiting = [
                place
                for study in store.studies_of(connection, account_id)
                for place in store.unjudged(connection, study)
            ]
        for place in waiting:
            with self._database.write() as connection:
                store.lock_capture(connection, place.capture_id)
                case = store.case(connection, place.account_id, place.code)
                if case is None:
                    continue
                desk = self._desks.laid_out(connection, case).desk
                told = self.follow(connection, case, desk.timepoint, desk)
                if told.get("adjudication"):
                    self._trail.record(
                        connection, SYSTEM, "case.sent", ("case", told["adjudication"]),
                        study_id=case.study_id, after=told,
                    )  # fmt: skip

    def _send(self, connection: Connection, case: Record, after: Timepoint, desk: Desk) -> dict[str, Any]:
        adjudicators = store.people(connection, case.study_id, "adjudicator")
        chosen = chosen_readers(self._secret, case.capture_id, case.round, adjudicators, 1)
        told: dict[str, Any] = {"discordant": list(after.disagreements)}
        if not chosen:
            return told
        after.sent_to(chosen[0])
        capture = store.capture(connection, case.capture_id)
        row = self._assembly.case(
            case.study_id, capture, chosen[0], "adjudication", case.round, self._clock.now()
        )
        sides = [read.code for read in desk.reads()]
        row["sides"] = sides if first_is_a(self._secret, row["code"]) else sides[::-1]
        store.insert_cases(connection, [row])
        return told | {"adjudication": row["code"]}

    def _conclude(self, connection: Connection, case: Record, after: Timepoint, desk: Desk) -> dict[str, Any]:
        final = after.finals[-1]
        reads = [desk.said[read.code][-1] for read in desk.reads()]
        judgement = desk.last(case.code) if final.adjudicated else None
        values = {
            "capture_id": case.capture_id,
            "version": final.version,
            "category": final.category,
            "area_mm2": final.area_mm2,
            "u_area_mm2": self._uncertainty(final.category, reads, judgement),
            "adjudicated": final.adjudicated,
            "agreement": self._agreement(case, reads),
            "reads": [read.code for read in desk.reads()] + ([case.code] if final.adjudicated else []),
            "protocol_version": case.protocol_version,
            "software": version("planimeter"),
        }
        store.insert_assessment(connection, id=new_id(), made_at=self._clock.now(), **values)
        # The ulcer's healing follows beside, for it takes a while: another job for the same photograph.
        self._jobs.enqueue(connection, case.capture_id, secrets.randbelow(MOST_ATTEMPTS) + 1)
        return {"assessment": values}

    @staticmethod
    def _uncertainty(category: str, reads: list[Record], judgement: Record | None) -> float | None:
        if category != "open":
            return None
        if judgement is not None:
            u_area: float = judgement.u_area_mm2
            return u_area
        findings = tuple(finding_of(read) for read in reads)
        return consensus_uncertainty(findings, tuple(read.u_area_mm2 for read in reads))

    def _agreement(self, case: Record, reads: list[Record]) -> dict[str, Any]:
        """How the readers agreed: categories, difference of two areas in per cent of their mean, Dice."""
        told: dict[str, Any] = {"categories": sorted(read.category for read in reads)}
        drawn = [read for read in reads if read.category == "open"]
        if len(drawn) == len(reads) == 2:  # noqa: PLR2004  (a difference is between two)
            one, other = drawn
            mean = (one.area_mm2 + other.area_mm2) / 2
            told["area_difference_percent"] = 100 * abs(one.area_mm2 - other.area_mm2) / mean
            told["dice"] = self._pictures.dice(case.skin_map_sha256, one.rings, other.rings)
        return told
