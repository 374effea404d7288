"""Durable jobs: queued in the caller's own transaction, run by this process or by another machine's.

A job is one photograph to measure. It may be started more than once (a process was killed, two watchdogs
disagreed): the handler must bear that, and does, because results are unique per capture and algorithm.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.tables import workers

APPLICATION = "planimeter"
QUEUE = "measuring"
WORKFLOW = "measure_capture"

JOB_FORM = "1"
"""Version of what a job says, pinned: work queued before an update must be found by the process after it."""

MOST_PER_MACHINE = 64
"""Processes that measure on one machine: one more than it could have cores for."""

AT_ONCE, IN_THE_BACKGROUND = 1, 2
"""Priorities on the queue, the lower first: a nurse waits at the bedside, an import does not."""

SHUTDOWN_SECONDS = 30
"""A measurement under way is finished when the service stops; whatever is not goes back to the queue."""

Handler = Callable[[str], None]

log = structlog.get_logger()
_handler: Handler | None = None


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=1_000)
def _measure_capture(capture_id: str) -> None:
    """DBOS finds workflows by name among functions of a module, so the handler cannot be a closure."""
    if _handler is None:
        raise RuntimeError("no handler: this process was not started to measure")
    _handler(capture_id)


class AlreadyMeasuredError(RuntimeError):
    """Another process works off the queue of this SQLite file."""


class Jobs:
    """The queue of photographs to measure.

    Parameters
    ----------
    database : Database
        Where captures live: the queue lives there too, so that queueing can be part of a transaction.
    clock : Clock
        For the workers' signs of life.
    executor_id : str
        Name of this process among those on the same database; the same after a restart.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        executor_id: str,
        polling_s: float,
        concurrency: int,
        heartbeat_s: float,
        dead_after_s: float,
    ) -> None:
        self._database, self._clock = database, clock
        self._executor_id, self._polling_s, self._concurrency = executor_id, polling_s, concurrency
        self._heartbeat_s, self._dead_after = heartbeat_s, timedelta(seconds=dead_after_s)
        self._url = database.url.render_as_string(hide_password=False)
        self._client: DBOSClient | None = None
        self._stopping = threading.Event()
        self._watchdog: threading.Thread | None = None

    def migrate(self) -> None:
        """Bring the queue's own tables to their form."""
        DBOS.migrate(self._url)

    def open(self) -> None:
        """Connect, to enqueue."""
        self._client = DBOSClient(system_database_url=self._url, application_name=APPLICATION)

    def enqueue(
        self, connection: Connection, capture_id: str, attempt: int = 0, *, priority: int = AT_ONCE
    ) -> None:
        """Queue a photograph within the caller's transaction: it is queued if and only if that commits.

        Parameters
        ----------
        connection : Connection
            In its transaction.
        capture_id : str
            What to measure.
        attempt : int
            0 on receipt; another number for a new attempt at the same capture.
        priority : int
            `AT_ONCE` or `IN_THE_BACKGROUND`.
        """
        if self._client is None:
            raise RuntimeError("the queue is not open")
        workflow_id = f"{capture_id}-{attempt}" if attempt else capture_id
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": workflow_id,
                "app_version": JOB_FORM,
                "priority": priority,
            },
            capture_id,
        )

    def start(self, handler: Handler) -> None:
        """Begin to work off the queue in this process; its own unfinished jobs first.

        Raises
        ------
        AlreadyMeasuredError
            If another process works off this SQLite file's queue.
        """
        self._executor_id = self._claimed_name()
        global _handler  # noqa: PLW0603  (DBOS keeps one instance a process, and so do we)
        _handler = handler
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._url,
            "executor_id": self._executor_id,
            "application_version": JOB_FORM,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": self._polling_s,
        }
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._concurrency,
            polling_interval_sec=self._polling_s,
            on_conflict="always_update",
        )
        self._sign_of_life()
        self._stopping.clear()
        self._watchdog = threading.Thread(target=self._watch, name="job-watchdog", daemon=True)
        self._watchdog.start()

    def _claimed_name(self) -> str:
        """This process's name; with a number when another on the same machine has it.

        The name survives a restart, so that a process finds its own unfinished work, and two living processes
        never share one, so that none takes the other's.
        """
        wanted = [self._executor_id]
        if not self._database.is_sqlite:
            wanted += [f"{self._executor_id}-{number}" for number in range(2, MOST_PER_MACHINE + 1)]
        for name in wanted:
            if self._database.claim(name):
                return name
        raise AlreadyMeasuredError("another process measures on this database already")

    def close(self) -> None:
        """Stop working, after what is under way, and disconnect."""
        global _handler  # noqa: PLW0603
        if self._watchdog is not None:
            self._stopping.set()
            self._watchdog.join()
            self._watchdog = None
            DBOS.destroy(workflow_completion_timeout_sec=SHUTDOWN_SECONDS)
            self._sign_off()
            _handler = None
        if self._client is not None:
            self._client.destroy()
            self._client = None

    def is_under_way(self, capture_id: str) -> bool:
        """Whether a job for the capture is queued or running."""
        if self._client is None:
            raise RuntimeError("the queue is not open")
        found = self._client.list_workflows(
            workflow_id_prefix=capture_id, status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
        )
        return bool(found)

    def attempts(self, capture_id: str) -> int:
        """How many jobs there have been for the capture."""
        if self._client is None:
            raise RuntimeError("the queue is not open")
        found = self._client.list_workflows(
            workflow_id_prefix=capture_id, load_input=False, load_output=False
        )
        return len(found)

    def _watch(self) -> None:
        while not self._stopping.wait(self._heartbeat_s):
            try:
                self._sign_of_life()
                self._take_over()
            except Exception as error:  # (the watchdog outlives a database that is away for a while)
                log.warning("watchdog_failed", error_type=type(error).__name__, executor_id=self._executor_id)

    def _sign_of_life(self) -> None:
        dialect = sqlite if self._database.is_sqlite else postgresql
        now = self._clock.now()
        insert = dialect.insert(workers).values(executor_id=self._executor_id, seen_at=now)
        with self._database.write() as connection:
            connection.execute(
                insert.on_conflict_do_update(index_elements=["executor_id"], set_={"seen_at": now})
            )

    def _sign_off(self) -> None:
        with self._database.write() as connection:
            connection.execute(sa.delete(workers).where(workers.c.executor_id == self._executor_id))

    def _take_over(self) -> None:
        """Put the unfinished work of silent processes back into the queue; one watchdog alone does each."""
        limit = self._clock.now() - self._dead_after
        with self._database.write() as connection:
            dead = connection.scalars(
                sa.delete(workers)
                .where(workers.c.seen_at < limit, workers.c.executor_id != self._executor_id)
                .returning(workers.c.executor_id)
            ).all()
        if not dead or self._client is None:
            return
        left = self._client.list_workflows(
            status="PENDING", executor_id=list(dead), name=WORKFLOW, load_input=False, load_output=False
        )
        if left:
            self._client.resume_workflows([job.workflow_id for job in left], queue_name=QUEUE)
        log.warning("took_over", count=len(left), executor_id=self._executor_id)
