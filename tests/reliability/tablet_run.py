"""A nurse's tablet that is killed, cut off and lied to by its network, in front of a real service."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.platform.tables import audit_events, captures
from tests.app.house import PASSWORD
from tests.reliability.photos import plain
from tests.reliability.processes import Installation, free_port, kill
from tests.reliability.proxy import Proxy

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
LOST_SHARE = 0.3
"""Of receipts, after the service has committed."""

LATEST_KILL_S = 0.8
"""After a photograph was handed to the page: before, within and after its way to the disk."""

BETWEEN_KILLS_S = (0.5, 3.0)
PATIENCE_S = 60.0

COUNT = """(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("planimeter");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const count = opening.result.transaction(store).objectStore(store).count();
    count.onsuccess = () => { opening.result.close(); resolve(count.result); };
  };
})"""


@dataclass(frozen=True)
class Outcome:
    """What became of the photographs.

    Attributes
    ----------
    promised : int
        Photographs of which the page said that they are kept.
    lost, doubled : int
        Of those, without a capture; pictures with more than one.
    unevented : int
        Captures without exactly one audit event of receipt.
    beyond : int
        Captures of photographs that were on the disk before the page could say so.
    receipts_lost, kills, restarts : int
        What was done to them.
    trail_holds : bool
        Whether the audit trail's chain verifies.
    """

    promised: int
    lost: int
    doubled: int
    unevented: int
    beyond: int
    receipts_lost: int
    kills: int
    restarts: int
    trail_holds: bool


@dataclass
class TabletRun:
    """One run.

    Attributes
    ----------
    folder : Path
        Empty; holds the service's data and the browser's profile.
    playwright : Any
        Of `sync_playwright`.
    """

    folder: Path
    playwright: Any
    photos: int
    kills: int
    restarts: int
    chance: random.Random = field(default_factory=lambda: random.Random(20260105))
    say: Callable[[str], None] = lambda _text: None
    promised: set[str] = field(default_factory=set)
    killed: int = 0

    def run(self) -> Outcome:
        """Take, kill, drain, kill and restart; then count."""
        self._installation = Installation(
            self.folder / "service", f"sqlite:///{self.folder / 'service.db'}", {"MEASURE_IN_SERVER": "false"}
        )
        self._installation.folder.mkdir()
        self._installation.furnish()
        self._server = self._installation.start("serve")
        self._installation.wait_until_up(self._server)
        self._down = False
        self._proxy = Proxy(self._installation.address, lose=self._loses)
        self._browser: subprocess.Popen[bytes] | None = None
        try:
            self._open()
            self._reach_the_shutter()
            self._take_all()
            self._drain()
        finally:
            self._kill_browser()
            self._proxy.close()
            kill(self._server)
        return self._count()

    def _loses(self, method: str, path: str) -> bool:
        """The first receipt is always lost: so few photographs could be lucky."""
        receipt = method == "PUT" and path.startswith("/v1/captures/")
        return receipt and (not self._proxy.lost or self.chance.random() < LOST_SHARE)

    # The browser

    def _open(self) -> None:
        """A browser on the same profile, as a nurse would open it again."""
        port = free_port()
        self._browser = subprocess.Popen(
            [
                CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--lang=en", f"--user-data-dir={self.folder / 'profile'}",
                f"--remote-debugging-port={port}", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                connected = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                break
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self._page = connected.contexts[0].new_page()
        self._page.set_default_timeout(1000 * PATIENCE_S)
        self._page.goto(f"{self._proxy.address}/capture")

    def _kill_browser(self) -> None:
        if self._browser is not None and self._browser.poll() is None:
            os.killpg(self._browser.pid, signal.SIGKILL)
            self._browser.wait()

    def _kill_and_open(self) -> None:
        self._kill_browser()
        self.killed += 1
        self._open()

    # The nurse

    def _sign_in_if_asked(self) -> None:
        page = self._page
        page.locator("input[name=username], .trail, .subject-button").first.wait_for()
        if page.locator("input[name=username]").count():
            page.fill("input[name=username]", "nurse")
            page.fill("input[name=password]", PASSWORD)
            page.locator("form .button.primary").click()
            page.locator(".trail, .subject-button").first.wait_for()

    def _reach_the_shutter(self) -> None:
        self._sign_in_if_asked()
        page = self._page
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        page.locator(".subject-button").first.click()
        page.locator(".ulcer").first.click()
        page.locator(".visit").first.click()
        if page.locator(".why .answer").count():
            page.locator(".why .answer").first.click()
        page.locator(".visit-step .step-end .primary").click()
        page.get_by_test_id("photo-file").wait_for(state="attached")

    def _again(self) -> None:
        """Back at the shutter, also where a reload shows the last photograph's verdict."""
        page = self._page
        page.locator("[data-testid=photo-file], .verdict-panel").first.wait_for(state="attached")
        if page.locator(".verdict-panel").count():
            page.locator(".verdict-panel .step-end .button").first.click()
        page.get_by_test_id("photo-file").wait_for(state="attached")

    def _take(self, number: int) -> None:
        content = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": plain(number)}
        self._again()
        self._page.get_by_test_id("photo-file").set_input_files(content)
        panel = self._page.locator(".verdict-panel")
        panel.wait_for()
        self.promised.add(str(panel.get_attribute("data-capture")))

    def _take_all(self) -> None:
        """Without network; half of the kills fall while photographs are taken."""
        self._set_down(True)
        number = 0
        deadly = set(self.chance.sample(range(1, self.photos), self.kills // 2))
        while len(self.promised) < self.photos:
            number += 1
            timer = None
            if len(self.promised) in deadly:
                deadly.discard(len(self.promised))
                timer = threading.Timer(self.chance.uniform(0, LATEST_KILL_S), self._kill_browser)
                timer.start()
            try:
                self._take(number)  # each with a picture of its own, also after a kill
                if timer:
                    timer.join()
            except Exception:
                if timer is None:
                    raise
                timer.join()
            if timer:
                self._kill_and_open()
        self.say(f"{len(self.promised)} photographs taken, {self.killed} kills")

    def _set_down(self, down: bool) -> None:
        self._proxy.upstream = "http://127.0.0.1:1" if down else self._installation.address

    def _drain(self) -> None:
        self._set_down(False)
        restart_before = set(
            self.chance.sample(range(max(self.restarts, self.kills - self.killed)), self.restarts)
        )
        for turn in range(self.kills - self.killed):
            self._live(self.chance.uniform(*BETWEEN_KILLS_S))
            if turn in restart_before:
                kill(self._server)
                self._server = self._installation.start("serve")
                self._installation.wait_until_up(self._server)
            self._kill_and_open()
        deadline = time.monotonic() + PATIENCE_S + self.photos
        while self._left() > 0:
            assert time.monotonic() < deadline, f"{self._left()} photographs are still on the tablet"
            self._live(0.5)

    def _live(self, seconds: float) -> None:
        """Let the page send, as the person that it belongs to."""
        self._sign_in_if_asked()
        self._page.wait_for_timeout(1000 * seconds)

    def _left(self) -> int:
        return int(self._page.evaluate(COUNT, "photos"))

    # What became of them

    def _count(self) -> Outcome:
        services = self._installation.services()
        with services.database.read() as connection:
            rows = connection.execute(sa.select(captures.c.id, captures.c.sha256)).all()
            events = Counter(
                connection.scalars(
                    sa.select(audit_events.c.subject_id).where(audit_events.c.action == "capture.received")
                )
            )
        known = {row.id for row in rows}
        outcome = Outcome(
            promised=len(self.promised),
            lost=len(self.promised - known),
            doubled=sum(times - 1 for times in Counter(row.sha256 for row in rows).values()),
            unevented=sum(events[one] != 1 for one in known | set(events)),
            beyond=len(known - self.promised),
            receipts_lost=len([path for path in self._proxy.lost if path.startswith("/v1/captures/")]),
            kills=self.killed,
            restarts=self.restarts,
            trail_holds=services.trail.verify().ok,
        )
        services.close()
        return outcome
