"""Real server and worker processes, and a client that does not give up."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.demo import PROTOCOL_FILE
from app.platform.telemetry import configure_logs
from app.services import Services, build
from app.settings import Settings
from app.studies.service import read_protocol
from app.subjects.schemas import Eligibility, NewSubject, NewUlcer
from tests.app.house import CHANGE, CHEAP, ELIGIBLE, PASSWORD, PLACE

PLANIMETER = Path(sys.executable).with_name("planimeter")
START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Installation:
    """A data folder, a database, and the environment of the processes that share them."""

    folder: Path
    database_url: str
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    ulcer_id: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        chosen = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "r" * 40,
            "PORT": str(self.port),
            "COOKIE_SECURE": "false",
            "JOB_POLLING_S": "0.1",
            "NETWORK_THREADS": "1",
        }
        return os.environ | {
            f"PLANIMETER_{name}": value for name, value in (chosen | self.more | more).items()
        }

    def services(self) -> Services:
        """The same installation from within the test; never while its own measuring is wanted."""
        configure_logs("error")
        settings = Settings(
            data_dir=self.folder, database_url=self.database_url, secret_key="r" * 40, measure_in_server=False
        )
        return build(settings, passwords=CHEAP)

    def furnish(self) -> None:
        """A study, a nurse, a subject and an ulcer."""
        services = self.services()
        services.open()
        study_id = services.studies.install(read_protocol(PROTOCOL_FILE.read_text(encoding="utf-8")))
        _, sites = services.studies.site_ids("DEMO")
        services.register.add("nurse", "site_staff", password=PASSWORD, reach=((study_id, sites["LYO"]),))
        nurse = services.register.known("nurse")
        subject = services.subjects.enrol(
            nurse, study_id, NewSubject(site_code="LYO", subject_code="LYO-001", baseline_on="2026-01-05")
        )
        ulcer = NewUlcer(**PLACE, eligibility=Eligibility(**ELIGIBLE))
        self.ulcer_id = services.subjects.draw_ulcer(nurse, subject.id, ulcer).id
        services.close()

    def start(self, command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start `planimeter serve` or `planimeter worker`."""
        log = (self.folder / f"{command}.log").open("ab")
        return subprocess.Popen([PLANIMETER, command], env=self.environment(**more), stdout=log, stderr=log)

    def wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert process.poll() is None, (
                f"the server ended: {(self.folder / 'serve.log').read_text()[-2000:]}"
            )
            try:
                if httpx.get(f"{self.address}/healthz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def signed_in(self) -> httpx.Client:
        client = httpx.Client(base_url=self.address, headers=CHANGE, timeout=20)
        answer = client.post("/v1/sessions", json={"username": "nurse", "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client

    def waiting(self, client: httpx.Client) -> int:
        """Captures without a result."""
        figures = client.get("/metrics").text
        return int(float(re.search(r"^planimeter_captures_waiting (\S+)", figures, re.MULTILINE)[1]))


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a loss of power would: no time for a last word."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[bytes]) -> None:
    """As an administrator would."""
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        kill(process)


class Sender(threading.Thread):
    """A client that sends photographs one after the other, each until it has a receipt."""

    def __init__(self, client: httpx.Client, ulcer_id: str, photos: list[bytes]) -> None:
        super().__init__(daemon=True)
        self._client, self._ulcer_id, self._photos = client, ulcer_id, photos
        self.enough = threading.Event()
        self.receipts: dict[str, dict[str, object]] = {}
        self.cut_off = 0
        self.refused: list[str] = []

    def run(self) -> None:
        for number in range(1_000_000):
            if self.enough.is_set():
                return
            self._send(secrets.token_hex(16), self._photos[number % len(self._photos)])

    def _send(self, capture_id: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        while capture_id not in self.receipts:
            try:
                answer = self._client.put(
                    f"/v1/captures/{capture_id}",
                    params={"ulcer_id": self._ulcer_id, "visit_code": "w0"},
                    content=content,
                    headers={"Content-Type": "image/jpeg", "X-Content-SHA256": digest},
                )
            except httpx.ConnectError:
                time.sleep(0.05)
                continue
            except httpx.TransportError:
                self.cut_off += 1
                continue
            if answer.status_code in (200, 201):
                self.receipts[capture_id] = answer.json()
            elif answer.status_code >= 500:
                time.sleep(0.05)
            else:
                self.refused.append(answer.text)
                return
