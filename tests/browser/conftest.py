"""A demo server on loopback and Debian's Chromium: the pages as a person meets them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
DIST = REPOSITORY / "app" / "web" / "dist"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"

ULCERS = 8
"""Of the sample study."""

START_S = 120.0
"""The demo migrates its database, registers its study and loads the network before it answers."""

FIRST_MEASURED_S = 240.0
"""Until the first ulcer has two measured visits, on two slow cores shared with other tests."""


FEWEST_CASES = 2
"""That neither reader has looked at, before a test: one to read, one to lose the network with."""

BEGIN_S = 400.0


class Demo:
    """A running demo and what a test asks of it behind the pages' back."""

    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.data = data
        self._cookie = ""

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST with a body, as JSON."""
        request = urllib.request.Request(
            self.url + path, headers={"X-Planimeter": "1", "Cookie": self._cookie}
        )
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as response:
            self._cookie = (response.headers.get("Set-Cookie") or self._cookie).partition(";")[0]
            return json.loads(response.read())

    def accounts(self) -> dict[str, list[str]]:
        """User names by role."""
        try:
            listed = self.ask("/v1/me")["demo_accounts"]
        except urllib.error.HTTPError as refusal:
            listed = json.loads(refusal.read())["details"]["demo_accounts"]
        found: dict[str, list[str]] = {}
        for account in listed:
            found.setdefault(account["role"], []).append(account["username"])
        return found

    def become(self, role: str) -> str:
        username = self.accounts()[role][0]
        self.ask("/v1/demo/session", {"username": username})
        return username

    def study(self) -> dict[str, Any]:
        self.become("data_manager")
        study: dict[str, Any] = self.ask("/v1/studies")[0]
        return study

    def ulcers(self) -> list[dict[str, Any]]:
        ulcers: list[dict[str, Any]] = self.ask(f"/v1/studies/{self.study()['id']}/ulcers")
        return ulcers


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Ask until it is true; Playwright's own waiting evaluates strings, which the pages' policy forbids."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds:.0f} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`planimeter demo` with its real study, real photographs and real network."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the pages are not built: pip install . or npm run build in app/web")
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    log = (folder / "server.log").open("wb")
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "demo",
        "--no-browser",
        f"--port={port}",
    ]
    server = subprocess.Popen(
        [*command, "--data-dir", str(folder / "data")], cwd=REPOSITORY, stdout=log, stderr=subprocess.STDOUT
    )
    found = Demo(f"http://127.0.0.1:{port}", folder / "data")
    try:
        until = time.monotonic() + START_S
        while not answers(found.url):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail((folder / "server.log").read_text(errors="replace")[-4000:])
            time.sleep(0.3)
        wait_until(lambda: "data_manager" in found.accounts(), START_S)
        wait_until(lambda: len(found.ulcers()) == ULCERS, START_S)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


@pytest.fixture(scope="session")
def measured_ulcer(demo: Demo) -> dict[str, Any]:
    """An ulcer with at least two measured visits, once the demo's queue has come so far."""
    until = time.monotonic() + FIRST_MEASURED_S
    while time.monotonic() < until:
        for ulcer in demo.ulcers():
            if sum(point["state"] == "measured" for point in ulcer["timepoints"]) >= 2:
                return ulcer
        time.sleep(1)
    pytest.fail(f"no ulcer with two measured visits within {FIRST_MEASURED_S:.0f} s")


