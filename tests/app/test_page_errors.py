"""Errors of pages reach the log: class and place, nothing else, and not without end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog

from app.page_errors.service import AT_ONCE
from app.platform.telemetry import configure_logs
from tests.app.house import House, open_house

GOOD = {"name": "TypeError", "where": "assets/index-4f2a.js:1:90210", "page": "/capture", "version": "0.1.0"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service without studies or accounts: whoever reports an error needs none."""
    folder = tmp_path_factory.mktemp("errors")
    house = open_house(folder, f"sqlite:///{folder / 'planimeter.db'}", measure_in_server=False)
    with house.client:
        yield house


@pytest.fixture
def house(running: House) -> House:
    """The same an hour later: no report counts any more."""
    running.clock.moment += timedelta(hours=1)
    return running


def report(house: House, **changed: Any) -> int:
    return house.client.post("/v1/page-errors", json=GOOD | changed).status_code


def test_an_error_is_one_line_of_the_log(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    configure_logs("warning")
    assert report(house) == 204
    structlog.configure(**before)
    (line,) = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["event"], line["level"], line["error_type"]) == ("page_error", "warning", "TypeError")
    assert (line["where"], line["page"], line["version"]) == (GOOD["where"], "/capture", "0.1.0")
    assert set(line) == {"event", "level", "timestamp", "error_type", "where", "page", "version"}
    assert house.audit() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Mrs Dupont"},
        {"name": "A" * 41},
        {"where": "Dupont, born 1950"},
        {"where": "https://elsewhere.example/a.js:1:2"},
        {"where": f"{'a' * 121}:1:2"},
        {"page": "/capture/ulcer-of-dupont"},
        {"version": "1\n2"},
        {"message": "Dupont is not a function"},
    ],
)
def test_what_could_hold_a_person_is_refused(house: House, changed: dict[str, str]) -> None:
    assert report(house, **changed) == 422


def test_reports_without_end_are_not_kept(house: House) -> None:
    answers = [report(house) for _ in range(AT_ONCE + 5)]
    assert answers[:AT_ONCE] == [204] * AT_ONCE
    assert answers[-1] == 429
    house.clock.moment += timedelta(minutes=1)
    assert report(house) == 204
