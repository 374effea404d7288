"""The statistics of the reading room once more, by other routes: from their definitions, by loops over single
reads, quantiles by integrating densities, variances by differentiating the statistic itself, variance
components by restricted maximum likelihood. Shares no line with app.domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq

Pair = tuple[int, int]
Ends = tuple[float, float]
STEP = 1e-30
"""Of a derivative by an imaginary step, which loses no digits (Squire & Trapp 1998)."""


def quantile(cdf: Callable[[float], float], p: float, low: float, high: float) -> float:
    return float(brentq(lambda x: cdf(x) - p, low, high, xtol=1e-13, rtol=1e-13))


def integral(density: Callable[[float], float], a: float, b: float) -> float:
    return float(quad(density, a, b, epsabs=1e-13, epsrel=1e-12, limit=400)[0])


def normal_quantile(p: float) -> float:
    return quantile(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), p, -10, 10)


Z = normal_quantile(0.975)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Integrated in the angle θ, x = sin² θ, where the density has no pole for a, b ≥ ½."""
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    def density(angle: float) -> float:
        sine, cosine = math.sin(angle), math.cos(angle)
        if sine <= 0 or cosine <= 0:
            return 0.0
        return 2 * math.exp((2 * a - 1) * math.log(sine) + (2 * b - 1) * math.log(cosine) - log_beta)

    edge = math.asin(math.sqrt(x))
    peak = math.atan(math.sqrt(max(2 * a - 1, 1e-9) / max(2 * b - 1, 1e-9)))
    if edge <= peak:
        return integral(density, 0, edge)
    return integral(density, 0, peak) + integral(density, peak, edge)


def f_quantile(p: float, m: float, n: float) -> float:
    x = quantile(lambda x: beta_cdf(x, m / 2, n / 2), p, 1e-12, 1 - 1e-12)
    return n * x / (m * (1 - x))


def chi_density(x: float, n: float) -> float:
    if x <= 0:
        return 0.0
    return math.exp((n - 1) * math.log(x) - x * x / 2 - (n / 2 - 1) * math.log(2) - math.lgamma(n / 2))


def chi2_quantile(p: float, n: float) -> float:
    top = math.sqrt(n) + 12
    root_of = quantile(lambda x: integral(lambda u: chi_density(u, n), 0, x), p, 1e-9, top)
    return root_of**2


def noncentral_t_quantile(p: float, n: float, delta: float) -> float:
    """t = (Z + δ) / (χ / √n): P(t ≤ x) is the mean over χ of P(Z ≤ x χ / √n − δ)."""
    middle = math.sqrt(n)

    def cdf(x: float) -> float:
        def density(u: float) -> float:
            return chi_density(u, n) * 0.5 * math.erfc(-(x * u / middle - delta) / math.sqrt(2))

        lowest = max(0.0, middle - 12)
        return integral(density, lowest, middle) + integral(density, middle, middle + 12)

    return quantile(cdf, p, -50 - 5 * abs(delta), 50 + 20 * abs(delta))


def wilson(hits: int, n: int) -> Ends:
    """Where (p̂ − p)² = z² p (1 − p) / n, solved as the quadratic it is."""
    p = hits / n
    a, b, c = 1 + Z**2 / n, -(2 * p + Z**2 / n), p**2
    wide = math.sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - wide) / (2 * a), (-b + wide) / (2 * a)


# Categories: pairs of indices 0..q−1, credit as a function of two indices.

Credit = Callable[[int, int], float]


def credit_of(weighting: str, q: int) -> Credit:
    power = {"linear": 1, "quadratic": 2}
    if weighting == "plain":
        return lambda i, j: float(i == j)
    return lambda i, j: 1 - (abs(i - j) / (q - 1)) ** power[weighting]


def cell_shares(pairs: Sequence[Pair], q: int) -> list[list[complex]]:
    shares = [[0j] * q for _ in range(q)]
    for i, j in pairs:
        shares[i][j] += 1 / len(pairs)
    return shares


def kappa_of(p: list[list[complex]], credit: Credit) -> complex:
    """1 − Σ disagreement observed / Σ disagreement expected."""
    q = len(p)
    rows = [sum(p[i][j] for j in range(q)) for i in range(q)]
    columns = [sum(p[i][j] for i in range(q)) for j in range(q)]
    cells = [(i, j) for i in range(q) for j in range(q)]
    seen = sum((1 - credit(i, j)) * p[i][j] for i, j in cells)
    expected = sum((1 - credit(i, j)) * rows[i] * columns[j] for i, j in cells)
    return 1 - seen / expected


def gwet_of(p: list[list[complex]], credit: Credit) -> complex:
    """(agreement − chance) / (1 − chance), chance = T / (q (q − 1)) Σ π (1 − π)."""
    q = len(p)
    cells = [(i, j) for i in range(q) for j in range(q)]
    share = [sum(p[k][j] + p[j][k] for j in range(q)) / 2 for k in range(q)]
    total = sum(credit(i, j) for i, j in cells)
    chance = total / (q * (q - 1)) * sum(s * (1 - s) for s in share)
    agreed = sum(credit(i, j) * p[i][j] for i, j in cells)
    return (agreed - chance) / (1 - chance)


def coefficient(
    of: Callable[[list[list[complex]], Credit], complex], pairs: Sequence[Pair], weighting: str, q: int = 3
) -> tuple[float, Ends]:
    """Value, and the interval from the delta method: the multinomial's variance of the statistic's
    gradient."""
    credit, p = credit_of(weighting, q), cell_shares(pairs, q)
    value = of(p, credit).real
    gradient = [[0.0] * q for _ in range(q)]
    for i in range(q):
        for j in range(q):
            p[i][j] += STEP * 1j
            gradient[i][j] = of(p, credit).imag / STEP
            p[i][j] -= STEP * 1j
    slopes = [gradient[i][j] for i, j in pairs]
    mean = sum(slopes) / len(slopes)
    variance = sum((slope - mean) ** 2 for slope in slopes) / len(slopes) ** 2
    half = Z * math.sqrt(variance)
    return value, (max(-1.0, value - half), min(1.0, value + half))


