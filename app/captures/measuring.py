"""The job: one photograph measured once, whoever runs it and however often."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

import structlog

from app.audit.service import Trail
from app.captures import store
from app.captures.measurer import Measurer, Outcome
from app.domain.identity import SYSTEM
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.platform.jobs import Jobs
from app.platform.telemetry import Figures, where
from app.studies.service import Studies
from calibration.photo import Optics

log = structlog.get_logger()

TOLD = ("area_mm2", "u_area_mm2", "model", "version")
"""Numbers of a measurement that its audit event repeats."""


class Follower(Protocol):
    """Whatever brings an ulcer up to date once one of its photographs was measured, or read."""

    def follow(self, ulcer_id: str) -> None:
        """Bring the ulcer up to date; called again, it changes nothing."""


class Measuring:
    """Works off the queue of captures.

    Parameters
    ----------
    database, clock, trail, studies, blobs, jobs
        As everywhere.
    measurer : Measurer
        The pipeline.
    followers : sequence of Follower
        What comes after a measurement, one after the other.
    figures : Figures
        For the time taken.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        studies: Studies,
        blobs: BlobStore,
        jobs: Jobs,
        measurer: Measurer,
        followers: Sequence[Follower],
        figures: Figures,
    ) -> None:
        self._database, self._clock, self._trail, self._studies = database, clock, trail, studies
        self._blobs, self._jobs, self._measurer = blobs, jobs, measurer
        self._followers, self._figures = tuple(followers), figures

    @property
    def algorithm(self) -> str:
        """What measures here; raises now, rather than at the first photograph, where nothing can."""
        return self._measurer.algorithm

    def warm_up(self) -> None:
        """Get ready to measure, so that the first photograph takes no longer than the next."""
        self._measurer.warm_up()

    def run(self, capture_id: str) -> None:
        """Measure a capture unless that is done, then bring its ulcer's healing up to date.

        May be called any number of times for the same capture, by several processes at once: results are
        unique per capture and algorithm.
        """
        started = time.monotonic()
        with self._database.read() as connection:
            capture = store.by_id(connection, capture_id)
        if capture is None:
            log.warning("job_without_capture", capture_id=capture_id)
            return
        if capture.state in store.UNFINISHED:
            self._measure(capture)
            self._figures.measuring_seconds.observe(time.monotonic() - started)
        for follower in self._followers:
            follower.follow(capture.ulcer_id)

    def requeue_unfinished(self) -> int:
        """At start-up: a new job for every capture without a result that no job stands for."""
        with self._database.read() as connection:
            waiting = store.unfinished(connection)
        left = [capture_id for capture_id in waiting if not self._jobs.is_under_way(capture_id)]
        for capture_id in left:
            attempt = self._jobs.attempts(capture_id)
            with self._database.write() as connection:
                self._jobs.enqueue(connection, capture_id, attempt)
        if left:
            log.info("requeued", count=len(left))
        return len(left)

    def waiting(self) -> int:
        """How many captures have no result yet."""
        with self._database.read() as connection:
            return store.count_unfinished(connection)

    def _measure(self, capture: Record) -> None:
        self._enter(capture.id, "measuring", ("received", "failed"))
        try:
            protocol = self._studies.protocol(capture.study_id, capture.protocol_version)
            content = self._blobs.get(capture.sha256)
            lot = protocol.print_lot(capture.print_lot) if capture.print_lot is not None else None
            measured = lot.measured() if lot is not None else None
            told = Optics(capture.focal_35mm_mm, capture.digital_zoom_ratio, capture.orientation)
            outcome = self._measurer.measure(content, protocol.gate, capture.pose, measured, told)
            pictures = self._keep(outcome)
            self._store(capture.id, outcome, pictures)
        except Exception as error:
            log.error(
                "measuring_failed",
                capture_id=capture.id,
                error_type=type(error).__name__,
                where=where(error),
            )
            self._enter(capture.id, "failed", ("measuring",), reason=type(error).__name__)
            raise

    def _enter(
        self, capture_id: str, state: str, allowed: tuple[str, ...], reason: str | None = None
    ) -> None:
        """Move a capture to a state, with its audit event, if it is in one from which that is allowed."""
        with self._database.write() as connection:
            capture = store.locked(connection, capture_id)
            if capture is None or capture.state not in allowed:
                return
            seq = self._record(connection, f"capture.{state}", capture, {"state": state}, reason)
            store.update(connection, capture_id, state=state, changed_seq=seq)
        self._figures.captures.labels(state).inc()

    def _record(
        self,
        connection: Connection,
        action: str,
        capture: Record,
        after: dict[str, Any],
        reason: str | None = None,
    ) -> int:
        return self._trail.record(
            connection,
            SYSTEM,
            action,
            ("capture", capture.id),
            study_id=capture.study_id,
            before={"state": capture.state},
            after=after,
            reason=reason,
        )

    def _keep(self, outcome: Outcome) -> dict[str, str]:
        if outcome.pictures is None:
            return {}
        return {
            "reading_sha256": self._blobs.put(outcome.pictures.reading_png),
            "overlay_sha256": self._blobs.put(outcome.pictures.overlay_png),
            "footprint_sha256": self._blobs.put(outcome.pictures.footprint),
            "skin_map_sha256": self._blobs.put(outcome.pictures.skin_map),
        }

    def _store(self, capture_id: str, outcome: Outcome, pictures: dict[str, str]) -> None:
        """Exactly one measurement per capture and algorithm: the slower of two workers finds it done."""
        algorithm = self._measurer.algorithm
        with self._database.write() as connection:
            capture = store.locked(connection, capture_id)
            if capture is None or store.has_measurement(connection, capture_id, algorithm):
                return
            store.insert_measurement(
                connection,
                id=new_id(),
                capture_id=capture_id,
                algorithm=algorithm,
                status=outcome.status,
                quality=outcome.quality,
                measured_at=self._clock.now(),
                machine_rings=outcome.rings,
                **outcome.numbers,
                **pictures,
            )
            accepted = outcome.status == "measured" and not store.has_accepted(
                connection, capture.ulcer_id, capture.visit_code
            )
            told = {name: outcome.numbers[name] for name in TOLD if name in outcome.numbers}
            refused = [item["code"] for item in outcome.quality if not item["passed"]]
            after = {"state": outcome.status, "algorithm": algorithm, "accepted": accepted} | told
            seq = self._record(
                connection, f"capture.{outcome.status}", capture, after, ", ".join(refused) or None
            )
            store.update(
                connection,
                capture_id,
                state=outcome.status,
                algorithm=algorithm,
                accepted=accepted,
                changed_seq=seq,
            )
        self._figures.captures.labels(outcome.status).inc()
        log.info("measured", capture_id=capture_id, state=outcome.status, reasons=refused)
