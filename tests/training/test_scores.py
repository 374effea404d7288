import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.scores import Overlap, image_mean_dice, mean, overlap, ratio, summary


def test_dice_and_iou_of_a_known_case() -> None:
    truth, found = np.zeros((10, 10), bool), np.zeros((10, 10), bool)
    truth[2:6, 2:6], found[2:6, 4:8] = True, True
    counts = overlap(found, truth)
    assert counts == Overlap(8, 16, 16)
    assert counts.dice == pytest.approx(0.5)
    assert counts.iou == pytest.approx(8 / 24)


def test_unknown_pixels_do_not_count() -> None:
    truth, found = np.ones((4, 4), bool), np.zeros((4, 4), bool)
    known = np.zeros((4, 4), bool)
    found[0], known[0] = True, True
    assert overlap(found, truth, known).dice == 1


def test_empty_images() -> None:
    assert Overlap(0, 0, 0).dice == 1
    assert Overlap(0, 0, 5).dice == 0
    assert Overlap(0, 5, 0).dice == 0


def test_pooled_flatters_and_intervals_hold_the_value() -> None:
    counts = [Overlap(9000, 10000, 10000)] + [Overlap(40, 100, 100)] * 9
    figures = summary(counts)
    assert figures["dice_pooled"][0] > figures["dice_image_mean"][0] == pytest.approx(image_mean_dice(counts))
    for value, low, high in figures.values():
        assert low <= value <= high


def test_the_shown_mean_leaves_empty_truth_out() -> None:
    figures = summary([Overlap(0, 0, 0), Overlap(50, 100, 100)])
    assert figures["dice_image_mean"][0] == pytest.approx(0.75)
    assert figures["dice_image_mean_shown"][0] == pytest.approx(0.5)
    assert figures["area_bias_pooled"][0] == pytest.approx(0.0)


def test_a_ratio_is_pooled() -> None:
    value, low, high = ratio([1, 30], [10, 90])
    assert value == pytest.approx(31 / 100)
    assert low == pytest.approx(1 / 10)
    assert high == pytest.approx(30 / 90)


def test_values_that_are_not_known_are_left_out_of_a_mean() -> None:
    assert mean([1.0, float("nan"), 3.0])[0] == 2
    assert np.isnan(mean([float("nan")])).all()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), copies=st.integers(2, 5))
def test_groups_make_intervals_wider_when_photos_repeat(seed: int, copies: int) -> None:
    values = np.random.default_rng(seed).uniform(0.3, 1, 30).repeat(copies)
    person = [number // copies for number in range(len(values))]
    by_photo, by_person = mean(values), mean(values, person)
    assert by_person[0] == pytest.approx(by_photo[0])
    assert by_person[2] - by_person[1] > 1.2 * (by_photo[2] - by_photo[1])
    # drawing whole groups of copies is drawing the persons themselves
    assert by_person == pytest.approx(mean(values[::copies]))


def test_area_bias_by_image_and_pooled_differ() -> None:
    figures = summary([Overlap(1000, 1000, 1000), Overlap(100, 100, 200)])
    assert figures["area_bias_mean"][0] == pytest.approx(0.5)
    assert figures["area_bias_pooled"][0] == pytest.approx(100 / 1100)
