import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from training.reliability import Tally, reliability
from training.temperature import Temperature, choose_temperature, fit_temperature, loss

FloatArray = np.ndarray


def _distorted(
    scale: float, offset: float, count: int = 60_000, seed: int = 5
) -> tuple[FloatArray, FloatArray]:
    """Honest probabilities whose logits were multiplied and shifted, and what came true."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, count)
    return expit(scale * logits + offset), rng.random(count) < expit(logits)


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(0.4, 3.0))
def test_the_factor_that_scaled_the_logits_is_found_again(factor: float) -> None:
    found = fit_temperature(*_distorted(factor, 0.0))
    assert found.temperature == pytest.approx(factor, rel=0.03)
    assert found.offset == 0


def test_an_offset_is_found_again() -> None:
    found = fit_temperature(*_distorted(1.5, 0.9), with_offset=True)
    assert found.temperature == pytest.approx(1.5, rel=0.03)
    assert found.offset == pytest.approx(-0.6, abs=0.04)  # undone after the division: -0.9 / 1.5


def test_a_fitted_temperature_makes_an_overconfident_network_honest() -> None:
    probability, truth = _distorted(3.0, 0.0)
    temperature = fit_temperature(probability, truth)
    tally = Tally.of(probability, truth)
    assert reliability(tally).error > 0.08
    assert temperature.reliability(tally).error < 0.01
    assert loss(tally, 1 / temperature.temperature) < loss(tally)


@settings(max_examples=20, deadline=None)
@given(temperature=st.floats(0.3, 4), offset=st.floats(-2, 2), logit=st.floats(-12, 12))
def test_what_is_done_to_a_probability_is_what_is_said_of_its_logit(
    temperature: float, offset: float, logit: float
) -> None:
    moved = Temperature(temperature, offset)(np.array([0.0, expit(logit), 1.0]))
    assert moved == pytest.approx([0, expit(logit / temperature + offset), 1], rel=1e-6)


def test_an_offset_is_taken_only_where_it_helps() -> None:
    groups = [f"photo {number // 2}" for number in range(20)]
    scaled = [Tally.of(*_distorted(2.0, 0.0, 4000, seed)) for seed in range(20)]
    shifted = [Tally.of(*_distorted(2.0, 1.2, 4000, seed)) for seed in range(20)]
    assert choose_temperature(scaled, groups).offset == 0
    assert choose_temperature(shifted, groups).offset == pytest.approx(-0.6, abs=0.1)
