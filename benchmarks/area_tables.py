"""Bias, spread, coverage and refusals of measured areas, by stratum, as tables and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from calibration.capture_gate import GateLimits

mpl.use("Agg")
from matplotlib import pyplot as plt

Row = dict[str, Any]
Test = Callable[[Row], bool]

Z95 = 1.96
LIMITS = GateLimits()

AT_THE_LIMIT = {"tilt_deg": 0.5, "scale_px_per_mm": 0.3, "tip_distance_mm": 8.0}
"""Within this of a limit (about two standard deviations of how well it is measured) a photograph counts as
neither inside nor outside the gate; obliquity by how well it can be known on that photograph."""

OBLIQUITY_SLACK_SD = 2.0

BLUR_SLACK = 0.2
"""The spread of an edge is measured to about a tenth."""

CUT_OFF_SHARE = 0.1
"""An ulcer of which a tenth lies beyond the reading image is surely cut off."""

PLACES = ("flat part", "tip", "side", "beside the nail", "standing tip")

AREA_TICKS_MM2 = (2, 5, 10, 20, 50)

RIVALS = ("flat card scale", "flat with height", "length × width")


def broken(truth: Row, slack: float) -> list[str]:
    """Codes of the limits that the truth breaks; `slack` 1 widens them, −1 narrows them."""
    codes = []
    if truth["tilt_deg"] > LIMITS.maximum_tilt_deg + slack * AT_THE_LIMIT["tilt_deg"]:
        codes.append("tilt_deg")
    oblique = slack * OBLIQUITY_SLACK_SD * truth["obliquity_sd_deg"]
    if truth["obliquity_deg"] > LIMITS.maximum_obliquity_deg + oblique:
        codes.append("obliquity_deg")
    if truth["scale_px_per_mm"] < LIMITS.minimum_scale_px_per_mm - slack * AT_THE_LIMIT["scale_px_per_mm"]:
        codes.append("scale_px_per_mm")
    if truth["markers"] < LIMITS.minimum_markers:
        codes.append("too_few_markers")
    near_mm = LIMITS.minimum_tip_distance_mm - slack * AT_THE_LIMIT["tip_distance_mm"]
    if truth["place"] == "standing tip" and truth["distance_mm"] < near_mm:
        codes.append("tip_distance_mm")
    blur_mm = truth["blur_px"] / truth["scale_px_per_mm"]
    if blur_mm > LIMITS.maximum_blur_mm * (1 + slack * BLUR_SLACK):
        codes.append("blur_mm")
    if 1 - truth["in_reading"] > max(slack, 0.0) * CUT_OFF_SHARE:
        codes.append("ulcer_cut_off")
    return codes


def inside(row: Row) -> bool:
    """Surely within the gate."""
    return not broken(row["truth"], -1)


def outside(row: Row) -> bool:
    """Surely beyond one of its limits."""
    return bool(broken(row["truth"], 1))


def accepted(row: Row) -> bool:
    """Measured with the true outline: what a trial would get, those at a limit among them."""
    return bool(row["traced"]["status"] == "measured")


def relative_errors(rows: Sequence[Row], way: str) -> NDArray[np.float64]:
    """Relative errors of the measured ones among `rows`; `way` is traced, network or a rival."""
    values = [_area(row, way) for row in rows if row["traced"]["status"] == "measured"]
    true = [row["truth"]["area_mm2"] for row in rows if row["traced"]["status"] == "measured"]
    pairs = [(value, area) for value, area in zip(values, true, strict=True) if value is not None]
    return np.array([value / area - 1 for value, area in pairs])


def _area(row: Row, way: str) -> float | None:
    if way in RIVALS:
        return float(row["rivals"][way])
    return float(row[way]["area_mm2"]) if row[way]["status"] == "measured" else None


def covered(rows: Sequence[Row], way: str) -> NDArray[np.bool_]:
    """Whether the 95 % interval holds the truth, for the measured ones."""
    found = [(row[way], row["truth"]["area_mm2"]) for row in rows if row[way]["status"] == "measured"]
    return np.array([abs(one["area_mm2"] - area) <= Z95 * one["u_area_mm2"] for one, area in found])


def strata(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Named groups of rows."""
    tests: list[tuple[str, Test]] = [
        ("all", lambda row: True),
        ("inside by the truth", lambda row: not broken(row["truth"], 0)),
        ("surely inside", inside),
        ("at a limit", lambda row: not inside(row)),
        ("5 mm² and more", lambda row: row["truth"]["area_mm2"] >= 5),
        ("1.5 to 5 mm²", lambda row: row["truth"]["area_mm2"] < 5),
        ("5 to 15 mm²", lambda row: 5 <= row["truth"]["area_mm2"] < 15),
        ("15 to 60 mm²", lambda row: row["truth"]["area_mm2"] >= 15),
        *[(place, _is("place", place)) for place in PLACES],
        ("130 to 200 mm away", lambda row: row["truth"]["distance_mm"] < 200),
        ("200 to 320 mm away", lambda row: row["truth"]["distance_mm"] >= 200),
        ("tilt below 15°", lambda row: row["truth"]["tilt_deg"] < 15),
        ("tilt 15 to 30°", lambda row: row["truth"]["tilt_deg"] >= 15),
        ("obliquity below 20°", lambda row: row["truth"]["obliquity_deg"] < 20),
        ("obliquity 20 to 35°", lambda row: row["truth"]["obliquity_deg"] >= 20),
        ("radius below 8 mm", lambda row: row["truth"]["radius_mm"] < 8),
        ("radius 8 to 11 mm", lambda row: row["truth"]["radius_mm"] >= 8),
        ("card partly covered", _is("covered", True)),
        *[(f"skin type {tone}", _is("tone", tone)) for tone in range(1, 7)],
        *[(tissue, _is("tissue", tissue)) for tissue in ("granulation", "fibrin", "eschar", "mixed")],
    ]
    return [(name, [row for row in rows if test(row)]) for name, test in tests]


