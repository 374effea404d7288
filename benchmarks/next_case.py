"""200 readers who ask for their next case: how long they wait, beside the same server's health check.

Run: python benchmarks/next_case.py [--rate 200] [--seconds 20] [--database URL]
A study of 2,000 read-ready timepoints; requests begin at a fixed rate whether or not earlier ones were
answered (open loop), from this machine.
"""

from __future__ import annotations

import argparse
import asyncio
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
CONNECTIONS = 64
"""Of the client to the server, kept alive as browsers keep theirs."""


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

    def __init__(self, folder: Path, database_url: str, secret: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        chosen = {
            "DATA_DIR": str(folder), "DATABASE_URL": database_url, "SECRET_KEY": secret, "PORT": str(port),
            "COOKIE_SECURE": "false", "MEASURE_IN_SERVER": "false", "LOG_LEVEL": "error",
        }  # fmt: skip
        environment = os.environ | {f"PLANIMETER_{name}": value for name, value in chosen.items()}
        command = [str(Path(sys.executable).with_name("planimeter")), "serve"]
        self._process = subprocess.Popen(command, env=environment)

    def __enter__(self) -> Server:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.address}/healthz", timeout=2.0).raise_for_status()
                return self
            except httpx.HTTPError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


async def load(address: str, path: str, tokens: list[str], rate: float, seconds: float) -> list[float]:
    """Milliseconds that each request took, begun `rate` times a second."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30.0) as client:
        started = time.perf_counter()

        async def ask(number: int) -> float:
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            cookie = {"Cookie": f"planimeter_session={tokens[number % len(tokens)]}"}
            (await client.get(path, headers=cookie)).raise_for_status()
            return 1e3 * (time.perf_counter() - due)

        return list(await asyncio.gather(*(ask(number) for number in range(int(rate * seconds)))))


def main() -> None:
    """Furnish, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--database", help="PostgreSQL; a fresh SQLite file if left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, secret = Path(name), secrets.token_hex(20)
        url = arguments.database or f"sqlite:///{folder / 'planimeter.db'}"
        services = build(Settings(data_dir=folder, database_url=url, secret_key=secret, cookie_secure=False))
        services.open()
        tokens = furnish(services)
        services.close()
        table = Table(title=f"{arguments.rate:g} requests a second for {arguments.seconds:g} s")
        for heading in ("request", "median ms", "p95 ms", "p99 ms", "worst ms"):
            table.add_column(heading, justify="left" if heading == "request" else "right")
        found = {}
        with Server(folder, url, secret) as server:
            for path in ("/healthz", "/v1/reading/queue"):
                httpx.get(f"{server.address}{path}", cookies={"planimeter_session": tokens[0]}, timeout=60.0)
                times = asyncio.run(load(server.address, path, tokens, arguments.rate, arguments.seconds))
                cuts = statistics.quantiles(times, n=100)
                found[path] = cuts[94]
                shown = (statistics.median(times), cuts[94], cuts[98], max(times))
                table.add_row(path, *(f"{value:.1f}" for value in shown))
        console = Console()
        console.print(table)
        ratio = found["/v1/reading/queue"] / found["/healthz"]
        console.print(f"p95 of the next case against that of the health check: {ratio:.1f} times")


if __name__ == "__main__":
    main()
