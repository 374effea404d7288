"""Tables as the migrations make them, transactions, claims."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.platform.database import Database, database_url
from app.platform.tables import metadata, studies, workers


def test_migrations_make_the_tables_that_stores_ask(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    database.migrate()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, metadata)
    database.close()
    assert differences == []


def test_no_table_has_a_place_for_the_arm() -> None:
    words = ("arm", "treatment", "randomi", "group", "allocation")
    columns = {
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
    }
    assert not [name for name in columns if any(word in name.split(".")[1] for word in words)]


def test_transaction_is_all_or_nothing(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    now = datetime(2026, 1, 5, tzinfo=UTC)

    def fail_halfway() -> None:
        with database.write() as connection:
            connection.execute(sa.insert(studies).values(id="a" * 32, code="A", created_at=now))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with database.read() as connection:
        assert connection.execute(sa.select(studies)).all() == []
    database.close()


def test_moments_keep_their_zone(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    local = datetime(2026, 7, 5, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as connection:
        connection.execute(sa.insert(workers).values(executor_id="x", seen_at=local))
    with database.read() as connection:
        found = connection.scalars(sa.select(workers.c.seen_at)).one()
    assert found == local
    assert found.utcoffset() == timedelta(0)
    with pytest.raises(sa.exc.StatementError, match="time zone"), database.write() as connection:
        connection.execute(sa.insert(workers).values(executor_id="y", seen_at=local.replace(tzinfo=None)))
    database.close()


def test_sqlite_is_durable_and_strict(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


CLAIM = """
import sys
from app.platform.database import Database
sys.exit(not Database(sys.argv[1]).claim("name"))
"""


def test_claim_holds_for_one_living_process(database_url: str) -> None:
    def other_process_gets_it() -> bool:
        return subprocess.run([sys.executable, "-c", CLAIM, database_url], check=False).returncode == 0

    database = Database(database_url)
    assert database.claim("name")
    assert not other_process_gets_it()
    database.close()
    assert other_process_gets_it()
    assert other_process_gets_it(), "a process that is gone holds nothing"


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///x.db", "sqlite"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg"),
    ],
)
def test_driver(given: str, driver: str) -> None:
    assert database_url(given).drivername == driver


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="SQLite or PostgreSQL"):
        database_url("mysql://u@h/d")