def _is(name: str, value: object) -> Test:
    return lambda row: bool(row["truth"][name] == value)


def print_tables(rows: Sequence[Row], console: Console) -> None:
    """Refusals, then errors by stratum, then rivals."""
    within, beyond = [row for row in rows if inside(row)], [row for row in rows if outside(row)]
    refused = [row for row in within if row["traced"]["status"] == "refused"]
    rightly = [row for row in beyond if set(row["traced"]["reasons"]) & set(broken(row["truth"], -1))]
    neither = len(rows) - len(within) - len(beyond)
    console.print(
        f"{len(rows)} photographs: {len(within)} inside the gate, of which refused "
        f"{_percent(refused, within)}; {len(beyond)} beyond a limit, of which refused for that reason "
        f"{_percent(rightly, beyond)}; {neither} at a limit",
        highlight=False,
    )
    for row in refused:
        console.print(f"  inside but refused: {row['number']} {row['traced']['reasons']}", highlight=False)
    for row in beyond:
        if row not in rightly:
            told = row["traced"]["reasons"] or "measured"
            console.print(f"  beyond {broken(row['truth'], 1)} but {told}: {row['number']}", highlight=False)
    for way, title in (("traced", "With the true outline"), ("network", "End to end with the network")):
        console.print(_error_table([row for row in rows if accepted(row)], way, title))
    console.print(_rival_table([row for row in rows if accepted(row)]))


def _percent(some: Sequence[Row], of: Sequence[Row]) -> str:
    return f"{len(some)} ({100 * len(some) / max(len(of), 1):.1f} %)"


def _error_table(rows: Sequence[Row], way: str, title: str) -> Table:
    names = ("accepted by the gate", "n", "bias", "SD", "RMSE", "median |error|", "95 % interval holds")
    table = Table(*names, title=f"{title}: relative error of the area")
    for name, group in strata(rows):
        errors = relative_errors(group, way)
        if len(errors) < 2:  # one value has no spread
            continue
        table.add_row(name, *_figures(errors), f"{100 * covered(group, way).mean():.1f} %")
    return table


def _figures(errors: NDArray[np.float64]) -> tuple[str, ...]:
    return (
        str(len(errors)),
        f"{100 * errors.mean():+.2f} %",
        f"{100 * errors.std(ddof=1):.2f} %",
        f"{100 * np.sqrt((errors**2).mean()):.2f} %",
        f"{100 * np.median(np.abs(errors)):.2f} %",
    )


def _rival_table(rows: Sequence[Row]) -> Table:
    table = Table("way", "n", "bias", "SD", "RMSE", "median |error|", "RMSE against ours", title="Rivals")
    own = np.sqrt((relative_errors(rows, "traced") ** 2).mean())
    for way in ("traced", *RIVALS):
        errors = relative_errors(rows, way)
        ratio = np.sqrt((errors**2).mean()) / own
        table.add_row("planimeter" if way == "traced" else way, *_figures(errors), f"{ratio:.1f} ×")
    return table


def draw(rows: Sequence[Row], picture: Path) -> None:
    """Relative errors over the true area, ours and the rivals', photographs that the gate accepted."""
    kept = [row for row in rows if accepted(row)]
    area = np.array([row["truth"]["area_mm2"] for row in kept])
    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", sharex=True)
    for way in RIVALS[:2]:
        axes[0].scatter(area, 100 * relative_errors(kept, way), s=8, alpha=0.5, label=way)
    axes[0].scatter(area, 100 * relative_errors(kept, "traced"), s=8, label="planimeter, true outline")
    measured = [row for row in kept if row["network"]["status"] == "measured"]
    axes[1].scatter(
        [row["truth"]["area_mm2"] for row in measured],
        100 * relative_errors(measured, "network"),
        s=8, color="tab:purple", label="planimeter, network's outline",
    )  # fmt: skip
    for axis in axes:
        axis.axhline(0, color="black", linewidth=0.6)
        axis.set(xscale="log", xlabel="true area (mm²)", ylabel="error of the area (%)")
        axis.set_xticks(AREA_TICKS_MM2, [f"{tick:g}" for tick in AREA_TICKS_MM2])
        axis.minorticks_off()
        axis.legend(fontsize=8)
    axes[1].set_ylim(-60, 60)
    figure.savefig(picture, dpi=110)
    plt.close(figure)
