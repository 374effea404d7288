"""How often the reading room's 95 % intervals hold the truth, and how long a study's statistics take.

    python -m benchmarks.agreement_intervals

Readers are simulated: categories from a fixed table of two readers' joint probabilities, areas log-normal
with reader and case effects, outlines as Dice values from a beta distribution. For each number of cases many
studies are drawn; the truth is the statistic of the distribution itself. Exact intervals should come to 95 %,
those of large samples and of the bootstrap fall short where cases are few: this says by how much.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.random import Generator, default_rng

from app.domain.agreement import agreement
from app.domain.agreement_areas import icc_agreement, icc_one_way, limits_of_agreement, repeatability
from app.domain.agreement_categories import Category, gwet, kappa, weights
from app.domain.agreement_estimates import Estimate, Z, ratio_of_sums, share
from app.domain.agreement_outlines import Outline
from app.domain.locked_reads import Adjudication, Read

SIZES = (10, 20, 50, 150)
STUDIES = 1000
BOOTSTRAPS = 300
"""Fewer studies: each of them is resampled 2,000 times."""

JOINT = np.array([[0.50, 0.04, 0.06], [0.02, 0.05, 0.03], [0.06, 0.02, 0.22]])
"""Two readers of digital ulcers who agree on 77 % of cases."""

CASE_SD, READER_SD, READ_SD, BIAS = 3.0, 0.6, 1.0, 0.5
"""mm²: between cases, between readers, between reads, and the mean difference of two given readers."""

FAR_APART_SD = 1.5
"""mm²: between readers who draw very differently."""

DICE_BETA = (17.0, 3.0)
"""Mean 0.85, skewed as Dice is."""

RATE = 0.3
CASES_OF_A_LARGE_STUDY = 2000

Held = Callable[[Generator, int], tuple[Estimate, float]]


def categories(of: Callable[..., Estimate], weighting: str) -> Held:
    """Coefficient of drawn categories, and that of the probabilities they come from."""
    credit = weights(weighting)  # type: ignore[arg-type]
    truth = of((JOINT * 10**6).round().astype(np.int64), credit).value
    assert truth is not None

    def draw(rng: Generator, n: int) -> tuple[Estimate, float]:
        return of(rng.multinomial(n, JOINT.ravel()).reshape(3, 3), credit), truth

    return draw


def correlation(readers: int, reader_sd: float = READER_SD) -> Held:
    """ICC(2,1) of so many readers drawn with the study."""

    def draw(rng: Generator, n: int) -> tuple[Estimate, float]:
        case, reader = rng.normal(0, CASE_SD, (n, 1)), rng.normal(0, reader_sd, (1, readers))
        areas = 20 + case + reader + rng.normal(0, READ_SD, (n, readers))
        return icc_agreement(areas), CASE_SD**2 / (CASE_SD**2 + reader_sd**2 + READ_SD**2)

    return draw


def own_correlation(rng: Generator, n: int) -> tuple[Estimate, float]:
    """ICC(1,1) of one reader's repeats."""
    areas = 20 + rng.normal(0, CASE_SD, (n, 1)) + rng.normal(0, READ_SD, (n, 2))
    return icc_one_way(areas), CASE_SD**2 / (CASE_SD**2 + READ_SD**2)


def upper_limit(rng: Generator, n: int) -> tuple[Estimate, float]:
    """Bland and Altman's upper limit."""
    first = rng.normal(20, CASE_SD, n)
    second = first - rng.normal(BIAS, READ_SD, n)
    return limits_of_agreement(first, second).upper, BIAS + Z * READ_SD


def repeats(rng: Generator, n: int) -> tuple[Estimate, float]:
    """Repeatability coefficient."""
    case = rng.normal(20, CASE_SD, n)
    return repeatability(
        case + rng.normal(0, READ_SD, n), case + rng.normal(0, READ_SD, n)
    ), Z * 2**0.5 * READ_SD


def mean_dice(rng: Generator, n: int) -> tuple[Estimate, float]:
    """Bootstrapped mean of Dice."""
    a, b = DICE_BETA
    return ratio_of_sums(rng.beta(a, b, n), np.ones(n)), a / (a + b)


def rate(rng: Generator, n: int) -> tuple[Estimate, float]:
    """Wilson's interval of a share."""
    return share(int(rng.binomial(n, RATE)), n), RATE


STATISTICS: dict[str, Held] = {
    "κ, plain": categories(kappa, "plain"),
    "κ, quadratic": categories(kappa, "quadratic"),
    "AC1": categories(gwet, "plain"),
    "AC2, quadratic": categories(gwet, "quadratic"),
    "ICC(2,1), 2 readers": correlation(2),
    "ICC(2,1), 2 readers far apart": correlation(2, FAR_APART_SD),
    "ICC(2,1), 4 readers": correlation(4),
    "ICC(1,1), repeats": own_correlation,
    "limit of agreement": upper_limit,
    "repeatability": repeats,
    "mean Dice": mean_dice,
    "share": rate,
}


def coverage(draw: Held, n: int, studies: int) -> tuple[float, float]:
    """Share of intervals that hold the truth, and share of studies that give an interval."""
    rng, held, told = default_rng(n), 0, 0
    for _ in range(studies):
        found, truth = draw(rng, n)
        if found.interval is not None:
            told += 1
            held += found.interval[0] <= truth <= found.interval[1]
    return held / told, told / studies


def large_study() -> tuple[list[Read], list[Adjudication]]:
    """Four readers, two for each case, outlines of about 80 pixels across."""
    rng = default_rng(2)
    y, x = np.ogrid[:240, :480]
    kinds: tuple[Category, ...] = ("open", "open", "open", "closed")
    reads, adjudications = [], []
    for i in range(CASES_OF_A_LARGE_STUDY):
        one, other = rng.choice(4, 2, replace=False)
        for reader in (one, other):
            drawn = [
                Outline.of((y - 120) ** 2 + (x - 240) ** 2 <= radius**2) for radius in rng.normal(40, 3, 3)
            ]
            kind = kinds[rng.integers(4)]
            reads.append(Read(str(reader + 1), str(i), False, kind, float(rng.lognormal(2, 0.4)), *drawn))
        if rng.random() < RATE:
            adjudications.append(Adjudication(str(i), str(one + 1)))
    return reads, adjudications


def main() -> None:
    """Print coverage by number of cases, then the time of a large study."""
    print(f"{'95 % intervals that hold the truth, %':38}" + "".join(f"{f'n = {n}':>10}" for n in SIZES))
    for name, draw in STATISTICS.items():
        studies = BOOTSTRAPS if draw is mean_dice else STUDIES
        found = [coverage(draw, n, studies) for n in SIZES]
        print(f"{name:38}" + "".join(f"{100 * held:10.1f}" for held, _ in found), flush=True)
        if min(told for _, told in found) < 1:
            print(
                f"{'  studies with an interval, %':38}" + "".join(f"{100 * told:10.1f}" for _, told in found)
            )
    study = large_study()
    start = time.perf_counter()
    agreement(*study)
    print(f"{CASES_OF_A_LARGE_STUDY} cases, {len(study[0])} reads: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
