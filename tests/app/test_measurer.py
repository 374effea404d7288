"""The pipeline as the service runs it, on a rendered photograph."""

from __future__ import annotations

import io
import json
from importlib import resources
from pathlib import Path

from PIL import Image
from PIL.ExifTags import IFD, Base

from app.captures.measurer import PipelineMeasurer
from app.studies.schemas import GatePlan
from calibration.digit_card import DIGIT_CARD, PrintLot
from calibration.photo import UNTOLD, Optics
from models.registry import find_weights, load_segmenter

START_OF_SCAN = 0xDA
APPLICATION_SEGMENTS = {*range(0xE0, 0xF0), 0xFE}
"""Markers of JPEG's application segments and comments (ITU-T T.81, table B.1)."""

SAMPLES = Path(str(resources.files("sample_images")))


def test_a_measured_print_lot_reaches_the_colours_and_is_recorded_with_the_lens() -> None:
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    item = next(item for item in manifest["photos"] if item["true_area_mm2"] > 8)
    content = (SAMPLES / item["file"]).read_bytes()
    faded = {patch.id: tuple(0.8 * value for value in patch.srgb) for patch in DIGIT_CARD.patches}
    lot = PrintLot("2026-03", {name: (red, green, blue) for name, (red, green, blue) in faded.items()})
    nominal, measured = (
        PipelineMeasurer(1).measure(content, GatePlan(), "flat", chosen, UNTOLD).numbers
        for chosen in (None, lot)
    )
    assert nominal["colour"]["print_lot"] == "nominal"
    assert measured["colour"]["print_lot"] == "2026-03"
    # A card that is darker than stated asks for less exposure.
    assert measured["colour"]["matrix"][1][1] < 0.8 * nominal["colour"]["matrix"][1][1]
    assert nominal["lens"]["source"] == "header"
    assert nominal["lens"]["mismatch_sd"] < GatePlan().maximum_lens_mismatch_sd


def stripped(jpeg: bytes) -> bytes:
    """The file without its application segments and comments, as a tablet sends it; pixels untouched."""
    kept, place = [jpeg[:2]], 2
    while jpeg[place + 1] != START_OF_SCAN:
        length = 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if jpeg[place + 1] not in APPLICATION_SEGMENTS:
            kept.append(jpeg[place : place + length])
        place += length
    return b"".join([*kept, jpeg[place:]])


def test_a_stripped_portrait_photograph_with_its_optics_sent_apart_measures_the_same_to_the_last_digit() -> (
    None
):
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    portrait = next(
        item for item in manifest["photos"] if item["site"] == "LIL" and item["true_area_mm2"] > 8
    )
    original = (SAMPLES / portrait["file"]).read_bytes()
    with Image.open(io.BytesIO(original)) as picture:
        header = picture.getexif()
        told = Optics(
            float(header.get_ifd(IFD.Exif)[Base.FocalLengthIn35mmFilm]), None, header[Base.Orientation]
        )
    assert told.orientation == 6
    bare = stripped(original)
    with Image.open(io.BytesIO(bare)) as picture:
        assert not picture.getexif()
    measurer = PipelineMeasurer(1)
    upright_alone = Optics(orientation=told.orientation)
    whole, apart, untold = (
        measurer.measure(content, GatePlan(), "flat", None, optics).numbers
        for content, optics in ((original, UNTOLD), (bare, told), (bare, upright_alone))
    )
    assert whole["area_mm2"] > 0
    assert apart == whole
    # The lens makes a difference: optics that were not used would show.
    assert untold.get("area_mm2") != whole["area_mm2"]


def test_a_measurer_that_was_warmed_up_loads_nothing_at_the_first_photograph() -> None:
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    content = (SAMPLES / manifest["photos"][0]["file"]).read_bytes()
    load_segmenter.cache_clear()
    measurer = PipelineMeasurer(1)
    measurer.warm_up()
    assert load_segmenter.cache_info().misses == 1
    measurer.measure(content, GatePlan(), "flat", None, UNTOLD)
    assert load_segmenter.cache_info().misses == 1


def test_the_algorithm_names_weights_and_another_runtime() -> None:
    assert PipelineMeasurer(1).algorithm.endswith(f"+{find_weights().label}")
    assert PipelineMeasurer(1, "torch").algorithm.endswith(f"+{find_weights().label}+torch")
