"""Endpoint rules as data: when an ulcer reached an endpoint, as an interval between two visits.

Nobody sees an ulcer close: it was open at one visit and closed at the next, so every time is an interval
(last day not reached, first day reached].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["closure", "confirmed_closure", "area_reduction"]


@dataclass(frozen=True)
class EndpointRule:
    """One rule.

    Attributes
    ----------
    kind : {"closure", "confirmed_closure", "area_reduction"}
        No open area; no open area at a visit and at all up to one that many days later; area reduced by a
        percentage.
    by_day : int or None
        Later is too late.
    confirm_after_days : int or None
        Of a confirmed closure.
    reduction_percent : float or None
        Of an area reduction.
    """

    kind: Kind
    by_day: int | None = None
    confirm_after_days: int | None = None
    reduction_percent: float | None = None


@dataclass(frozen=True)
class Observation:
    """One visit: day since the baseline, open area (mm²), percent reduction (None without a baseline)."""

    day: int
    area_mm2: float
    percent_area_reduction: float | None


@dataclass(frozen=True)
class EventInterval:
    """When it was reached: after `after_day` and by `by_day`; not reached yet when `by_day` is None.

    `after_day` is None when it was reached at the first visit already.
    """

    after_day: int | None
    by_day: int | None

    @property
    def reached(self) -> bool:
        """Whether it was reached at all."""
        return self.by_day is not None


def evaluate(rule: EndpointRule, observations: Sequence[Observation]) -> EventInterval:
    """When the endpoint was reached.

    Parameters
    ----------
    rule : EndpointRule
        The rule.
    observations : sequence of Observation
        In the order of their days.

    Returns
    -------
    EventInterval
        For a closure that opens again within the confirmation period, the first confirmed one counts.
    """
    met = [_met(rule, observation) for observation in observations]
    for index, observation in enumerate(observations):
        if rule.by_day is not None and observation.day > rule.by_day:
            break
        if met[index] and _confirmed(rule, observations, met, index):
            before = [other.day for other in observations[:index]]
            return EventInterval(before[-1] if before else None, observation.day)
    days = [
        observation.day
        for observation in observations
        if rule.by_day is None or observation.day <= rule.by_day
    ]
    return EventInterval(days[-1] if days else None, None)


def _met(rule: EndpointRule, observation: Observation) -> bool:
    if rule.kind == "area_reduction":
        reduction = observation.percent_area_reduction
        return (
            reduction is not None
            and rule.reduction_percent is not None
            and reduction >= rule.reduction_percent
        )
    return observation.area_mm2 <= 0


def _confirmed(
    rule: EndpointRule, observations: Sequence[Observation], met: Sequence[bool], index: int
) -> bool:
    if rule.confirm_after_days is None:
        return True
    until = observations[index].day + rule.confirm_after_days
    for later in range(index + 1, len(observations)):
        if not met[later]:
            return False
        if observations[later].day >= until:
            return True
    return False
