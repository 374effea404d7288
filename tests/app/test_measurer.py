"""The pipeline as the service runs it, on a rendered photograph."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from app.captures.measurer import PipelineMeasurer
from app.studies.schemas import GatePlan
from calibration.digit_card import DIGIT_CARD, PrintLot
from models.registry import find_weights, load_segmenter

SAMPLES = Path(str(resources.files("sample_images")))


def test_a_measured_print_lot_reaches_the_colours_and_is_recorded_with_the_lens() -> None:
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    item = next(item for item in manifest["photos"] if item["true_area_mm2"] > 8)
    content = (SAMPLES / item["file"]).read_bytes()
    faded = {patch.id: tuple(0.8 * value for value in patch.srgb) for patch in DIGIT_CARD.patches}
    lot = PrintLot("2026-03", {name: (red, green, blue) for name, (red, green, blue) in faded.items()})
    nominal, measured = (
        PipelineMeasurer(1).measure(content, GatePlan(), "flat", chosen).numbers for chosen in (None, lot)
    )
    assert nominal["colour"]["print_lot"] == "nominal"
    assert measured["colour"]["print_lot"] == "2026-03"
    # A card that is darker than stated asks for less exposure.
    assert measured["colour"]["matrix"][1][1] < 0.8 * nominal["colour"]["matrix"][1][1]
    assert nominal["lens"]["source"] == "header"
    assert nominal["lens"]["mismatch_sd"] < GatePlan().maximum_lens_mismatch_sd


def test_a_measurer_that_was_warmed_up_loads_nothing_at_the_first_photograph() -> None:
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    content = (SAMPLES / manifest["photos"][0]["file"]).read_bytes()
    load_segmenter.cache_clear()
    measurer = PipelineMeasurer(1)
    measurer.warm_up()
    assert load_segmenter.cache_info().misses == 1
    measurer.measure(content, GatePlan(), "flat", None)
    assert load_segmenter.cache_info().misses == 1


def test_the_algorithm_names_weights_and_another_runtime() -> None:
    assert PipelineMeasurer(1).algorithm.endswith(f"+{find_weights().label}")
    assert PipelineMeasurer(1, "torch").algorithm.endswith(f"+{find_weights().label}+torch")
