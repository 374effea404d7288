"""What commands for whoever runs the service share: settings, opened services, leaving with a sentence."""

from __future__ import annotations

import os
import secrets
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app.platform.telemetry import configure_logs
from app.services import Services, build
from app.settings import Settings

USAGE_EXIT = 2
SECRET_NAME = "PLANIMETER_SECRET_KEY"  # noqa: S105  (its name, not the secret)

screen = Console(stderr=True)


def read_settings(**chosen: object) -> Settings:
    """The settings of the environment; leaves with what is wrong with them."""
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            screen.print(f"{place or 'settings'}: {problem['msg']}", markup=False)
        raise typer.Exit(USAGE_EXIT) from None


def opened(*, secret_needed: bool = False) -> Services:
    """Opened services for a command.

    Parameters
    ----------
    secret_needed : bool
        Whether it makes use of the settings' secret; others run without one.
    """
    chosen = {} if secret_needed else {"secret_key": os.environ.get(SECRET_NAME) or secrets.token_hex(32)}
    settings = read_settings(**chosen)
    configure_logs("warning")
    services = build(settings)
    services.open()
    return services


def stop(sentence: str) -> NoReturn:
    """Leave with a sentence."""
    screen.print(sentence, markup=False)
    raise typer.Exit(USAGE_EXIT)
