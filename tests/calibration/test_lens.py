"""What is known of a lens before the card is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.lens import STATED_FOCAL_RELATIVE_SD, TYPICAL_FOCAL_RELATIVE_SD, lens_prior

from .card_corners import blank


def test_a_stated_focal_length_is_believed_to_two_percent_and_a_typical_one_to_twelve() -> None:
    stated, typical = lens_prior(blank(4000, 3000)), lens_prior(blank(4000, 3000, None))
    assert (stated.source, typical.source) == ("header", "typical")
    assert np.exp(stated.lens[0]) == pytest.approx(26.0 / np.hypot(36, 24) * 5000)
    assert stated.sd[0] == pytest.approx(STATED_FOCAL_RELATIVE_SD)
    assert typical.sd[0] == TYPICAL_FOCAL_RELATIVE_SD
    assert tuple(stated.lens[2:]) == (1999.5, 1499.5)


@pytest.mark.parametrize("size", [(4000, 2250), (2250, 4000), (3000, 3000)])
def test_a_picture_cut_from_the_sensor_may_be_stated_by_either_diagonal(size: tuple[int, int]) -> None:
    prior, diagonal_px = lens_prior(blank(*size)), np.hypot(*size)
    sensor_px = {4000: 5000.0, 3000: 5000.0}[max(size)]
    for believed_px in (diagonal_px, sensor_px):
        off = np.log(26.0 * believed_px / np.hypot(36, 24)) - prior.lens[0]
        assert abs(off) < prior.sd[0]
    assert prior.sd[0] < 0.09


def test_a_stated_zoom_may_be_in_the_focal_length_or_not() -> None:
    plain, zoomed = lens_prior(blank(4000, 3000)), lens_prior(blank(4000, 3000, zoom=1.5))
    assert zoomed.source == "zoom"
    for factor in (1.0, 1.5):
        assert abs(plain.lens[0] + np.log(factor) - zoomed.lens[0]) < zoomed.sd[0]


def test_a_header_of_another_picture_is_told() -> None:
    assert lens_prior(replace(blank(4000, 3000), size_differs=True)).source == "altered"
