"""200 readers who ask for their next case: how long they wait, beside the same server's health check.

Run: python benchmarks/next_case.py [--rates 60 100 200] [--seconds 20] [--database URL] [--workers 2]
A study of 2,000 read-ready timepoints; requests begin at a fixed rate whether or not earlier ones were
answered (open loop, `benchmarks.open_loop`), from this machine. Every answer's status and body are checked.
"Work" is processor time for one request, of the server and of the client; a database's own is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from open_loop import load
from rich.console import Console
from rich.table import Table

from app.accounts.sessions import digest
from app.demo import PROTOCOL_FILE
from app.platform.ids import new_id
from app.platform.tables import captures, measurements, sessions, subjects, ulcers
from app.services import Services, build
from app.settings import Settings
from app.studies.service import read_protocol

READERS = 200
TIMEPOINTS = 2000
VISITS = ("w0", "w2", "w4", "w8", "w12", "w16")
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
HASH = "0" * 64
START_SECONDS = 60.0
WARM_RATE, WARM_SECONDS = 20.0, 2.0
"""Before anything is counted: connections are opened, and each process looks once for new photographs."""

CODE_LENGTH = 32


def furnish(services: Services) -> list[str]:
    """A study ready to be read, and a session's token of each reader."""
    study_id = services.studies.install(read_protocol(PROTOCOL_FILE.read_text(encoding="utf-8")))
    _, sites = services.studies.site_ids("DEMO")
    names = [f"reader-{number}" for number in range(READERS)]
    accounts = [services.register.add(name, "reader", reach=((study_id, None),)) for name in names]
    tokens = [secrets.token_urlsafe(32) for _ in names]
    with services.database.write() as connection:
        _insert_timepoints(connection, study_id, list(sites.values()), accounts[0])
        ends_at = datetime.now(UTC) + timedelta(hours=1)
        connection.execute(
            sa.insert(sessions),
            [
                {"id": new_id(), "token_sha256": digest(token), "account_id": account, "created_at": NOW,
                 "expires_at": ends_at}
                for token, account in zip(tokens, accounts, strict=True)
            ],
        )  # fmt: skip
    return tokens


def _insert_timepoints(connection: Any, study_id: str, sites: list[str], account_id: str) -> None:
    people = -(-TIMEPOINTS // len(VISITS))
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (subjects, ulcers, captures, measurements)
    }
    for number in range(people):
        subject, ulcer = new_id(), new_id()
        rows[subjects].append(
            {"id": subject, "study_id": study_id, "site_id": sites[number % len(sites)], "code": f"S{number}",
             "baseline_on": NOW.date(), "created_at": NOW}
        )  # fmt: skip
        rows[ulcers].append(
            {"id": ulcer, "subject_id": subject, "code": "U1", "hand": "left", "digit": "index",
             "phalanx": "distal", "surface": "pulp", "side": "radial", "pose": "flat", "eligibility": {},
             "eligible": True, "created_at": NOW}
        )  # fmt: skip
        for visit in VISITS:
            capture = new_id()
            rows[captures].append(
                {"id": capture, "ulcer_id": ulcer, "visit_code": visit, "protocol_version": 1, "sha256": HASH,
                 "size_bytes": 1, "media_type": "image/jpeg", "received_at": NOW, "received_by": account_id,
                 "state": "measured", "algorithm": "x", "accepted": True,
                 "changed_seq": len(rows[captures]) + 1}
            )  # fmt: skip
            rows[measurements].append(
                {"id": new_id(), "capture_id": capture, "algorithm": "x", "status": "measured", "quality": [],
                 "skin_map_sha256": HASH, "reading_sha256": HASH, "measured_at": NOW}
            )  # fmt: skip
    for table, found in rows.items():
        connection.execute(sa.insert(table), found)


class Server:
    """The service in a process of its own."""

    def __init__(self, folder: Path, database_url: str, secret: str, workers: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        chosen = {
            "DATA_DIR": str(folder), "DATABASE_URL": database_url, "SECRET_KEY": secret,
            "PORT": str(self.port), "COOKIE_SECURE": "false", "MEASURE_IN_SERVER": "false",
            "WORKERS": str(workers),
        }  # fmt: skip
        environment = os.environ | {f"PLANIMETER_{name}": value for name, value in chosen.items()}
        command = [str(Path(sys.executable).with_name("planimeter")), "serve"]
        self._process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Server:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2.0).raise_for_status()
                return self
            except httpx.HTTPError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def processor_seconds(self) -> float:
        """Processor time that the service has used so far."""
        return sum(_processor_seconds(pid) for pid in _family(self._process.pid))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _processor_seconds(pid: int) -> float:
    # After the name, which may hold spaces: fields 14 and 15 of proc(5), user's and kernel's ticks.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _checked_health(body: bytes) -> None:
    if json.loads(body)["status"] != "ok":
        raise RuntimeError(f"not well: {body!r}")


def _checked_queue(body: bytes) -> None:
    answer = json.loads(body)
    if not (answer["total"] > 0 and len(answer["next_code"]) == CODE_LENGTH):
        raise RuntimeError(f"no case to go on with: {body!r}")


REQUESTS = {"/healthz": _checked_health, "/v1/reading/queue": _checked_queue}


def main() -> None:
    """Furnish, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="+", default=[60.0, 100.0, 200.0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2, help="processes that answer")
    parser.add_argument("--database", help="PostgreSQL; a fresh SQLite file if left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, secret = Path(name), secrets.token_hex(20)
        url = arguments.database or f"sqlite:///{folder / 'planimeter.db'}"
        services = build(Settings(data_dir=folder, database_url=url, secret_key=secret, cookie_secure=False))
        services.open()
        tokens = furnish(services)
        services.close()
        table = Table(title=f"{services.database.url.get_backend_name()}, {arguments.workers} process(es)")
        table.add_column("request")
        for heading in ("a second", "p50 ms", "p95 ms", "p99 ms", "worst ms", "work ms", "client's ms"):
            table.add_column(heading, justify="right")
        with Server(folder, url, secret, arguments.workers) as server:
            for path, check in REQUESTS.items():
                load(server.port, path, tokens, WARM_RATE, WARM_SECONDS, check)
                for rate in arguments.rates:
                    before = server.processor_seconds()
                    seen = load(server.port, path, tokens, rate, arguments.seconds, check)
                    work = 1e3 * (server.processor_seconds() - before) / len(seen.times_ms)
                    cuts = statistics.quantiles(seen.times_ms, n=100)
                    shown = (statistics.median(seen.times_ms), cuts[94], cuts[98], max(seen.times_ms))
                    costs = (f"{work:.2f}", f"{seen.client_cpu_ms:.2f}")
                    table.add_row(path, f"{rate:g}", *(f"{value:.1f}" for value in shown), *costs)
        Console(width=110).print(table)


if __name__ == "__main__":
    main()
