import numpy as np
import pytest

from training.scores import Overlap, image_mean_dice, overlap, summary


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
    assert figures["area_bias"][0] == pytest.approx(0.0)
