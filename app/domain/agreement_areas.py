"""Agreement on areas: intraclass correlation, Bland–Altman limits plain and as ratios, repeatability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from app.domain.agreement_estimates import SEED, TAIL, Estimate, Z

Areas = NDArray[np.float64]

FEWEST_CASES = 3
"""Two cases leave one degree of freedom: the interval of a limit would reach to 60 standard deviations."""

PIVOTS = 2**15
"""Draws for a generalised interval: each end then leaves out 2.5 ± 0.1 % of the probability."""

SAME_RELATIVE = 1e-9
"""Areas that differ by less than this share of the largest are one number, told apart by rounding."""


@dataclass(frozen=True)
class Limits:
    """Bland and Altman's comparison of two readers.

    Attributes
    ----------
    bias, lower, upper : Estimate
        Mean difference, first reader less second, and the limits between which 95 % of differences are
        expected; ratios, first by second, where the comparison was made on logarithms.
    points : tuple of (float, float), length n
        Mean of the two areas and their difference; on logarithms geometric mean and ratio. By rising mean:
        their order tells nothing of the cases.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AreaAgreement:
    """Two readers' areas of the cases that both called open.

    Attributes
    ----------
    icc : Estimate
        ICC(2,1), absolute agreement.
    limits_mm2, ratio_limits : Limits
        On the plain and on the logarithmic scale.
    """

    icc: Estimate
    limits_mm2: Limits
    ratio_limits: Limits


@dataclass(frozen=True)
class AreaRepeats:
    """One reader's areas of the cases that the reader called open twice.

    Attributes
    ----------
    icc : Estimate
        ICC(1,1): which of two reads came first is chance, so that they are no two raters.
    repeatability_mm2 : Estimate
        Difference that 95 % of repeats stay below.
    repeatability_ratio : Estimate
        The same as a ratio, larger by smaller.
    """

    icc: Estimate
    repeatability_mm2: Estimate
    repeatability_ratio: Estimate


def area_agreement(first_mm2: Areas, second_mm2: Areas) -> AreaAgreement:
    """Every statistic of two readers' areas, each of shape (n,), positive.

    Raises
    ------
    ValueError
        If an area is not positive.
    """
    logs = _logarithms(first_mm2), _logarithms(second_mm2)
    plain, ratio = limits_of_agreement(first_mm2, second_mm2), limits_of_agreement(*logs)
    return AreaAgreement(
        icc=icc_agreement(np.column_stack([first_mm2, second_mm2])),
        limits_mm2=plain,
        ratio_limits=Limits(
            ratio.bias.exponentiated(),
            ratio.lower.exponentiated(),
            ratio.upper.exponentiated(),
            tuple((math.exp(mean), math.exp(difference)) for mean, difference in ratio.points),
        ),
    )


def area_repeats(first_mm2: Areas, again_mm2: Areas) -> AreaRepeats:
    """Every statistic of one reader's repeated areas, each of shape (n,), positive.

    Raises
    ------
    ValueError
        If an area is not positive.
    """
    logs = repeatability(_logarithms(first_mm2), _logarithms(again_mm2))
    return AreaRepeats(
        icc=icc_one_way(np.column_stack([first_mm2, again_mm2])),
        repeatability_mm2=repeatability(first_mm2, again_mm2),
        repeatability_ratio=logs.exponentiated(),
    )


def icc_agreement(areas_mm2: NDArray[np.float64]) -> Estimate:
    """ICC(2,1) of Shrout & Fleiss (1979, Psychol Bull 86:420), ICC(A,1) of McGraw & Wong (1996, Psychol
    Methods 1:30): two-way random, single reads, absolute agreement. Its interval is the generalised one
    (Weerahandi 1993, J Am Stat Assoc 88:899; of this coefficient Ionan et al. 2014, BMC Med Res Methodol
    14:121).

    Parameters
    ----------
    areas_mm2 : NDArray[np.float64], shape (n, k)
        A case in each row, a reader in each column, none missing.

    Notes
    -----
    Not told when the cases' means do not differ. The more usual interval (McGraw & Wong, table 7) puts one F
    distribution, with Satterthwaite's degrees of freedom, in place of three mean squares. That of two readers
    has a single degree of freedom, and where it happens to come out small the interval takes the readers for
    equal: it held the truth 79 to 95 times in 100, the less the more cases there were
    (`benchmarks/agreement_intervals.py`). The generalised one is wider, for two readers say little of others.
    """
    n, k = areas_mm2.shape
    if n < FEWEST_CASES:
        return Estimate.missing(n)
    rows, columns, rest = _mean_squares(areas_mm2)
    least = (SAME_RELATIVE * float(np.abs(areas_mm2).max())) ** 2
    if rows <= least:
        return Estimate.missing(n, "no_spread")
    if columns <= least and rest <= least:
        return Estimate.bare(1.0, n, "all_agree")
    value = (rows - rest) / (rows + (k - 1) * rest + k * (columns - rest) / n)
    draw = np.random.default_rng(SEED)
    # What each expected mean square may be, given the one seen: mean square × freedom / χ² (freedom).
    of_rows, of_columns, of_rest = (
        mean_square * freedom / draw.chisquare(freedom, PIVOTS)
        for mean_square, freedom in ((rows, n - 1), (columns, k - 1), (rest, (n - 1) * (k - 1)))
    )
    noise = k * of_columns + (n * k - n - k) * of_rest
    low, high = np.quantile(n * (of_rows - of_rest) / (n * of_rows + noise), [1 - TAIL, TAIL])
    return Estimate.cut(value, low, high, n)