# Areas.


def reml_components(table: Sequence[Sequence[float]], crossed: bool) -> tuple[float, ...]:
    """Variances of cases, of readers when `crossed`, and of the rest, by restricted maximum likelihood: its
    equations Σ_j tr(P V_i P V_j) v_j = y' P V_i P y solved again and again (Searle et al. 1992, ch. 6)."""
    n, k = len(table), len(table[0])
    y = np.array([area for row in table for area in row])
    case, reader = np.repeat(np.arange(n), k), np.tile(np.arange(k), n)
    kinds = [case, reader] if crossed else [case]
    parts = [(kind[:, None] == kind[None, :]).astype(float) for kind in kinds] + [np.eye(n * k)]
    ones = np.ones((n * k, 1))
    variances = np.full(len(parts), float(y.var()) / len(parts))
    for _ in range(50):
        inverse = np.linalg.inv(sum(v * part for v, part in zip(variances, parts, strict=True)))
        p = inverse - inverse @ ones @ ones.T @ inverse / float((ones.T @ inverse @ ones)[0, 0])
        through = [p @ part for part in parts]
        known = [float(np.sum(one * other.T)) for one in through for other in through]
        seen = [float(y @ one @ p @ y) for one in through]
        before, variances = variances, np.linalg.solve(np.reshape(known, (len(parts), -1)), seen)
        if np.abs(variances - before).max() < 1e-12 * float(y.var()):
            return tuple(float(v) for v in variances)
    raise AssertionError("the likelihood was not maximised")


def icc_agreement(table: Sequence[Sequence[float]], seed: int) -> tuple[float, Ends]:
    """Share of the cases' variance; its interval from the three variances as they may be, drawn."""
    cases, readers, rest = reml_components(table, crossed=True)
    n, k = len(table), len(table[0])
    seen = {"case": rest + k * cases, "reader": rest + n * readers, "rest": rest}
    freedom = {"case": n - 1, "reader": k - 1, "rest": (n - 1) * (k - 1)}
    rng = np.random.default_rng(seed)
    of = {kind: seen[kind] / (rng.chisquare(freedom[kind], 2**15) / freedom[kind]) for kind in seen}
    case, reader = (of["case"] - of["rest"]) / k, (of["reader"] - of["rest"]) / n
    shares = sorted((case / (case + reader + of["rest"])).tolist())
    low, high = between(shares, 0.025), between(shares, 0.975)
    return cases / (cases + readers + rest), (max(low, -1.0), high)


def icc_one_way(table: Sequence[Sequence[float]]) -> tuple[float, Ends]:
    cases, rest = reml_components(table, crossed=False)
    n, k = len(table), len(table[0])
    f = (rest + k * cases) / rest
    low, high = f / f_quantile(0.975, n - 1, n * (k - 1)), f * f_quantile(0.975, n * (k - 1), n - 1)
    return cases / (cases + rest), ((low - 1) / (low + k - 1), (high - 1) / (high + k - 1))


def limits(first: Sequence[float], second: Sequence[float]) -> dict[str, tuple[float, Ends]]:
    differences = [a - b for a, b in zip(first, second, strict=True)]
    n = len(differences)
    mean = math.fsum(differences) / n
    sd = math.sqrt(math.fsum((d - mean) ** 2 for d in differences) / (n - 1))
    t = noncentral_t_quantile(0.975, n - 1, 0.0)
    near, far = (noncentral_t_quantile(p, n - 1, Z * math.sqrt(n)) / math.sqrt(n) for p in (0.025, 0.975))
    return {
        "bias": (mean, (mean - t * sd / math.sqrt(n), mean + t * sd / math.sqrt(n))),
        "lower": (mean - Z * sd, (mean - far * sd, mean - near * sd)),
        "upper": (mean + Z * sd, (mean + near * sd, mean + far * sd)),
    }


def repeatability(first: Sequence[float], again: Sequence[float]) -> tuple[float, Ends]:
    """1.96 √2 times the within-reader standard deviation, pooled from each pair's own variance."""
    n = len(first)
    within = math.fsum(
        ((a - (a + b) / 2) ** 2 + (b - (a + b) / 2) ** 2) / 1 for a, b in zip(first, again, strict=True)
    )
    value = Z * math.sqrt(2 * within / n)
    return value, (
        value * math.sqrt(n / chi2_quantile(0.975, n)),
        value * math.sqrt(n / chi2_quantile(0.025, n)),
    )


# Outlines.


def dice(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    a, b = ({(int(y), int(x)) for y, x in np.argwhere(mask)} for mask in (one, other))
    return 2 * len(a & b) / (len(a) + len(b))


def bootstrapped(
    cases: Sequence[tuple[float, float]],
    statistic: Callable[[Sequence[tuple[float, float]]], float],
    seed: int,
) -> Ends:
    """Percentile interval from 2,000 resamples, its ends interpolated between the sorted values."""
    ordered = sorted(cases)
    rng = np.random.default_rng(seed)
    values = sorted(
        statistic([ordered[i] for i in rng.integers(0, len(ordered), len(ordered))]) for _ in range(2000)
    )

    return between(values, 0.025), between(values, 0.975)


def between(values: Sequence[float], p: float) -> float:
    """A quantile of sorted values, interpolated."""
    place = p * (len(values) - 1)
    below = int(place)
    return values[below] + (place - below) * (values[min(below + 1, len(values) - 1)] - values[below])
