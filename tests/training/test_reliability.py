from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from training.curves import draw_reliability
from training.reliability import BINS, Tally, reliability, together

FloatArray = np.ndarray


def _honest(count: int = 200_000, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    """Probabilities that mean what they say, and what came true."""
    rng = np.random.default_rng(seed)
    probability = expit(rng.normal(0, 2, count))
    return probability, rng.random(count) < probability


def test_honest_probabilities_have_no_error() -> None:
    assert reliability(Tally.of(*_honest())).error < 0.005


def test_an_overconfident_network_errs_by_what_it_boasts() -> None:
    rng = np.random.default_rng(2)
    sure = rng.random(100_000) < 0.5
    probability = np.where(sure, 0.95, 0.05)  # right in only 80 of 100
    truth = np.where(rng.random(100_000) < 0.8, sure, ~sure)
    assert reliability(Tally.of(probability, truth)).error == pytest.approx(0.15, abs=0.005)


def test_bins_are_of_equal_mass() -> None:
    found = reliability(Tally.of(*_honest()))
    assert len(found.share) == BINS
    assert found.share == pytest.approx(np.full(BINS, 1 / BINS), rel=0.05)
    assert (np.diff(found.said) > 0).all()


def test_equal_probabilities_stay_together() -> None:
    probability, truth = np.full(1000, 0.3), np.arange(1000) < 300
    found = reliability(Tally.of(probability, truth))
    assert len(found.share) == 1
    assert found.error < 0.003


def test_certainty_is_tallied_at_the_ends() -> None:
    tally = Tally.of(np.array([0.0, 1.0, 1.0]), np.array([False, True, False]))
    assert tally.other[0] == tally.ulcer[-1] == tally.other[-1] == 1
    assert reliability(tally).error == pytest.approx(1 / 3, abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(weight=st.floats(0.1, 50), scale=st.floats(0.3, 3), offset=st.floats(-2, 2))
def test_weights_do_not_change_what_is_true_and_readings_follow_the_logit(
    weight: float, scale: float, offset: float
) -> None:
    probability, truth = _honest(5000)
    tally = Tally.of(probability, truth)
    plain = reliability(tally, scale, offset)
    heavy = reliability(tally.weighing(weight), scale, offset)
    assert heavy.error == pytest.approx(plain.error)
    moved = Tally.of(expit(scale * logit(probability) + offset), truth)
    assert reliability(moved).error == pytest.approx(plain.error, abs=0.01)


def test_pictures_are_weighed_before_they_are_put_together() -> None:
    large = Tally.of(np.full(9000, 0.9), np.ones(9000, bool))
    small = Tally.of(np.full(10, 0.9), np.zeros(10, bool))
    both = together([large.weighing(1), small.weighing(1)])
    assert reliability(both).true == pytest.approx([0.5])
    assert not together([]).mass.any()


def test_the_diagram_is_drawn(tmp_path: Path) -> None:
    found = reliability(Tally.of(*_honest(2000)))
    empty = reliability(together([]))
    assert np.isnan(empty.error)
    draw_reliability({"wounds": (found, found), "none": (empty, empty)}, tmp_path / "diagram.png")
    assert (tmp_path / "diagram.png").stat().st_size > 5000
