"""A temperature for the ulcer's logits, so that its probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from training.reliability import LOGITS, FloatArray, Reliability, Tally, reliability, together

SCALES = (0.05, 20.0)
"""Between these lies the factor that is looked for; real networks need 0.4 to 2."""

FOLDS = 5
"""Parts of the pictures, each held out once, to see whether an offset helps on what it was not fitted on."""

LEAST_GAIN = 0.002
"""Relative fall of the held-out loss from which an offset is worth a second parameter."""


@dataclass(frozen=True)
class Temperature:
    """What is done to a logit z: z / temperature + offset.

    Attributes
    ----------
    temperature : float
        Above 1 where the network is too sure of itself.
    offset : float
        Above 0 where it finds too little.
    """

    temperature: float = 1.0
    offset: float = 0.0

    def __call__(self, probability: NDArray[np.floating]) -> FloatArray:
        """Probabilities of any shape, 0 to 1, as they should have been."""
        sharpness = 1 / self.temperature
        of_ulcer, of_other = np.asarray(probability, np.float64), 1 - np.asarray(probability, np.float64)
        said = of_ulcer**sharpness * np.exp(self.offset)
        return np.asarray(said / (said + of_other**sharpness))

    def reliability(self, tally: Tally) -> Reliability:
        """Of pixels after the temperature."""
        return reliability(tally, 1 / self.temperature, self.offset)


def fit_temperature(
    probabilities: NDArray[np.floating], labels: NDArray[np.bool_], *, with_offset: bool = False
) -> Temperature:
    """The temperature under which the labels are likeliest.

    Parameters
    ----------
    probabilities : NDArray, any shape
        What the network said, 0 to 1.
    labels : NDArray[np.bool_], of that shape
        What is true.
    with_offset : bool
        Whether an offset is looked for too.
    """
    return fit_tally(Tally.of(probabilities, labels), with_offset=with_offset)


def fit_tally(tally: Tally, *, with_offset: bool = False) -> Temperature:
    """As `fit_temperature`, from pixels that were tallied (and weighed)."""

    def cost(parameters: FloatArray) -> tuple[float, FloatArray]:
        scale, offset = parameters
        surplus = tally.mass * expit(scale * LOGITS + offset) - tally.ulcer
        slope = np.array([surplus @ LOGITS, surplus.sum() if with_offset else 0.0])
        total = float(tally.mass.sum())
        return loss(tally, scale, offset), slope / total

    found = minimize(cost, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[SCALES, (None, None)])
    scale, offset = found.x
    return Temperature(float(1 / scale), float(offset))


def loss(tally: Tally, scale: float = 1.0, offset: float = 0.0) -> float:
    """Mean cross-entropy of pixels whose logits are read as scale · z + offset."""
    logits = scale * LOGITS + offset
    summed = tally.ulcer @ np.logaddexp(0, -logits) + tally.other @ np.logaddexp(0, logits)
    return float(summed / tally.mass.sum())


def choose_temperature(tallies: Sequence[Tally], groups: Sequence[Hashable]) -> Temperature:
    """Temperature alone, or with an offset where that helps on pictures that it was not fitted on.

    Parameters
    ----------
    tallies : sequence of Tally
        One for each picture, weighed.
    groups : sequence of the same length
        Pictures of one group are held out together.
    """
    number = {group: position % FOLDS for position, group in enumerate(dict.fromkeys(groups))}
    fold_of = np.array([number[group] for group in groups])
    plain, shifted = (_held_out(tallies, fold_of, with_offset) for with_offset in (False, True))
    return fit_tally(together(tallies), with_offset=shifted < (1 - LEAST_GAIN) * plain)


def _held_out(tallies: Sequence[Tally], fold_of: NDArray[np.intp], with_offset: bool) -> float:
    """Mean loss of each fold's pictures under what was fitted on the others."""
    losses = []
    for fold in np.unique(fold_of):
        others = together(tally for tally, number in zip(tallies, fold_of, strict=True) if number != fold)
        held_out = together(tally for tally, number in zip(tallies, fold_of, strict=True) if number == fold)
        if others.mass.any() and held_out.mass.any():
            fitted = fit_tally(others, with_offset=with_offset)
            losses.append(loss(held_out, 1 / fitted.temperature, fitted.offset))
    return float(np.mean(losses)) if losses else float("inf")
