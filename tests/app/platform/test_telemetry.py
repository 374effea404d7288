"""Log lines hold known keys only."""

from __future__ import annotations

import json

import pytest
import structlog

from app.platform.telemetry import configure_logs, where


def test_unknown_keys_do_not_reach_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    structlog.get_logger().info("request", route="/v1/x", subject="LYO-001", file="IMG_1.jpg")
    structlog.get_logger().debug("unheard")
    (line,) = capfd.readouterr().err.splitlines()
    assert set(json.loads(line)) == {"event", "level", "timestamp", "route"}


def test_place_of_an_error_without_its_text() -> None:
    from app.platform.cursor import read_cursor

    with pytest.raises(Exception, match="invalid_cursor") as caught:
        read_cursor("series", "LYO-001")
    assert where(caught.value).startswith("app.platform.cursor:")
    assert "LYO" not in where(caught.value)
