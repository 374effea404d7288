"""Several processes answer on one port, one may be killed, and their figures are told together."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import httpx

from tests.app import postgres
from tests.reliability.processes import Installation, stop

ASKED = 60


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    commands = {int(one): Path(f"/proc/{one}/cmdline").read_bytes() for one in listed}
    return [one for one, command in commands.items() if b"spawn_main" in command]


def answered(address: str) -> int:
    found = re.findall(
        r'^planimeter_http_requests_total\{.*route="/healthz".*\} (\S+)', figures(address), re.M
    )
    return int(sum(map(float, found)))


def figures(address: str) -> str:
    return httpx.get(f"{address}/metrics", timeout=20).text


def test_two_processes_answer_and_add_their_figures_up(tmp_path: Path, postgres_server: str) -> None:
    more = {"MEASURE_IN_SERVER": "false", "WORKERS": "2"}
    installation = Installation(tmp_path, postgres.new_database(postgres_server), more)
    server = installation.start("serve")
    try:
        installation.wait_until_up(server)
        pids = children(server.pid)
        assert len(pids) == 2
        before = answered(installation.address)
        for _ in range(ASKED):  # each over a connection of its own, taken by whichever process is free
            assert httpx.get(f"{installation.address}/healthz", timeout=20).status_code == 200
        assert {answered(installation.address) for _ in range(10)} == {before + ASKED}
        os.kill(pids[0], signal.SIGKILL)
        installation.wait_until_up(server)
        assert answered(installation.address) >= before + ASKED
    finally:
        stop(server)
