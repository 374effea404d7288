"""What a first visit to the pages loads, and how soon the page answers.

    python benchmarks/page_weight.py
    python benchmarks/page_weight.py --address http://127.0.0.1:8000

The weight is that of the entrance and everything it names, compressed as a proxy would (gzip, level 9). With
an address, Chromium opens the page with an empty cache; the time is from the navigation's start until the
first field or button can be used.
"""

from __future__ import annotations

import gzip
import re
import shutil
import statistics
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import sync_playwright

DIST = Path(__file__).parents[1] / "app" / "web" / "dist"
LIMIT_KB = 300.0
"""Of the issue: a page that opens on a hospital's slow network."""

OPENINGS = 5
USABLE = "main :is(button, input):enabled"


def first_load_kb(dist: Path = DIST) -> dict[str, float]:
    """Compressed kilobytes of the entrance and of every file that it names.

    Parameters
    ----------
    dist : Path
        The built pages.

    Returns
    -------
    dict of str to float
        By file name.
    """
    entrance = dist / "index.html"
    named = re.findall(r'(?:src|href)="/([^"]+)"', entrance.read_text(encoding="utf-8"))
    loaded = [entrance, *(dist / name for name in named)]
    return {file.name: len(gzip.compress(file.read_bytes(), 9)) / 1000 for file in loaded}


def usable_after_ms(address: str) -> list[float]:
    """Milliseconds until the page can be used, each time with an empty cache."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(OPENINGS):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}/tablet", wait_until="commit")
            page.locator(USABLE).first.wait_for()
            times.append(float(page.evaluate("performance.now()")))
            context.close()
        browser.close()
    return times


def main(address: Annotated[str, typer.Option(help="Of a running service.")] = "") -> None:
    """Print weights and times."""
    weights = first_load_kb()
    for name, kilobytes in weights.items():
        typer.echo(f"{kilobytes:8.1f} kB  {name}")
    typer.echo(f"{sum(weights.values()):8.1f} kB  together; at most {LIMIT_KB:.0f}")
    if address:
        times = usable_after_ms(address)
        typer.echo(
            f"{statistics.median(times):8.0f} ms  until usable, median of {OPENINGS}; worst {max(times):.0f}"
        )


if __name__ == "__main__":
    typer.run(main)
