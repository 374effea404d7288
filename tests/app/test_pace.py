"""The rest that a tablet is asked to take, against a simulated service with a queue."""

from __future__ import annotations

import heapq
from dataclasses import replace

import pytest

from app.captures.pace import FULL_SHARE, LONGEST_REST_S, SENDING_FOR_S, Pace, sender_of
from app.domain.identity import Identity, Tablet

TAKES_S = 0.043
"""Of the simulated service for one photograph, one after another."""


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


def _drained(pace: Pace, clock: Clock, senders: int, each: int) -> tuple[list[float], float]:
    """Seconds that each upload took, and until all were through, where all obey."""
    due = [(0.0, f"tablet {number}", each) for number in range(senders)]
    heapq.heapify(due)
    waiting: list[tuple[float, str, int, object]] = []
    took: list[float] = []
    while due or waiting:
        if not waiting:
            clock.now_s = max(clock.now_s, due[0][0])
        while due and due[0][0] <= clock.now_s:
            begun, sender, left = heapq.heappop(due)
            turn = pace.receiving(sender)
            turn.__enter__()
            waiting.append((begun, sender, left, turn))
        begun, sender, left, turn = waiting.pop(0)
        clock.now_s += TAKES_S
        turn.__exit__(None, None, None)
        took.append(clock.now_s - begun)
        if left > 1:
            heapq.heappush(due, (clock.now_s + pace.rest_s(), sender, left - 1))
    return took, clock.now_s


def test_who_sends_alone_never_rests(pace: Pace, clock: Clock) -> None:
    took, _ = _drained(pace, clock, senders=1, each=40)
    assert pace.rest_s() == 0.0
    assert max(took) == pytest.approx(TAKES_S)


@pytest.mark.parametrize("senders", [2, 10, 50])
def test_many_fill_the_service_without_waiting_for_one_another(
    pace: Pace, clock: Clock, senders: int
) -> None:
    took, seconds = _drained(pace, clock, senders, each=40)
    after_the_first = sorted(took[senders:])
    assert after_the_first[int(0.95 * len(after_the_first))] < 10 * TAKES_S
    assert seconds < 1.6 * senders * 40 * TAKES_S


def test_the_rest_follows_a_slower_machine_and_ends_with_its_cause(pace: Pace, clock: Clock) -> None:
    for number in range(100):
        with pace.receiving("a"):
            with pace.receiving("b"):
                clock.now_s += 0.2
            clock.now_s += 0.2
        assert number < 50 or pace.rest_s() == pytest.approx((2 / FULL_SHARE - 1) * 0.2, rel=0.05)
    clock.now_s += SENDING_FOR_S + 1
    assert pace.rest_s() == 0.0


def test_nobody_is_sent_away_for_long(pace: Pace, clock: Clock) -> None:
    for number in range(5_000):
        with pace.receiving(f"tablet {number}"):
            clock.now_s += 0.001
    assert pace.rest_s() == LONGEST_REST_S


def test_a_tablet_is_one_sender_whoever_is_signed_in() -> None:
    nurse = Identity("n", "nurse", "site_staff", session_id="s")
    at_tablet = replace(nurse, tablet=Tablet("t", "study"))
    colleague = replace(at_tablet, account_id="c", session_id="another")
    assert sender_of(at_tablet) == sender_of(colleague) == "t"
    assert sender_of(nurse) == "s"
    assert sender_of(replace(nurse, session_id=None)) == "n"
