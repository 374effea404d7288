"""A real PostgreSQL in a temporary folder, where Debian has installed one."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def missing() -> str | None:
    """Why there is no PostgreSQL here, or None when there is."""
    if not PROGRAMS:
        return "PostgreSQL is not installed (/usr/lib/postgresql)"
    if os.getuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and runuser is not installed"
    return None


@contextmanager
def running() -> Iterator[str]:
    """Start a server; yields the address of its empty template database."""
    folder = Path(tempfile.mkdtemp(prefix="planimeter-postgres-"))
    as_user: list[str] = []
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binaries, data = PROGRAMS[-1], folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd="/", capture_output=True)

    try:
        run(
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "planimeter",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        # The tests kill this service, never the database: its own durability is PostgreSQL's business.
        options = f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=200"
        run(
            str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start"
        )
        try:
            yield f"postgresql://planimeter@127.0.0.1:{port}/postgres"
        finally:
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, like: str | None = None) -> str:
    """Make a database, empty or a copy of one that nobody is connected to, and return its address.

    `server` may be the address of any of its databases.
    """
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    template = f' TEMPLATE "{like.rsplit("/", 1)[1]}"' if like is not None else ""
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')  # type: ignore[arg-type]
    return server.rsplit("/", 1)[0] + f"/{name}"
