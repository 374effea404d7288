"""kill -9 of the real server, again and again, under a client that retries: absent or whole."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.platform.blobs import LocalBlobs
from app.platform.tables import audit_events, captures, measurements
from tests.reliability.photos import finger, plain
from tests.reliability.processes import Installation, Sender, kill, stop

FEW_REAL = 30
"""Photographs without a card to each finger: measuring one takes seconds, and all must be done in the end."""

LONGEST_LIFE_S = 1.2
"""Of a server after its first answer: long enough for some photographs, short enough to die in any step."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_capture_is_absent_or_whole(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    kills = pytestconfig.getoption("kills")
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'planimeter.db'}")
    installation.furnish()
    chance = random.Random(20260105)
    server = installation.start("serve")
    installation.wait_until_up(server)
    photos = [finger()] + [plain(number) for number in range(FEW_REAL)]
    sender = Sender(installation.signed_in(), installation.ulcer_id, photos)
    sender.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
        kill(server)
        server = installation.start("serve")
        installation.wait_until_up(server)
    sender.enough.set()
    sender.join(timeout=60)
    assert not sender.is_alive()
    deadline = time.monotonic() + 300
    while installation.waiting(installation.signed_in()):
        assert time.monotonic() < deadline, "captures without a result"
        time.sleep(0.2)
    stop(server)
    assert not sender.refused
    assert len(sender.receipts) > kills / 2
    assert sender.cut_off >= kills / 2, "too few uploads were cut off midway: the test has not tested"
    _check_whole(installation, sender)


def _check_whole(installation: Installation, sender: Sender) -> None:
    services = installation.services()
    with services.database.read() as connection:
        rows = connection.execute(sa.select(captures)).all()
        results = Counter(connection.scalars(sa.select(measurements.c.capture_id)))
        received = Counter(
            connection.scalars(
                sa.select(audit_events.c.subject_id).where(audit_events.c.action == "capture.received")
            )
        )
    blobs = LocalBlobs(services.settings.blob_dir)
    for row in rows:
        assert hashlib.sha256(blobs.get(row.sha256)).hexdigest() == row.sha256
        assert received[row.id] == 1, "exactly one audit event of receipt"
        assert results[row.id] == 1, "exactly one measurement"
        assert row.state in {"measured", "refused"}
    known = {row.id: row for row in rows}
    for capture_id, receipt in sender.receipts.items():
        assert known[capture_id].sha256 == receipt["sha256"]
    assert set(received) == set(known)
    assert {row.state for row in rows} == {"measured", "refused"}
    report = services.trail.verify()
    assert report.ok
    services.close()
    print(
        f"{sender.cut_off} uploads cut off, {len(sender.receipts)} receipts, "
        f"{len(rows)} captures, {report.checked} events"
    )
