"""The data manager's pages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import wait_until

pytestmark = pytest.mark.timeout(600)  # the first of these tests also waits for the demo to start

READING_PX_PER_MM = 20.0
LEAST_IMAGE_PX = 10 * READING_PX_PER_MM
"""A reading image shows a centimetre of digit at the very least."""

FURTHER_S = 60.0
"""Until one more photograph has been measured, on two slow cores shared with other tests."""


@pytest.fixture
def manager(demo: Any) -> str:
    name: str = demo.accounts()["data_manager"][0]
    return name


def at_measured(ulcer: dict[str, Any]) -> str:
    """Address of the ulcer's last measured visit."""
    codes = [point["visit_code"] for point in ulcer["timepoints"] if point["state"] == "measured"]
    return f"/study/{ulcer['id']}/{codes[-1]}"


def test_the_demo_opens_as_data_manager_with_every_ulcer(visitors: Any, demo: Any) -> None:
    page = visitors().enter(None)
    page.wait_for_selector(".multiples li")
    assert page.locator(".multiples li").count() == len(demo.ulcers()) == 8
    assert page.locator(".ulcer-list ul a").count() == 8
    assert page.locator(".demo").is_visible()


def told(page: Any) -> str:
    """The line of progress, empty when there is none any more."""
    lines = page.locator(".progress strong").all_inner_texts()
    return str(lines[0]) if lines else ""


def test_progress_is_told_until_all_is_measured(visitors: Any, demo: Any, manager: str) -> None:
    page = visitors().enter(manager, "/study")
    page.wait_for_selector(".multiples li")
    states = [c["state"] for c in demo.ask(f"/v1/captures?study_id={demo.study()['id']}")]
    if "received" not in states and "measuring" not in states:
        assert page.locator(".progress").count() == 0
        return
    shown = told(page)
    found = re.fullmatch(r"(\d+) of (\d+) photos measured", shown)
    assert found is not None, shown
    assert int(found[1]) < int(found[2])
    wait_until(lambda: told(page) != shown, FURTHER_S)


def test_an_ulcer_shows_course_photograph_figures_and_gate(
    visitors: Any, manager: str, measured_ulcer: dict[str, Any]
) -> None:
    page = visitors().enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".viewer-layer:not(.hidden)")
    assert page.locator(".hit").count() == len(measured_ulcer["timepoints"])
    assert page.locator(".interval-bar").count() >= 2
    assert re.fullmatch(r"[\d.]+ mm²", page.locator(".headline-figure").inner_text())
    assert page.locator(".criterion").count() >= 5
    for side in ("naturalWidth", "naturalHeight"):
        assert page.locator(".viewer-layer").first.evaluate(f"image => image.{side}") > LEAST_IMAGE_PX


def test_the_outline_goes_on_and_off_by_box_and_by_key(
    visitors: Any, manager: str, measured_ulcer: dict[str, Any]
) -> None:
    page = visitors().enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".viewer-layer:not(.hidden)")
    shown = page.locator(".viewer-layer:not(.hidden)")
    wait_until(lambda: shown.count() == 2)
    page.get_by_label("Outline").uncheck()
    wait_until(lambda: shown.count() == 1)
    page.locator("h1").click()
    page.keyboard.press("o")
    wait_until(lambda: shown.count() == 2)


def test_the_scale_bar_is_true_at_every_zoom(
    visitors: Any, manager: str, measured_ulcer: dict[str, Any]
) -> None:
    page = visitors().enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".viewer-layer:not(.hidden)")
    natural_px = page.locator(".viewer-layer").first.evaluate("image => image.naturalWidth")
    for name in ("Close to the ulcer", "Zoom in", "Zoom out", "Whole image"):
        page.get_by_role("button", name=name).click()
        bar = page.locator(".scale-bar-line").bounding_box()["width"]
        length_mm = float(page.locator(".scale-bar-text").inner_text().removesuffix(" mm"))
        image = page.locator(".viewer-layer").first.bounding_box()["width"]
        assert bar / length_mm == pytest.approx(image / (natural_px / READING_PX_PER_MM), rel=0.01)


def test_beside_the_baseline_both_are_looked_at_with_one_view(
    visitors: Any, manager: str, measured_ulcer: dict[str, Any]
) -> None:
    page = visitors().enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".viewer-layer:not(.hidden)")
    page.get_by_label("Beside baseline").check()
    wait_until(lambda: page.locator(".viewer-layer:not(.hidden)").count() == 4)
    page.get_by_role("button", name="Zoom in").first.click()
    # Reading images are cut to their digits, so their sizes differ; what must agree is the scale.
    scales = page.locator(".viewer-layer:not(.hidden)").evaluate_all(
        "all => all.map(i => i.getBoundingClientRect().width / i.naturalWidth)"
    )
    assert len(scales) == 4
    assert max(scales) == pytest.approx(min(scales), rel=1e-3)  # browsers lay out in 64ths of a pixel


def test_the_chart_is_worked_by_keyboard(visitors: Any, manager: str, measured_ulcer: dict[str, Any]) -> None:
    page = visitors().enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".hit")
    page.locator(".hit").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(
        re.compile(rf"/study/{measured_ulcer['id']}/{measured_ulcer['timepoints'][0]['visit_code']}$")
    )
    wait_until(lambda: page.locator(".hit").first.get_attribute("aria-pressed") == "true")


def test_both_languages(visitors: Any, manager: str) -> None:
    page = visitors(language="fr-FR").enter(manager, "/study")
    page.wait_for_selector(".multiples li")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.get_by_role("link", name="Tous les ulcères").is_visible()
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("link", name="All ulcers").is_visible()
    page.reload()
    page.wait_for_selector(".multiples li")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (720, 450), (512, 384)])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_cut_off_at_tablet_width_nor_at_double_zoom(
    visitors: Any, manager: str, measured_ulcer: dict[str, Any], width: int, height: int, language: str
) -> None:
    page = visitors(language=language, width=width, height=height).enter(manager, at_measured(measured_ulcer))
    page.wait_for_selector(".viewer-layer:not(.hidden)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_trail_is_read_and_verified(visitors: Any, manager: str) -> None:
    page = visitors().enter(manager, "/audit")
    page.wait_for_selector(".trail tbody tr")
    page.get_by_role("button", name="Verify the chain").click()
    page.wait_for_selector(".note.good")
    assert re.search(r"whole: [\d,]+ events", page.locator(".note.good").inner_text())


def test_a_wrong_password_is_told_in_the_language_of_the_page(visitors: Any, manager: str) -> None:
    page = visitors(language="fr").enter(manager, "/study")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/sign-in")
    page.get_by_label("Identifiant").fill("nobody")
    page.get_by_label("Mot de passe").fill("wrong")
    page.get_by_role("button", name="Se connecter").click()
    assert "Identifiant ou mot de passe" in page.locator("[role=alert]").inner_text()