def icc_one_way(areas_mm2: NDArray[np.float64]) -> Estimate:
    """ICC(1,1) of Shrout & Fleiss (1979) with its exact interval: one-way random, single reads.

    Parameters
    ----------
    areas_mm2 : NDArray[np.float64], shape (n, k)
        A case in each row, its reads in the columns in any order.
    """
    n, k = areas_mm2.shape
    if n < FEWEST_CASES:
        return Estimate.missing(n)
    means = areas_mm2.mean(axis=1, keepdims=True)
    between = k * float(((means - areas_mm2.mean()) ** 2).sum()) / (n - 1)
    within = float(((areas_mm2 - means) ** 2).sum()) / (n * (k - 1))
    least = (SAME_RELATIVE * float(np.abs(areas_mm2).max())) ** 2
    if between <= least:
        return Estimate.missing(n, "no_spread")
    if within <= least:
        return Estimate.bare(1.0, n, "all_agree")
    value = (between - within) / (between + (k - 1) * within)
    ratio = between / within
    low = ratio / stats.f.ppf(TAIL, n - 1, n * (k - 1))
    high = ratio * stats.f.ppf(TAIL, n * (k - 1), n - 1)
    return Estimate.of(value, ((low - 1) / (low + k - 1), (high - 1) / (high + k - 1)), n)


def limits_of_agreement(first: Areas, second: Areas) -> Limits:
    """Bland & Altman's bias and 95 % limits (1986, Lancet 1:307; 1999, Stat Methods Med Res 8:135).

    Parameters
    ----------
    first, second : NDArray[np.float64], shape (n,)
        Areas, or their logarithms.

    Notes
    -----
    The limits are bias ± 1.96 standard deviations. The bias has Student's interval. Each limit has its exact
    one, from the noncentral t distribution (Carkeet 2015, Optom Vis Sci 92:e71; Jan & Shieh 2018, BMC Med Res
    Methodol 18:45): Bland and Altman's own, ± 1.96 √3 s / √n, is too short outwards and too long inwards
    where reads are few.
    """
    n = len(first)
    differences, means = first - second, (first + second) / 2
    points = tuple(sorted(zip(means.tolist(), differences.tolist(), strict=True)))
    if n < FEWEST_CASES:
        return Limits(Estimate.missing(n), Estimate.missing(n), Estimate.missing(n), points)
    bias, sd = float(differences.mean()), float(differences.std(ddof=1))
    scale = max(float(np.abs(first).max()), float(np.abs(second).max()))
    if sd <= SAME_RELATIVE * scale:
        constant = Estimate.bare(bias, n, "all_agree" if abs(bias) <= SAME_RELATIVE * scale else "no_spread")
        return Limits(constant, constant, constant, points)
    half = float(special.stdtrit(n - 1, TAIL)) * sd / math.sqrt(n)
    near, far = stats.nct.ppf([1 - TAIL, TAIL], n - 1, Z * math.sqrt(n)) * sd / math.sqrt(n)
    return Limits(
        bias=Estimate.of(bias, (bias - half, bias + half), n),
        lower=Estimate.of(bias - Z * sd, (bias - far, bias - near), n),
        upper=Estimate.of(bias + Z * sd, (bias + near, bias + far), n),
        points=points,
    )


def repeatability(first: Areas, again: Areas) -> Estimate:
    """Repeatability coefficient 1.96 √2 s_w (Bland & Altman 1999, sect. 6), s_w² being half the mean squared
    difference, with its χ² interval.

    Parameters
    ----------
    first, again : NDArray[np.float64], shape (n,)
        Areas, or their logarithms.
    """
    n = len(first)
    if n < FEWEST_CASES:
        return Estimate.missing(n)
    squares = float(((first - again) ** 2).sum())
    scale = max(float(np.abs(first).max()), float(np.abs(again).max()))
    if squares <= n * (SAME_RELATIVE * scale) ** 2:
        return Estimate.bare(0.0, n, "all_agree")
    low, high = (Z * math.sqrt(squares / stats.chi2.ppf(p, n)) for p in (TAIL, 1 - TAIL))
    return Estimate.of(Z * math.sqrt(squares / n), (low, high), n)


def _mean_squares(areas: NDArray[np.float64]) -> tuple[float, float, float]:
    """Of rows, of columns and of what is left, in a two-way table without replicates."""
    n, k = areas.shape
    rows, columns = areas.mean(axis=1, keepdims=True), areas.mean(axis=0, keepdims=True)
    rest = areas - rows - columns + areas.mean()
    return (
        k * float(((rows - areas.mean()) ** 2).sum()) / (n - 1),
        n * float(((columns - areas.mean()) ** 2).sum()) / (k - 1),
        float((rest**2).sum()) / ((n - 1) * (k - 1)),
    )


def _logarithms(areas_mm2: Areas) -> Areas:
    if np.any(areas_mm2 <= 0):
        raise ValueError("an open ulcer has a positive area")
    return np.asarray(np.log(areas_mm2))