def read_by_both(demo: Any) -> dict[str, dict[str, str]]:
    """Primary cases that no reader has looked at yet: codes by account, by capture."""
    with sqlite3.connect(f"file:{demo.data / 'planimeter.db'}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT capture_id, username, code FROM reading_cases JOIN accounts ON accounts.id = account_id"
            " WHERE kind = 'primary' AND state = 'queued'"
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for capture_id, username, code in rows:
        found.setdefault(capture_id, {})[username] = code
    return {capture_id: codes for capture_id, codes in found.items() if len(codes) == 2}


@pytest.fixture
def cases(demo: Any, measured_ulcer: dict[str, Any]) -> list[dict[str, str]]:
    """Cases of both readers, once there are enough."""
    return list(awaited(demo, FEWEST_CASES, lambda unread: unread).values())


@pytest.fixture
def assessed_case(demo: Any, measured_ulcer: dict[str, Any]) -> dict[str, str]:
    """A case of both readers that will be told among the assessments: a baseline has no healing to assess."""

    def later(unread: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {capture_id: unread[capture_id] for capture_id in unread.keys() & follow_ups(demo)}

    return next(iter(awaited(demo, 1, later).values()))


def awaited(
    demo: Any, fewest: int, wanted: Callable[[dict[str, dict[str, str]]], dict[str, dict[str, str]]]
) -> dict[str, dict[str, str]]:
    """Unread cases that are wanted, once there are enough of them."""

    def found() -> dict[str, dict[str, str]]:
        demo.become("reader")
        demo.ask("/v1/reading/queue")  # makes cases of what was measured meanwhile
        return wanted(read_by_both(demo))

    wait_until(lambda: len(found()) >= fewest, BEGIN_S)
    return found()


def follow_ups(demo: Any) -> set[str]:
    """Captures that are compared with another, the ulcer's baseline."""
    with sqlite3.connect(f"file:{demo.data / 'planimeter.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT capture_id FROM healings WHERE baseline_capture_id != capture_id")
        return {capture_id for (capture_id,) in rows}


@pytest.fixture
def telltales(demo: Demo) -> set[str]:
    """What would unblind: identifiers and words of the study, its sites, subjects, ulcers and visits."""
    study, ulcers = demo.study(), demo.ulcers()
    tell = {study["id"], study["code"], study["title_fr"], study["title_en"]}
    tell |= {site["name"] for site in study["sites"]} | {site["code"] for site in study["sites"]}
    tell |= {visit[label] for visit in study["visits"] for label in ("label_fr", "label_en")}
    for ulcer in ulcers:
        tell |= {ulcer["id"], ulcer["subject_code"]}
        tell |= {point["capture_id"] for point in ulcer["timepoints"] if point["capture_id"]}
        tell |= {point["due_on"] for point in ulcer["timepoints"]}
    # Two letters ("L1") also stand in hashes and case codes by chance; the longer ones do not.
    return {word for word in tell if len(word) >= 4}


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium of the system: Playwright's own cannot be downloaded everywhere.

    Closed after these tests: while Playwright runs, nothing else in its thread may open a queue of jobs.
    """
    api = pytest.importorskip("playwright.sync_api")
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("no chromium: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Visitor:
    """A browser window of one person, and everything that it loaded or complained of."""

    def __init__(self, context: Any, base: str) -> None:
        self.context = context
        self.base = base
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("response", self._response)

    def _console(self, message: Any) -> None:
        # A refusal that the page shows is also written to the console by Chromium itself.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _response(self, response: Any) -> None:
        self.addresses.append(response.url)

    def enter(self, username: str | None, path: str = "/") -> Any:
        """Sign in as one of the demo's accounts and open a page."""
        if username is not None:
            entered = self.context.request.post(
                f"{self.base}/v1/demo/session", data={"username": username}, headers={"X-Planimeter": "1"}
            )
            assert entered.ok
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture
def visitors(browser: Any, demo: Demo) -> Iterator[Any]:
    """Makes browser windows; afterwards none may have complained or looked beyond its own server."""
    made: list[Visitor] = []

    def make(
        *, language: str = "en", width: int = 1440, height: int = 900, bypass_csp: bool = False
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, bypass_csp=bypass_csp
        )
        made.append(Visitor(context, demo.url))
        return made[-1]

    yield make
    for visitor in made:
        foreign = [a for a in visitor.addresses if not a.startswith((demo.url, f"blob:{demo.url}"))]
        visitor.context.close()
        assert visitor.complaints == []
        assert foreign == []
