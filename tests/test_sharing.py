"""Tests that share something slow run in one process, which nothing else would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sharing import LONGEST_FIRST, SHARE_THE_DEMO, THE_DEMO, group_of

ROOT = Path(__file__).resolve().parents[1]

run_here: list[int] = []


@pytest.mark.parametrize("number", range(8))
def test_a_module_stays_together(number: int, request: pytest.FixtureRequest) -> None:
    asked_for = [
        item.callspec.params["number"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is request.function
    ]
    run_here.append(number)
    assert run_here == asked_for[: len(run_here)]


def test_whoever_uses_the_demo_is_of_its_group(request: pytest.FixtureRequest) -> None:
    users = {item.nodeid for item in request.session.items if "demo" in getattr(item, "fixturenames", ())}
    assert {group_of(nodeid) for nodeid in users} <= {THE_DEMO}


@pytest.mark.parametrize("module", sorted({*SHARE_THE_DEMO, *LONGEST_FIRST} - {THE_DEMO}))
def test_a_module_that_is_named_is_there(module: str) -> None:
    assert (ROOT / module).is_file()
