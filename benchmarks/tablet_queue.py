"""Photographs taken without network, through kills of the browser, lost receipts and a restarted service.

    python benchmarks/tablet_queue.py --photos 500 --kills 50 --restarts 2

A real service, Chromium with the built pages, and a proxy between them that drops 30 % of the receipts after
the service has committed. Every photograph of which the page said that it is kept must be there once, with
one event.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import sync_playwright

from tests.reliability.tablet_run import TabletRun


def main(
    photos: Annotated[int, typer.Option(help="To be taken.")] = 500,
    kills: Annotated[int, typer.Option(help="Of the browser, at random moments.")] = 50,
    restarts: Annotated[int, typer.Option(help="Of the service.")] = 2,
) -> None:
    """Run, and print what became of the photographs."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        outcome = TabletRun(Path(folder), playwright, photos, kills, restarts, say=typer.echo).run()
    typer.echo(f"{time.monotonic() - began:.0f} s")
    for name, value in vars(outcome).items():
        typer.echo(f"{name:>14}  {value}")


if __name__ == "__main__":
    typer.run(main)
