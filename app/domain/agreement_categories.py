"""Agreement of two readers on open, closed, not assessable: Cohen's κ and Gwet's AC, plain and weighted."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.agreement_estimates import Estimate, Z, share

Category = Literal["open", "not_assessable", "closed"]

CATEGORIES: tuple[Category, ...] = ("open", "not_assessable", "closed")
"""In the order that the weights go by. Not assessable is put between the other two: "open" against "closed"
is the whole of a disagreement, either of them against "cannot tell" the half (linear) or a quarter of it
(quadratic). The order is a choice of ours; plain κ and AC1 do not depend on it."""

Weighting = Literal["plain", "linear", "quadratic"]

FEWEST_PAIRS = 2
"""One pair of reads agrees or does not: there is no chance agreement to set it against."""

NO_VARIANCE = 1e-14
"""Variances up to this are rounding: those of κ are about 1 / n."""


@dataclass(frozen=True)
class CategoryAgreement:
    """Two readers' categories on the cases that both read.

    Attributes
    ----------
    counts : tuple of tuples of int, 3 × 3
        Cases by the first reader's (row) and the second's (column) category, both in the order of
        `CATEGORIES`.
    observed : Estimate
        Share of cases with the same category.
    kappa, kappa_linear, kappa_quadratic : Estimate
        Cohen's κ, plain and weighted.
    ac1, ac2_linear, ac2_quadratic : Estimate
        Gwet's AC1, and AC2 with the weights.
    """

    counts: tuple[tuple[int, ...], ...]
    observed: Estimate
    kappa: Estimate
    kappa_linear: Estimate
    kappa_quadratic: Estimate
    ac1: Estimate
    ac2_linear: Estimate
    ac2_quadratic: Estimate


def category_agreement(pairs: Iterable[tuple[Category, Category]]) -> CategoryAgreement:
    """Every statistic of two readers' categories, from one pair of categories for each case."""
    counts = cross_table(pairs)
    plain, linear, quadratic = (weights(weighting) for weighting in ("plain", "linear", "quadratic"))
    return CategoryAgreement(
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        observed=share(int(np.trace(counts)), int(counts.sum())),
        kappa=kappa(counts, plain),
        kappa_linear=kappa(counts, linear),
        kappa_quadratic=kappa(counts, quadratic),
        ac1=gwet(counts, plain),
        ac2_linear=gwet(counts, linear),
        ac2_quadratic=gwet(counts, quadratic),
    )


def cross_table(pairs: Iterable[tuple[Category, Category]]) -> NDArray[np.int64]:
    """Count pairs of categories, shape (3, 3), in the order of `CATEGORIES`."""
    counts = np.zeros((len(CATEGORIES), len(CATEGORIES)), np.int64)
    for first, second in pairs:
        counts[CATEGORIES.index(first), CATEGORIES.index(second)] += 1
    return counts


def weights(weighting: Weighting, size: int = len(CATEGORIES)) -> NDArray[np.float64]:
    """Credit for each pair of categories, shape (size, size): 1 for the same one, 0 for the two ends.

    Linear credit falls with the distance (Cicchetti & Allison 1971), quadratic with its square (Fleiss &
    Cohen 1973), plain is none but for the same category.
    """
    if weighting == "plain":
        return np.eye(size)
    place = np.arange(size)
    distance = np.abs(place[:, None] - place[None, :]) / (size - 1)
    return np.asarray(1 - distance if weighting == "linear" else 1 - distance**2)


def kappa(counts: NDArray[np.int64], credit: NDArray[np.float64]) -> Estimate:
    """Cohen's weighted κ, its interval from the large-sample variance of Fleiss, Cohen & Everitt (1969,
    Psychol Bull 72:323, eq. 13).

    Parameters
    ----------
    counts : NDArray[np.int64], shape (q, q)
        Cases by the two readers' categories.
    credit : NDArray[np.float64], shape (q, q)
        See `weights`; Cohen's own need not be symmetric.

    Notes
    -----
    Not told when a reader used one category only: the agreement is then exactly that of chance, whatever the
    other reader said. Categories that nobody used change nothing.
    """
    n = int(counts.sum())
    if n < FEWEST_PAIRS:
        return Estimate.missing(n)
    p = counts / n
    first, second = p.sum(axis=1), p.sum(axis=0)
    if first.max() == 1 or second.max() == 1:
        return Estimate.missing(n, "one_category")
    observed, chance = float((credit * p).sum()), float(first @ credit @ second)
    value = (observed - chance) / (1 - chance)
    mean_credit = (credit @ second)[:, None] + (first @ credit)[None, :]
    spread = float((p * (credit - mean_credit * (1 - value)) ** 2).sum())
    variance = (spread - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    return _with_normal_interval(value, variance, n)


def gwet(counts: NDArray[np.int64], credit: NDArray[np.float64]) -> Estimate:
    """Gwet's AC1, AC2 with other credit than that for the same category, its interval from their large-sample
    variance (Gwet 2008, Br J Math Stat Psychol 61:29; with weights Gwet 2014, ch. 5).

    Parameters
    ----------
    counts : NDArray[np.int64], shape (q, q)
        Cases by the two readers' categories.
    credit : NDArray[np.float64], shape (q, q)
        Symmetric; see `weights`.

    Notes
    -----
    Chance is spread over the q categories that readers could choose from, used or not.
    """
    n, q = int(counts.sum()), len(counts)
    if n < FEWEST_PAIRS:
        return Estimate.missing(n)
    p = counts / n
    used = (p.sum(axis=0) + p.sum(axis=1)) / 2
    per_pair = float(credit.sum()) / (q * (q - 1))
    observed, chance = float((credit * p).sum()), per_pair * float((used * (1 - used)).sum())
    value = (observed - chance) / (1 - chance)
    unused = 1 - (used[:, None] + used[None, :]) / 2
    spread = float((p * (credit - 2 * (1 - value) * per_pair * unused) ** 2).sum())
    variance = (spread - (observed - 2 * (1 - value) * chance) ** 2) / (n * (1 - chance) ** 2)
    return _with_normal_interval(value, variance, n)


def _with_normal_interval(value: float, variance: float, n: int) -> Estimate:
    """With the interval of a normal error, or the reason why there is none."""
    if variance <= NO_VARIANCE:
        return Estimate.bare(value, n, "all_agree" if math.isclose(value, 1) else "no_spread")
    half = Z * math.sqrt(variance)
    return Estimate.cut(value, value - half, value + half, n)
