"""The queue of photographs, where the whole service would be in the way."""

from __future__ import annotations

import threading
from pathlib import Path

from app.platform.database import Database
from app.platform.jobs import Jobs
from tests.app.house import SetClock

PATIENCE_S = 30.0


def opened(database: Database) -> Jobs:
    jobs = Jobs(
        database, SetClock(), executor_id="one", polling_s=0.05, concurrency=1, heartbeat_s=1, dead_after_s=5
    )  # fmt: skip
    jobs.migrate()
    jobs.open()
    return jobs


def test_what_is_under_way_is_finished_before_the_queue_closes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'planimeter.db'}")
    database.migrate()
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def measure(_capture_id: str) -> None:
        begun.set()
        may_end.wait(PATIENCE_S)
        ended.set()

    jobs = opened(database)
    jobs.start(measure)
    with database.write() as connection:
        jobs.enqueue(connection, "a" * 32)
    assert begun.wait(PATIENCE_S)
    closing = threading.Thread(target=jobs.close)
    closing.start()
    closing.join(0.5)
    assert closing.is_alive()
    may_end.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert ended.is_set()
    jobs = opened(database)
    assert not jobs.is_under_way("a" * 32)
    jobs.close()
    database.close()
