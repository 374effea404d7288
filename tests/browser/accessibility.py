"""axe-core in a page: what it finds against WCAG 2.2 AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[2] / "app" / "web" / "node_modules" / "axe-core" / "axe.min.js"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""Rules of WCAG 2.0 to 2.2, levels A and AA."""

GRAVE = {"serious", "critical"}

RUN = """(tags) => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})"""


SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished.catch(() => null))).then(() => null)"""
"""A colour half-way from one state to the next is none of the page's colours."""


def assert_accessible(page: Any) -> None:
    """Fail, with where and why, if axe finds anything serious or critical.

    Parameters
    ----------
    page : playwright.sync_api.Page
        Of a context made with `bypass_csp=True`: axe comes in as a script of its own.
    """
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in app/web")
    if not page.evaluate("() => typeof axe === 'object'"):
        page.add_script_tag(path=str(AXE))
    page.evaluate(SETTLED)
    found = page.evaluate(RUN, TAGS)
    assert found["testEngine"]["name"] == "axe-core"
    told = [
        f"{page.url}: {violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(
            f"    {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"][:5]
        )
        for violation in found["violations"]
        if violation["impact"] in GRAVE
    ]
    assert not told, "\n".join(told)
