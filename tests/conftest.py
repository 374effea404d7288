"""Fixtures of the service's tests: each runs on SQLite and, where it is installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.platform import images, jobs
from app.platform.images import PictureChild, PictureChildren
from tests.app import postgres
from tests.app.house import Furnished, House, furnish_once, sqlite_in
from tests.sharing import ByGroup, turn_of

KILLS = 6
"""Of a server, in every run: each takes seconds, and all are of one kind. CONTRIBUTING.md says when there are
more."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often a server is killed."""
    parser.addoption("--kills", type=int, default=KILLS, help=f"how often a server is killed ({KILLS})")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """Share the tests out as `tests.sharing` says."""
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest groups first."""
    items.sort(key=lambda item: turn_of(item.nodeid))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server of this test session."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.running() as address:
        yield address


@pytest.fixture
def only_child(monkeypatch: pytest.MonkeyPatch) -> Iterator[PictureChild]:
    """The one child that opens every picture of a test: of the two that there are, either may come first."""
    children = PictureChildren(1)
    monkeypatch.setattr(images, "_children", children)
    yield children.children[0]
    children.children[0].close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'planimeter.db'}"
    return postgres.new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="session")
def furnished_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """The house in a SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    return furnish_once(folder, sqlite_in(folder))


@pytest.fixture(scope="session")
def furnished_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Furnished:
    """The house in a PostgreSQL database, to be copied."""
    return furnish_once(tmp_path_factory.mktemp("furnished"), postgres.new_database(postgres_server))


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The running service with two of everything: a copy of what was furnished once."""
    furnished: Furnished = request.getfixturevalue(f"furnished_{request.param}")
    house = furnished.again(tmp_path)
    with house.client:
        yield house
        house.settle()
        # With nothing under way there is nothing to wait for, and DBOS would wait a second for it.
        monkeypatch.setattr(jobs, "SHUTDOWN_SECONDS", 0)
