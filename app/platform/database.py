"""The database: SQLite beside the service, or PostgreSQL by its address."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine, Row

__all__ = ["Connection", "Database", "Record", "database_url"]

Record = Row[*tuple[Any, ...]]
"""A row of whatever columns its query asks for."""

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another: a turn takes milliseconds, a slow disk a second."""

MIGRATION_LOCK = 0x706C616E
"""Number of the advisory lock held while migrating ("plan" in ASCII)."""

WRITING = "planimeter_writing"
"""Execution option that makes SQLite take the write lock at once, so that no reader is upgraded halfway."""


def database_url(url: str) -> sa.URL:
    """The address with the driver that this service uses.

    Raises
    ------
    ValueError
        If it names neither SQLite nor PostgreSQL.
    """
    parsed = sa.make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgres":
        kind = "postgresql"
    if kind not in {"sqlite", "postgresql"}:
        raise ValueError(f"the database must be SQLite or PostgreSQL, not {kind}")
    return parsed.set(drivername="sqlite" if kind == "sqlite" else "postgresql+psycopg")


class Database:
    """Connections and transactions; the only holder of the engine.

    Parameters
    ----------
    url : str
        `sqlite:///path/to/file` or `postgresql://user:password@host/name`.
    """

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._claims: list[IO[bytes] | Connection] = []
        self._engine = (
            _sqlite_engine(self.url) if self.is_sqlite else sa.create_engine(self.url, pool_pre_ping=True)
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: committed at the end of the block, rolled back by any exception."""
        with self._engine.connect() as plain:
            connection = plain.execution_options(**{WRITING: True})
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the tables to this version's form."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.write() as connection:
            if not self.is_sqlite:
                # A server and its workers start together; SQLite's writers already wait for each other.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def claim(self, name: str) -> bool:
        """Take a name that one living process at a time can hold; it is free again when that is gone."""
        if self.is_sqlite:
            file = Path(f"{self.url.database}.{name}.lock").open("ab")  # noqa: SIM115  (held open: the claim)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._claims.append(file)
            return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number))):
            self._claims.append(connection)
            return True
        connection.close()
        return False

    def close(self) -> None:
        """Give all claims and connections back."""
        for claim in self._claims:
            if isinstance(claim, Connection):
                # A pooled connection would keep its lock.
                claim.invalidate()
            claim.close()
        self._claims.clear()
        self._engine.dispose()


def _sqlite_engine(url: sa.URL) -> Engine:
    if url.database:
        Path(url.database).resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # Python's own transaction control starts too late (before the first write) and would upgrade readers.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
