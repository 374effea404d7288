"""The gate's limits hold at the limit, and every code speaks both languages."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.capture_gate import at_least, at_most, exposure_percent, refusal
from calibration.gate_sentences import SENTENCES


def test_limits_are_inclusive() -> None:
    assert at_most("tilt_deg", 30.0, 30.0).passed
    assert not at_most("tilt_deg", 30.1, 30.0).passed
    assert at_least("scale_px_per_mm", 10.0, 10.0).passed
    assert not at_least("scale_px_per_mm", 9.9, 10.0).passed


def test_what_cannot_be_measured_passes_without_a_value() -> None:
    for found in (at_most("glare_percent", None, 20.0), at_least("ulcer_margin_percent", None, 10.0)):
        assert (found.value, found.passed) == (None, True)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_says_what_to_do_in_both_languages(code: str) -> None:
    finding = refusal(code)
    assert not finding.passed
    assert finding.fr != finding.en
    for sentence in (finding.fr, finding.en):
        assert sentence.endswith(".")
        assert sentence.count(".") == 1
        assert ": " in sentence, "first what is wrong, then what to do"


def test_exposure_counts_the_digit_only() -> None:
    rgb = np.full((10, 10, 3), 255, np.uint8)
    digit = np.zeros((10, 10), dtype=bool)
    digit[5:] = True
    rgb[5:] = 120
    rgb[5] = 255
    rgb[6] = 2
    assert exposure_percent(rgb, digit) == (20.0, 20.0)
    assert exposure_percent(rgb, np.zeros_like(digit)) == (0.0, 0.0)
