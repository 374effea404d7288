"""Settings refuse what would be unsafe, and every one is described."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.settings import DEFAULT_SECRET, Settings

SECRET = "s" * 32


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLANIMETER_SECRET_KEY", raising=False)


@pytest.mark.parametrize("secret", [None, DEFAULT_SECRET, "short"])
def test_default_and_short_secrets_are_for_the_demo(secret: str | None) -> None:
    chosen = {} if secret is None else {"secret_key": secret}
    with pytest.raises(ValidationError, match="PLANIMETER_SECRET_KEY"):
        Settings(**chosen)
    assert Settings(demo=True, **chosen).demo


def test_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANIMETER_SECRET_KEY", SECRET)
    monkeypatch.setenv("PLANIMETER_PORT", "9123")
    assert Settings().port == 9123
    assert SECRET not in repr(Settings())


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("url", ["", "postgresql://host/name"])
def test_several_processes_leave_measuring_to_a_worker(url: str) -> None:
    with pytest.raises(ValidationError, match="planimeter worker"):
        Settings(secret_key=SECRET, workers=2, database_url=url)
    assert Settings(secret_key=SECRET, workers=2, database_url=url, measure_in_server=False).workers == 2


def test_worker_is_not_dead_before_its_second_sign_of_life() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Settings(secret_key=SECRET, heartbeat_s=10, worker_dead_after_s=15)
