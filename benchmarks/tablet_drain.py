"""50 tablets that come back into the network with 40 photographs each: how long until all are received.

Run: python benchmarks/tablet_drain.py [--tablets 50] [--photos 40] [--every 0] [--database URL]
One server process (measuring off), the load from this machine. Each tablet sends one photograph after
another, each on a new connection (the server hangs up on whoever rests): with `--every S` one every S
seconds, as a radio network lets it, else the next when the receipt says so, as
`app/web/capture/send_queue.ts` does among other tablets. Photographs are noise of 12 megapixels in JPEG files
of 4 MB, no two alike. Beside the server's throughput: that of writing and syncing the same bytes to plain
files in the same folder.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import secrets
import socket
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import sqlalchemy as sa
from next_case import Server
from rich.console import Console
from rich.table import Table

from app.accounts.sessions import digest
from app.captures.routes import REST_HEADER
from app.demo import PROTOCOL_FILE
from app.platform.ids import new_id
from app.platform.tables import audit_events, captures, sessions, subjects, tablets, ulcers
from app.services import Services, build
from app.settings import Settings
from app.studies.service import read_protocol

SIZE_BYTES = 4_000_000
WIDTH_PX, HEIGHT_PX = 4032, 3024
"""Of a telephone's or tablet's camera in its default mode."""

NOISES = 6
"""Different pictures; each photograph is one of them with a comment of its own in the file."""

QUALITY = 88
ULCERS, VISITS = 7, ("w0", "w2", "w4", "w8", "w12", "w16")
FLOOR_SHARE = 5
"""The floor is measured with every fifth photograph's worth of bytes."""

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Photo:
    """A valid JPEG: a noise picture with a comment that no other has."""

    head: bytes
    rest: memoryview
    sha256: str

    @property
    def size_bytes(self) -> int:
        """Of the file."""
        return len(self.head) + len(self.rest)


@dataclass(frozen=True)
class Sender:
    """A tablet: its cookies and the ulcers it photographs."""

    cookie: str
    ulcers: list[str]


def noise_jpeg(seed: int) -> bytes:
    """Noise of photographic size: coarse, as a camera's picture is, and as much grain as fills the file."""
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 216, (HEIGHT_PX // 48, WIDTH_PX // 48, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    grain = random.normal(0, 1, (HEIGHT_PX, WIDTH_PX, 1)).astype(np.float32)
    low, high = 0.5, 40.0
    while True:
        middle = (low + high) / 2
        noisy = np.clip(picture + (middle * grain).astype(np.int16), 0, 255).astype(np.uint8)
        done, encoded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if not done:
            raise RuntimeError("the picture cannot be encoded")
        if abs(len(encoded) - SIZE_BYTES) < SIZE_BYTES // 40 or high - low < 0.05:
            return encoded.tobytes()
        low, high = (middle, high) if len(encoded) < SIZE_BYTES else (low, middle)


def photographs(count: int) -> list[Photo]:
    """As many valid JPEGs, no two alike; their bytes are shared but for the comment."""
    bodies = [memoryview(noise_jpeg(seed)) for seed in range(NOISES)]
    made = []
    for number in range(count):
        body = bodies[number % NOISES]
        comment = secrets.token_hex(16).encode()
        head = bytes(body[:2]) + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        sha256 = hashlib.sha256(head)
        sha256.update(body[2:])
        made.append(Photo(head, body[2:], sha256.hexdigest()))
    return made


def furnish(services: Services, count: int) -> list[Sender]:
    """A study with as many enrolled tablets, on each of which somebody is signed in."""
    study_id = services.studies.install(read_protocol(PROTOCOL_FILE.read_text(encoding="utf-8")))
    _, sites = services.studies.site_ids("DEMO")
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (tablets, sessions, subjects, ulcers)}
    senders = []
    for number in range(count):
        site_id = list(sites.values())[number % len(sites)]
        account_id = services.register.add(f"nurse-{number}", "site_staff", reach=((study_id, site_id),))
        tablet_id, subject_id, own = new_id(), new_id(), [new_id() for _ in range(ULCERS)]
        tablet, session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        rows[tablets].append(
            {"id": tablet_id, "study_id": study_id, "site_id": site_id, "name": f"Tablet {number}",
             "token_sha256": digest(tablet), "created_at": NOW, "enrolled_at": NOW}
        )  # fmt: skip
        rows[sessions].append(
            {"id": new_id(), "token_sha256": digest(session), "account_id": account_id, "created_at": NOW,
             "expires_at": datetime.now(UTC) + timedelta(hours=1), "tablet_id": tablet_id}
        )  # fmt: skip
        rows[subjects].append(
            {"id": subject_id, "study_id": study_id, "site_id": site_id, "code": f"S{number}",
             "baseline_on": NOW.date(), "created_at": NOW}
        )  # fmt: skip
        rows[ulcers].extend(
            {"id": ulcer_id, "subject_id": subject_id, "code": f"U{place}", "hand": "left", "digit": "index",
             "phalanx": "distal", "surface": "pulp", "side": "radial", "pose": "flat", "eligibility": {},
             "eligible": True, "created_at": NOW}
            for place, ulcer_id in enumerate(own)
        )  # fmt: skip
        senders.append(Sender(f"planimeter_session={session}; planimeter_tablet={tablet}", own))
    with services.database.write() as connection:
        for table, found in rows.items():
            connection.execute(sa.insert(table), found)
    return senders


