"""Simulated reading studies: what readers would lock, from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.agreement_categories import Category
from app.domain.agreement_outlines import Outline
from app.domain.locked_reads import Adjudication, Read

ROWS, COLUMNS = 64, 96
PX_PER_MM = 5.0
OTHER: dict[Category, tuple[Category, Category]] = {
    "open": ("closed", "not_assessable"),
    "closed": ("open", "not_assessable"),
    "not_assessable": ("open", "closed"),
}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Masks:
    """The whole pictures that a read's outlines were cut from."""

    first: Mask
    machine: Mask
    final: Mask


@dataclass(frozen=True)
class Study:
    reads: list[Read]
    adjudications: list[Adjudication]
    masks: dict[tuple[str, str, bool], Masks]


@dataclass(frozen=True)
class Plan:
    """How a study is read: `readers` in the pool, two of them for each case unless `all_read`."""

    seed: int
    readers: int
    cases: int
    all_read: bool
    missing_share: float
    repeat_share: float
    open_share: float
    not_assessable_share: float


SMALL = Plan(11, 2, 16, True, 0.0, 0.6, 0.75, 0.05)
UNBALANCED = Plan(12, 3, 90, False, 0.0, 0.3, 0.9, 0.03)
MISSING = Plan(13, 4, 60, True, 0.25, 0.4, 0.7, 0.1)
PLANS = {"small": SMALL, "unbalanced": UNBALANCED, "missing reads": MISSING}


def disc(centre: tuple[float, float], radius: float) -> Mask:
    y, x = np.ogrid[:ROWS, :COLUMNS]
    return np.asarray((y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2)


def simulated(plan: Plan) -> Study:
    """Readers differ by skill, by how wide they draw, and by how far they follow the machine."""
    rng = np.random.default_rng(plan.seed)
    labels = [str(i + 1) for i in range(plan.readers)]
    width = dict(zip(labels, rng.normal(0, 0.05, plan.readers), strict=True))
    wrong = dict(zip(labels, rng.uniform(0.03, 0.35, plan.readers), strict=True))
    follows = dict(zip(labels, rng.uniform(0.1, 0.7, plan.readers), strict=True))
    study = Study([], [], {})
    for i in range(plan.cases):
        kinds: list[Category] = ["open", "closed", "not_assessable"]
        shares = [plan.open_share, 1 - plan.open_share - plan.not_assessable_share, plan.not_assessable_share]
        truth = kinds[rng.choice(3, p=shares)]
        radius = float(np.exp(rng.normal(np.log(9.0), 0.35)))
        place = (ROWS / 2 + rng.normal(0, 2), COLUMNS / 2 + rng.normal(0, 4))
        machine = disc(place, radius * float(np.exp(rng.normal(0.06, 0.05))))
        weights = np.arange(1, plan.readers + 1, dtype=float)  # the pool does not share the work evenly
        chosen = labels if plan.all_read else rng.choice(labels, 2, replace=False, p=weights / weights.sum())
        looks = [(str(label), False) for label in chosen if rng.random() >= plan.missing_share]
        looks += [(label, True) for label, _ in looks if rng.random() < plan.repeat_share]
        for label, repeat in looks:
            category = truth
            if rng.random() < wrong[label]:
                category = OTHER[truth][int(rng.random() < 0.2)]
            drawn = radius * float(np.exp(width[label] + rng.normal(0, 0.11)))
            aside = (place[0] + rng.normal(0, 1.3), place[1] + rng.normal(0, 1.3))
            moved = float(np.clip(follows[label] + rng.normal(0, 0.1), 0, 1))
            wide = np.sqrt(machine.sum() / np.pi)
            final_place = tuple((1 - moved) * a + moved * p for a, p in zip(aside, place, strict=True))
            final = disc((final_place[0], final_place[1]), (1 - moved) * drawn + moved * wide)
            masks = Masks(disc(aside, drawn), machine, final)
            study.masks[(label, f"case {i}", repeat)] = masks
            study.reads.append(read_of(label, f"case {i}", repeat, category, masks))
        adjudicate(study, f"case {i}", rng)
    return study


def read_of(label: str, case: str, repeat: bool, category: Category, masks: Masks) -> Read:
    if category != "open":
        return Read(label, case, repeat, category)
    return Read(
        reader=label,
        case=case,
        repeat=repeat,
        category=category,
        area_mm2=float(masks.final.sum()) / PX_PER_MM**2,
        final=Outline.of(masks.final),
        first=Outline.of(masks.first),
        machine=Outline.of(masks.machine),
    )


def adjudicate(study: Study, case: str, rng: np.random.Generator) -> None:
    """Discordant by category or by 30 % of the mean area; one in eight still waits, one in six is drawn
    anew."""
    reads = [read for read in study.reads if read.case == case and not read.repeat]
    areas = [read.area_mm2 for read in reads if read.area_mm2 is not None]
    apart = len(areas) > 1 and max(areas) - min(areas) > 0.3 * float(np.mean(areas))
    if len(reads) < 2 or not (apart or len({read.category for read in reads}) > 1):
        return
    signed = rng.random() >= 1 / 8
    anew = rng.random() < 1 / 6
    chosen = None if anew or not signed else reads[int(rng.integers(len(reads)))].reader
    study.adjudications.append(Adjudication(case, chosen, signed))
