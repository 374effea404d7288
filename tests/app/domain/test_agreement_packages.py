"""Statistics of a study of reads against statsmodels, on three simulated studies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from app.domain.agreement import Agreement, agreement
from app.domain.agreement_estimates import Estimate
from tests.app.domain.reading_studies import PLANS, Study, simulated
from tests.app.domain.test_agreement import areas_of, both, repeated

AGREE = 1e-6
"""Absolute and relative."""

WEIGHTS = {"kappa": None, "kappa_linear": "linear", "kappa_quadratic": "quadratic"}
"""Of a disagreement, by distance and by its square; None for plain κ."""


@pytest.fixture(scope="module", params=list(PLANS))
def told(request: pytest.FixtureRequest) -> tuple[Study, Agreement]:
    study = simulated(PLANS[request.param])
    return study, agreement(study.reads, study.adjudications)


def test_kappa_and_its_interval(told: tuple[Study, Agreement]) -> None:
    compared = 0
    for pair in told[1].pairs:
        for name, weights in WEIGHTS.items():
            found: Estimate = getattr(pair.categories, name)
            if found.interval is None:
                continue
            theirs = cohens_kappa(np.array(pair.categories.counts), wt=weights)
            ends = max(-1.0, theirs.kappa_low), min(1.0, theirs.kappa_upp)
            assert found.value == pytest.approx(theirs.kappa, rel=AGREE, abs=AGREE)
            assert found.interval == pytest.approx(ends, rel=AGREE, abs=AGREE)
            compared += 1
    assert compared >= 3


def test_shares_and_their_intervals(told: tuple[Study, Agreement]) -> None:
    shares = [pair.categories.observed for pair in told[1].pairs]
    shares += [own.repeat_categories.observed for own in told[1].own]
    for found in shares:
        assert found.value is not None
        hits = round(found.value * found.n)
        theirs = proportion_confint(hits, found.n, method="wilson")
        assert found.interval == pytest.approx(theirs, rel=AGREE, abs=AGREE)


def mean_squares(areas: list[tuple[float, float]], formula: str) -> list[float]:
    """Of the analysis of variance's terms in their order, what is left last."""
    table = pd.DataFrame(
        [(case, reader, area) for case, pair in enumerate(areas) for reader, area in enumerate(pair)],
        columns=["case", "reader", "area"],
    )
    return list(anova_lm(ols(formula, table).fit())["mean_sq"])


def test_correlations(told: tuple[Study, Agreement]) -> None:
    study, found = told
    for pair in found.pairs:
        areas = areas_of(both(study, pair))
        rows, columns, rest = mean_squares(areas, "area ~ C(case) + C(reader)")
        theirs = (rows - rest) / (rows + rest + 2 * (columns - rest) / len(areas))
        assert pair.areas.icc.value == pytest.approx(theirs, rel=AGREE, abs=AGREE)
    for own in found.own:
        between, within = mean_squares(areas_of(repeated(study, own)), "area ~ C(case)")
        theirs = (between - within) / (between + within)
        assert own.repeat_areas.icc.value == pytest.approx(theirs, rel=AGREE, abs=AGREE)


def test_biases_and_their_intervals(told: tuple[Study, Agreement]) -> None:
    study, found = told
    for pair in found.pairs:
        differences = DescrStatsW([one - other for one, other in areas_of(both(study, pair))])
        bias = pair.areas.limits_mm2.bias
        assert bias.value == pytest.approx(differences.mean, rel=AGREE, abs=AGREE)
        assert bias.interval == pytest.approx(differences.tconfint_mean(), rel=AGREE, abs=AGREE)
