"""Photographs taken without network, through kills of the browser, lost receipts and a restarted service."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.reliability.tablet_run import CHROMIUM, Outcome, TabletRun

DIST = Path(__file__).parents[2] / "app" / "web" / "dist"

PHOTOS, KILLS, RESTARTS = 12, 2, 1
"""Small enough for every run of the tests; `benchmarks/tablet_queue.py` makes the whole one."""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_photograph_is_lost_or_doubled(tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api")
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("no chromium: apt-get install chromium")
    if not (DIST / "sw.js").is_file():
        pytest.skip("the pages are not built: pip install . or npm run build in app/web")

    def run() -> Outcome:
        with api.sync_playwright() as playwright:
            return TabletRun(tmp_path, playwright, PHOTOS, KILLS, RESTARTS).run()

    # In a thread of its own: another test's browser may be open in this one, and two do not go together.
    with ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(run).result()
    print(outcome)
    assert outcome.promised == PHOTOS
    assert outcome.kills == KILLS
    assert (outcome.lost, outcome.doubled, outcome.unevented) == (0, 0, 0)
    assert outcome.trail_holds
    assert outcome.receipts_lost > 0, "no receipt was lost: the test has not tested"
