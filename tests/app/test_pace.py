"""The rest that a tablet is asked to take, against a simulated service with a queue."""

from __future__ import annotations

import heapq
from contextlib import AbstractContextManager

import pytest

from app.captures.pace import FIRST_GUESS_S, FULL_SHARE, LONGEST_REST_S, Pace

TAKES_S = 0.043
"""Of the simulated service for one photograph, one after another."""

PHOTOS = 40
"""Of each tablet."""


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def _drained(pace: Pace, clock: Clock, tablets: int, line_s: float = 0.0) -> tuple[list[float], float]:
    """Seconds that each upload waited and took, and until all were through, where all obey.

    A line takes `line_s` to bring the bytes; that is not the service's time.
    """
    due = [(line_s, number, PHOTOS) for number in range(tablets)]
    waiting: list[tuple[float, int, int, AbstractContextManager[None]]] = []
    took: list[float] = []
    while due or waiting:
        if not waiting:
            clock.now_s = max(clock.now_s, due[0][0])
        while due and due[0][0] <= clock.now_s:
            turn = pace.receiving()
            turn.__enter__()
            waiting.append((*heapq.heappop(due), turn))
        begun, number, left, turn = waiting.pop(0)
        clock.now_s += TAKES_S
        turn.__exit__(None, None, None)
        took.append(clock.now_s - begun)
        rest_s = pace.rest_s()
        if left > 1:
            heapq.heappush(due, (clock.now_s + rest_s + line_s, number, left - 1))
    return took, clock.now_s


def test_who_sends_alone_over_a_line_never_rests(pace: Pace, clock: Clock) -> None:
    took, seconds = _drained(pace, clock, tablets=1, line_s=0.1)
    assert max(took) == pytest.approx(TAKES_S)
    assert seconds == pytest.approx(PHOTOS * (TAKES_S + 0.1))


@pytest.mark.parametrize("tablets", [2, 10, 50])
@pytest.mark.parametrize("line_s", [0.0, 0.5])
def test_many_fill_the_service_without_waiting_for_one_another(
    pace: Pace, clock: Clock, tablets: int, line_s: float
) -> None:
    took, seconds = _drained(pace, clock, tablets, line_s)
    ordered = sorted(took)
    # all come at once: that first wave alone has to wait
    assert ordered[int(0.95 * len(took))] < max(2 * TAKES_S, 0.5 * tablets * TAKES_S)
    assert ordered[len(took) // 2] == pytest.approx(TAKES_S, abs=TAKES_S)
    assert seconds < 1.15 * PHOTOS * max(tablets * TAKES_S / FULL_SHARE, line_s + TAKES_S)


def test_places_follow_a_slower_machine(pace: Pace, clock: Clock) -> None:
    for _ in range(60):
        with pace.receiving():
            with pace.receiving():
                clock.now_s += 0.2
            clock.now_s += 0.2
    first_s, second_s = pace.rest_s(), pace.rest_s()
    assert second_s - first_s == pytest.approx(0.2 / FULL_SHARE, rel=0.05)


def test_a_place_that_is_not_taken_costs_nothing(pace: Pace, clock: Clock) -> None:
    booked = [pace.rest_s() for _ in range(20)]
    assert booked == pytest.approx([number * FIRST_GUESS_S / FULL_SHARE for number in range(20)])
    clock.now_s += booked[-1] + FIRST_GUESS_S / FULL_SHARE
    assert pace.rest_s() == 0.0


def test_nobody_is_sent_away_for_long(pace: Pace) -> None:
    assert max(pace.rest_s() for _ in range(5_000)) == LONGEST_REST_S
