"""Workers share the queue on PostgreSQL and take over from one that was killed; on SQLite there is one."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from app.platform.tables import audit_events, captures, measurements
from tests.app import postgres
from tests.reliability.photos import plain
from tests.reliability.processes import Installation, Sender, kill, stop

PHOTOS = 40


@pytest.fixture
def installation(tmp_path: Path, postgres_server: str) -> Installation:
    """A service on PostgreSQL that leaves the measuring to workers."""
    more = {"MEASURE_IN_SERVER": "false", "HEARTBEAT_S": "0.5", "WORKER_DEAD_AFTER_S": "2"}
    installation = Installation(tmp_path, postgres.new_database(postgres_server), more)
    installation.furnish()
    return installation


def _send_all(installation: Installation, client: httpx.Client) -> None:
    sender = Sender(client, installation.ulcer_id, [])
    for number in range(PHOTOS):
        sender._send(f"{number:032x}", plain(number))
    assert len(sender.receipts) == PHOTOS
    assert not sender.refused


def _wait_for_results(installation: Installation, client: httpx.Client, left: int = 0) -> None:
    deadline = time.monotonic() + 120
    while installation.waiting(client) > left:
        assert time.monotonic() < deadline, "captures without a result"
        time.sleep(0.1)


def _check_each_once(installation: Installation) -> None:
    services = installation.services()
    with services.database.read() as connection:
        assert set(connection.scalars(sa.select(captures.c.state))) == {"refused"}
        results = Counter(connection.scalars(sa.select(measurements.c.capture_id)))
        told = connection.execute(
            sa.select(audit_events.c.subject_id, audit_events.c.action).where(
                audit_events.c.subject_kind == "capture"
            )
        ).all()
        events = Counter((row.subject_id, row.action) for row in told)
    assert len(results) == PHOTOS
    assert set(results.values()) == {1}
    assert Counter(action for _, action in events) == dict.fromkeys(
        ("capture.received", "capture.measuring", "capture.refused"), PHOTOS
    )
    assert set(events.values()) == {1}
    assert services.trail.verify().ok
    services.close()


def _shares(installation: Installation) -> Counter[str | None]:
    client = DBOSClient(system_database_url=installation.database_url)
    jobs = client.list_workflows(load_input=False, load_output=False)
    client.destroy()
    return Counter(job.executor_id for job in jobs)


@pytest.mark.slow
def test_two_workers_share_forty_captures(installation: Installation) -> None:
    server = installation.start("serve")
    workers = [installation.start("worker") for _ in range(2)]
    try:
        installation.wait_until_up(server)
        client = installation.signed_in()
        _send_all(installation, client)
        _wait_for_results(installation, client)
    finally:
        for process in (*workers, server):
            stop(process)
    _check_each_once(installation)
    shares = _shares(installation)
    assert sum(shares.values()) == PHOTOS
    assert len(shares) == 2, f"both workers worked: {shares}"
    print(f"shares: {sorted(shares.values())}")


@pytest.mark.slow
def test_work_of_a_killed_worker_is_taken_over(installation: Installation) -> None:
    server = installation.start("serve")
    doomed = installation.start("worker", EXECUTOR_ID="doomed", MEASURING_CONCURRENCY="8")
    survivor = None
    try:
        installation.wait_until_up(server)
        client = installation.signed_in()
        _send_all(installation, client)
        _wait_for_results(installation, client, left=PHOTOS - 1)
        kill(doomed)
        assert installation.waiting(client) > 0, "killed too late to leave anything undone"
        survivor = installation.start("worker", EXECUTOR_ID="survivor")
        _wait_for_results(installation, client)
    finally:
        for process in (doomed, survivor, server):
            if process is not None and process.poll() is None:
                stop(process)
    _check_each_once(installation)


@pytest.mark.slow
def test_on_sqlite_two_processes_answer_and_one_worker_measures(tmp_path: Path) -> None:
    more = {"MEASURE_IN_SERVER": "false", "WORKERS": "2"}
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'planimeter.db'}", more)
    installation.furnish()
    server, worker = installation.start("serve"), installation.start("worker")
    try:
        installation.wait_until_up(server)
        client = installation.signed_in()
        _send_all(installation, client)
        _wait_for_results(installation, client)
        second = installation.start("worker")
        assert second.wait(timeout=60) == 2, "a second worker is refused"
    finally:
        for process in (worker, server):
            stop(process)
    _check_each_once(installation)
