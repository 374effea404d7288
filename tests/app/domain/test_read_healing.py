"""Readers' outlines against readers' outlines, on skin that is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.footprint import PLACE_STEP, Footprint
from app.domain.read_healing import ReadVisit, open_cells, read_healing
from tests.app.domain.test_healing import COLUMNS, ROWS, footprint, skin

PICTURE = (ROWS, COLUMNS)
"""A picture whose pixels are the grid's cells."""


def in_place(plain: Footprint) -> Footprint:
    rows, columns = (np.arange(0, side + PLACE_STEP, PLACE_STEP, dtype=np.float32) for side in PICTURE)
    return replace(plain, places_px=np.stack(np.meshgrid(columns, rows), axis=-1))


def disc(radius: float, middle: tuple[float, float] = (140.0, 200.0)) -> list[NDArray[np.float64]]:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return [np.column_stack([middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)])]


def visit(*radii: float, category: str = "open", seed: int = 3) -> ReadVisit:
    areas = [np.pi * radius**2 / 100 for radius in radii]
    plain = in_place(footprint((200, 140), 30, skin(seed)))
    area = float(np.mean(areas)) if radii else 0.0
    return ReadVisit(category, area, 0.3, tuple(disc(radius) for radius in radii), plain, PICTURE)  # type: ignore[arg-type]


def test_an_outline_is_open_on_the_grid_where_it_was_drawn() -> None:
    plain = in_place(footprint((200, 140), 30, skin()))
    found = open_cells(plain, disc(20), PICTURE)
    y, x = np.nonzero(found)
    assert (x.mean(), y.mean()) == pytest.approx((140, 200), abs=0.5)
    assert found.sum() == pytest.approx(np.pi * 400, rel=0.02)


def test_the_share_that_is_no_longer_open() -> None:
    healed = read_healing(visit(30.0), visit(15.0))
    assert healed is not None
    assert healed.method == "footprint"
    assert healed.epithelialisation_percent == pytest.approx(75, abs=1.5)
    assert (healed.percent_area_reduction, healed.verdict) == (pytest.approx(75, abs=0.1), "smaller")


def test_two_readers_are_averaged_and_none_is_favoured() -> None:
    healed = read_healing(visit(28.0, 32.0), visit(14.0, 16.0))
    assert healed is not None
    pairs = [100 * (1 - (small / large) ** 2) for small in (14, 16) for large in (28, 32)]
    assert healed.epithelialisation_percent == pytest.approx(np.mean(pairs), abs=1.5)


def test_a_closed_visit_is_healed_and_another_finger_is_told_by_area_alone() -> None:
    closed = read_healing(visit(30.0), visit(category="closed"))
    assert closed is not None
    assert (closed.epithelialisation_percent, closed.verdict) == (100.0, "smaller")
    other = read_healing(visit(30.0), visit(15.0, seed=8))
    assert other is not None
    assert (other.method, other.epithelialisation_percent) == ("area", other.percent_area_reduction)


def test_what_cannot_be_assessed_has_no_healing() -> None:
    blurred = replace(visit(category="not_assessable"), area_mm2=None)
    assert read_healing(visit(30.0), blurred) is None
    assert read_healing(blurred, visit(30.0)) is None
    assert read_healing(visit(category="closed"), visit(30.0)) is None