async def send(line: socket.socket, host: str, sender: Sender, photo: Photo, number: int) -> float:
    """One photograph over an open connection, until its receipt is here; seconds it asks to rest."""
    loop = asyncio.get_running_loop()
    place = f"ulcer_id={sender.ulcers[number % ULCERS]}&visit_code={VISITS[number // ULCERS % len(VISITS)]}"
    head = (
        f"PUT /v1/captures/{secrets.token_hex(16)}?{place} HTTP/1.1\r\nHost: {host}\r\n"
        f"Cookie: {sender.cookie}\r\nX-Planimeter: 1\r\n"
        f"X-Content-SHA256: {photo.sha256}\r\nContent-Type: image/jpeg\r\n"
        f"Content-Length: {photo.size_bytes}\r\n\r\n"
    )
    await loop.sock_sendall(line, head.encode() + photo.head)
    await loop.sock_sendall(line, photo.rest)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await _more(line)
    told, _, body = answer.partition(b"\r\n\r\n")
    fields = dict(field.lower().split(b": ", 1) for field in told.split(b"\r\n")[1:])
    while len(body) < int(fields[b"content-length"]):
        body += await _more(line)
    if not told.startswith(b"HTTP/1.1 201") or json.loads(body)["sha256"] != photo.sha256:
        raise RuntimeError(f"not received: {told.decode()} {body.decode()}")
    return int(fields[REST_HEADER.lower().encode()]) / 1000


async def _more(line: socket.socket) -> bytes:
    piece = await asyncio.get_running_loop().sock_recv(line, 65536)
    if not piece:
        raise RuntimeError("the server closed the connection")
    return piece


async def drain(
    address: str, senders: list[Sender], photos: list[Photo], each: int, every_s: float
) -> list[float]:
    """Let every tablet send its photographs; seconds that each upload took, from connecting to receipt."""
    host, _, port = address.removeprefix("http://").partition(":")
    loop = asyncio.get_running_loop()
    started = time.perf_counter()

    async def empty(place: int, sender: Sender) -> list[float]:
        took = []
        for number in range(each):
            due = started + (number + place / len(senders)) * every_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            begun = time.perf_counter()
            with socket.socket() as line:
                line.setblocking(False)
                await loop.sock_connect(line, (host, int(port)))
                rest_s = await send(line, f"{host}:{port}", sender, photos[place * each + number], number)
            took.append(time.perf_counter() - begun)
            if every_s == 0:
                await asyncio.sleep(rest_s)
        return took

    done = await asyncio.gather(*(empty(place, sender) for place, sender in enumerate(senders)))
    return [seconds for took in done for seconds in took]


def floor_mb_per_s(folder: Path, photos: list[Photo]) -> float:
    """Megabytes a second of writing and syncing the same bytes, file by file."""
    folder.mkdir()
    started = time.perf_counter()
    for number, photo in enumerate(photos):
        with (folder / str(number)).open("xb") as file:
            file.write(photo.head)
            file.write(photo.rest)
            file.flush()
            os.fsync(file.fileno())
    seconds = time.perf_counter() - started
    for path in folder.iterdir():
        path.unlink()
    return sum(photo.size_bytes for photo in photos) / seconds / 1e6


def main() -> None:
    """Furnish, serve, send, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tablets", type=int, default=50)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--every", type=float, default=0.0, help="seconds between a tablet's photographs")
    parser.add_argument("--database", help="PostgreSQL; a fresh SQLite file if left out")
    parser.add_argument(
        "--folder", type=Path, help="where the server's data lie; a temporary one if left out"
    )
    chosen = parser.parse_args()
    total = chosen.tablets * chosen.photos
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder, secret = Path(name), secrets.token_hex(20)
        url = chosen.database or f"sqlite:///{folder / 'planimeter.db'}"
        services = build(Settings(data_dir=folder, database_url=url, secret_key=secret, cookie_secure=False))
        services.open()
        senders, photos = furnish(services, chosen.tablets), photographs(total)
        floor = floor_mb_per_s(folder / "floor", photos[::FLOOR_SHARE])
        with Server(folder, url, secret, workers=1) as server:
            started = time.perf_counter()
            took = asyncio.run(
                drain(f"http://127.0.0.1:{server.port}", senders, photos, chosen.photos, chosen.every)
            )
            seconds = time.perf_counter() - started
        with services.database.read() as connection:
            received = connection.scalars(sa.select(sa.func.count()).select_from(captures)).one()
            told = sa.select(sa.func.count()).where(audit_events.c.action == "capture.received")
            events = connection.scalars(told).one()
        services.close()
    _print(chosen, photos, took, seconds, floor)
    if (received, events) != (total, total):
        raise SystemExit(f"{received} photographs and {events} events of {total} sent")


def _print(
    chosen: argparse.Namespace, photos: list[Photo], took: list[float], seconds: float, floor: float
) -> None:
    cuts = statistics.quantiles(took, n=100)
    megabytes = sum(photo.size_bytes for photo in photos) / 1e6
    table = Table(title=f"{chosen.tablets} tablets × {chosen.photos} photographs, {megabytes:,.0f} MB")
    for heading in ("total s", "median s", "p95 s", "p99 s", "worst s", "MB/s", "write+fsync MB/s", "share"):
        table.add_column(heading, justify="right")
    rate = megabytes / seconds
    figures = (seconds, statistics.median(took), cuts[94], cuts[98], max(took))
    table.add_row(
        *(f"{value:.2f}" for value in figures), f"{rate:.0f}", f"{floor:.0f}", f"{rate / floor:.0%}"
    )
    Console().print(table)


if __name__ == "__main__":
    main()
