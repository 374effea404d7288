"""The figures of the readers' agreement in a browser, from real statistics of simulated studies."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.agreement import agreement
from app.domain.locked_reads import Adjudication, Read
from app.reading_room.agreement_schemas import AgreementOut
from tests.app import agreement_fixture
from tests.browser.test_frontend_units import WEB, node

ADDRESS = "http://figures.test/"
HERE = Path(__file__).parent

CROSSING_TEXTS = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent,
  text.getBoundingClientRect()]); const beyond = texts.filter(([, b]) => b.left < frame.left - 1 || b.right >
  frame.right + 1
    || b.top < frame.top - 1 || b.bottom > frame.bottom + 1).map(([text]) => text);
  const crossing = texts.flatMap(([text, a], i) => texts.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4).map(([other]) => `${text} / ${other}`));
  return [...beyond, ...crossing];
})"""
"""Texts of charts that lie over each other or leave their drawing; lines of text may touch by their
leading."""


def one_case() -> AgreementOut:
    reads = [Read("1", "a", False, "open", 4.0), Read("2", "a", False, "closed")]
    return AgreementOut.of(agreement(reads, [Adjudication("a", "1")]))


def like_minded() -> AgreementOut:
    """Six cases on which both readers agree in all."""
    areas = {f"case {i}": 3.0 + i for i in range(6)}
    reads = [Read(label, case, False, "open", area) for case, area in areas.items() for label in ("1", "2")]
    return AgreementOut.of(agreement(reads, []))


STUDIES = {"whole": agreement_fixture.told, "one case": one_case, "like-minded": like_minded}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The figures' sources as one script and one style sheet."""
    if not (WEB / "node_modules").is_dir():
        pytest.skip("the JavaScript packages are not installed: pip install -e . or npm ci in app/web")
    out = tmp_path_factory.mktemp("figures") / "figures.js"
    subprocess.run(
        [
            node(),
            "node_modules/esbuild/bin/esbuild",
            str(HERE / "agreement_figures.tsx"),
            "--bundle",
            "--jsx=automatic",
            "--jsx-import-source=preact",
            "--log-level=error",
            f"--outfile={out}",
        ],
        cwd=WEB,
        env={**os.environ, "NODE_PATH": str(WEB / "node_modules")},
        check=True,
        timeout=120,
    )
    return {
        "script": out.read_text(encoding="utf-8"),
        "style": out.with_suffix(".css").read_text(encoding="utf-8"),
    }


@pytest.fixture
def drawn(browser: Any, bundle: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """Draws a study's figures in a window so wide; afterwards none may have complained."""
    complaints: list[str] = []
    context = browser.new_context(accept_downloads=True)

    def draw(told: AgreementOut, language: str = "en", width: int = 1440) -> Any:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.route(
            "**/*",
            lambda route: route.fulfill(body="<!doctype html><div id=app></div>", content_type="text/html"),
        )
        page.goto(ADDRESS)
        page.add_style_tag(content=bundle["style"])
        data = json.dumps({"agreement": json.loads(told.model_dump_json()), "language": language})
        page.add_script_tag(content=f"window.told = {data}")
        page.add_script_tag(content=bundle["script"])
        return page

    yield draw
    context.close()
    assert complaints == []


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(("language", "width"), [("fr", 1024), ("en", 1440)])
def test_every_figure_is_drawn_and_readable(
    drawn: Callable[..., Any], study: str, language: str, width: int
) -> None:
    page = drawn(STUDIES[study](), language, width)
    assert page.locator("svg[role=img]").count() == 6
    markup = page.content()
    assert not any(
        wrong in markup.partition("<script")[0] for wrong in ("NaN", "undefined", "Infinity", "null")
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CROSSING_TEXTS) == []


def test_what_cannot_be_told_says_why(drawn: Callable[..., Any]) -> None:
    alone = drawn(one_case()).inner_text("main")
    assert "not enough reads" in alone
    assert "Readers are told apart from three on" in alone
    alike = drawn(like_minded()).locator("svg").first.text_content()
    assert "one category only" in alike
    assert "all agree" in alike


def test_readers_outside_the_limits_are_named(drawn: Callable[..., Any]) -> None:
    told = agreement_fixture.told()
    named = [reader.reader for reader in told.readers if reader.out_of_control]
    assert named
    assert f"Outside the limits: Reader {named[0]}" in drawn(told).inner_text("main")


def test_each_figure_is_saved_as_a_file_of_numbers(drawn: Callable[..., Any]) -> None:
    page = drawn(agreement_fixture.told())
    buttons = page.get_by_role("button", name="Save as CSV")
    saved = {}
    for i in range(buttons.count()):
        with page.expect_download() as download:
            buttons.nth(i).click()
        saved[download.value.suggested_filename] = Path(download.value.path()).read_text(encoding="utf-8")
    assert sorted(saved) == [
        f"{name}.csv"
        for name in ("adjudication", "areas", "categories", "dice", "disagreement", "repeats", "shift")
    ]
    kappa = agreement_fixture.told().pairs[0].kappa.value
    assert f"1,2,kappa,{kappa}," in saved["categories.csv"]


def test_two_readers_and_a_scale_are_chosen_with_the_keyboard(drawn: Callable[..., Any]) -> None:
    told = agreement_fixture.told()
    page = drawn(told)
    choice = page.get_by_label("Two readers compared", exact=True)
    choice.focus()
    page.keyboard.press("ArrowDown")
    marks = page.locator(".case-mark")
    assert marks.count() == len(told.pairs[1].differences.marks)
    ratios = page.get_by_role("button", name="Ratios")
    ratios.focus()
    page.keyboard.press("Enter")
    assert ratios.get_attribute("aria-pressed") == "true"
    assert f"Mean ratio {told.pairs[1].ratios.bias.value:.2f}" in page.inner_text("main")
