"""The life of a timepoint: no path unlocks a locked read, none makes a final without what it needs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.errors import CodedError
from app.domain.reading_rules import Charter, Finding
from app.domain.timepoint import Read, Timepoint

CHARTER = Charter(machine_outline="after_own")
OPEN = Finding("open", 10.0, confidence=4)
LARGE = Finding("open", 20.0, confidence=4)
CLOSED = Finding("closed", confidence=5)

FRESH = Timepoint(CHARTER, (Read("one"), Read("two")))


def read_by(timepoint: Timepoint, reader: str, finding: Finding) -> Timepoint:
    return timepoint.opened(reader).drafted(reader, finding).locked(reader)


def code_of(refused: pytest.ExceptionInfo[CodedError]) -> str:
    return refused.value.code


def test_concordant_reads_are_final_with_the_mean_area() -> None:
    done = read_by(read_by(FRESH, "one", OPEN), "two", replace(OPEN, area_mm2=12.0))
    assert done.state == "final"
    assert (done.finals[0].category, done.finals[0].area_mm2) == ("open", 11.0)
    assert not done.finals[0].adjudicated


def test_discordant_reads_wait_for_an_adjudicator_who_read_nothing_of_it() -> None:
    apart = read_by(read_by(FRESH, "one", OPEN), "two", LARGE)
    assert (apart.state, apart.disagreements, apart.finals) == ("adjudication", ("area",), ())
    with pytest.raises(CodedError) as refused:
        apart.sent_to("one")
    assert code_of(refused) == "reader_cannot_adjudicate"
    done = apart.sent_to("three").judging("three").chose("three", "two", 4).judged_lock("three")
    assert (done.state, done.finals[0].area_mm2, done.finals[0].adjudicated) == ("final", 20.0, True)
    assert done.adjudication is not None
    assert done.adjudication.sides_with == "two"


def test_an_adjudicator_may_draw() -> None:
    apart = read_by(read_by(FRESH, "one", OPEN), "two", CLOSED).sent_to("three").judging("three")
    done = apart.drew("three", Finding("open", 3.0, confidence=2)).judged_lock("three")
    assert (done.finals[0].category, done.finals[0].area_mm2) == ("open", 3.0)


def test_a_lock_cannot_be_undone() -> None:
    locked = read_by(FRESH, "one", OPEN)
    for step in (
        lambda: locked.drafted("one", CLOSED),
        lambda: locked.locked("one"),
        lambda: locked.own_stands("one"),
    ):
        with pytest.raises(CodedError) as refused:
            step()
        assert code_of(refused) == "case_locked"


def test_what_stood_before_the_machines_outline_is_kept() -> None:
    own = FRESH.opened("one").drafted("one", OPEN).own_stands("one")
    done = own.drafted("one", LARGE).locked("one")
    assert done.reads[0].own == OPEN
    assert done.reads[0].finding == LARGE
    with pytest.raises(CodedError) as refused:
        own.own_stands("one")
    assert code_of(refused) == "machine_outline_hidden"


@pytest.mark.parametrize("charter", [Charter(), Charter(machine_outline="shown")])
def test_the_machines_outline_has_its_place(charter: Charter) -> None:
    with pytest.raises(CodedError):
        replace(FRESH, charter=charter).opened("one").drafted("one", OPEN).own_stands("one")


def test_a_reopened_timepoint_keeps_its_final() -> None:
    done = read_by(read_by(FRESH, "one", OPEN), "two", OPEN)
    again = done.reopened("The photograph of another finger was read.")
    assert (again.state, again.round, again.finals) == ("reading", 2, done.finals)
    twice = read_by(read_by(again, "one", CLOSED), "two", CLOSED)
    assert [final.version for final in twice.finals] == [1, 2]
    with pytest.raises(CodedError) as refused:
        done.reopened("  ")
    assert code_of(refused) == "reason_missing"


def test_a_timepoint_has_different_readers() -> None:
    with pytest.raises(ValueError, match="different readers"):
        Timepoint(CHARTER, (Read("one"), Read("one")))


people = st.sampled_from(["one", "two", "three", "stranger"])
findings = st.builds(
    Finding,
    st.sampled_from(["open", "closed", "not_assessable"]),
    st.sampled_from([None, 0.0, 5.0, 6.0, 20.0]),
    st.sampled_from([None, "blurred", "nonsense"]),
    st.sampled_from([None, 1, 5]),
)


complete = st.sampled_from([OPEN, LARGE, CLOSED, Finding("not_assessable", reason="blurred", confidence=1)])


class Life(RuleBasedStateMachine):
    """Any steps in any order by anybody: what was locked or final stays so."""

    def __init__(self) -> None:
        super().__init__()
        self.timepoint = FRESH

    def step(self, after: object) -> None:
        try:
            now = after()  # type: ignore[operator]
        except CodedError:
            return
        self.check_step(self.timepoint, now)
        self.timepoint = now

    @staticmethod
    def check_step(before: Timepoint, now: Timepoint) -> None:
        assert now.finals[: len(before.finals)] == before.finals
        if now.round == before.round:
            for was, read in zip(before.reads, now.reads, strict=True):
                assert was.state != "locked" or read == was
                assert was.own is None or read.own == was.own
            if before.adjudication is not None and before.adjudication.state == "locked":
                assert now.adjudication == before.adjudication
        else:
            assert before.state == "final"

    @rule(who=people)
    def open(self, who: str) -> None:
        self.step(lambda: self.timepoint.opened(who))

    @rule(who=st.sampled_from(["one", "two"]), finding=complete)
    def read_through(self, who: str, finding: Finding) -> None:
        """The straight way, so that lives get far enough to be interesting."""
        self.step(lambda: self.timepoint.opened(who))
        self.step(lambda: self.timepoint.drafted(who, finding))
        self.step(lambda: self.timepoint.locked(who))

    @rule(finding=complete)
    def judge_through(self, finding: Finding) -> None:
        self.step(lambda: self.timepoint.sent_to("three"))
        self.step(lambda: self.timepoint.judging("three"))
        self.step(lambda: self.timepoint.drew("three", finding))
        self.step(lambda: self.timepoint.judged_lock("three"))

    @rule(who=people, finding=findings)
    def draft(self, who: str, finding: Finding) -> None:
        self.step(lambda: self.timepoint.drafted(who, finding))

    @rule(who=people)
    def keep_own(self, who: str) -> None:
        self.step(lambda: self.timepoint.own_stands(who))

    @rule(who=people)
    def lock(self, who: str) -> None:
        self.step(lambda: self.timepoint.locked(who))

    @rule(who=people)
    def send(self, who: str) -> None:
        self.step(lambda: self.timepoint.sent_to(who))

    @rule(who=people)
    def look(self, who: str) -> None:
        self.step(lambda: self.timepoint.judging(who))

    @rule(who=people, reader=people)
    def choose(self, who: str, reader: str) -> None:
        self.step(lambda: self.timepoint.chose(who, reader, 3))

    @rule(who=people, finding=findings)
    def draw(self, who: str, finding: Finding) -> None:
        self.step(lambda: self.timepoint.drew(who, finding))

    @rule(who=people)
    def judge(self, who: str) -> None:
        self.step(lambda: self.timepoint.judged_lock(who))

    @rule(reason=st.sampled_from(["", "mistaken finger"]))
    def reopen(self, reason: str) -> None:
        self.step(lambda: self.timepoint.reopened(reason))

    @invariant()
    def a_final_has_what_it_needs(self) -> None:
        now = self.timepoint
        assert [final.version for final in now.finals] == list(range(1, len(now.finals) + 1))
        if now.state != "final":
            return
        assert now.is_read
        judged = now.adjudication is not None and now.adjudication.state == "locked"
        assert bool(now.disagreements) == judged == now.finals[-1].adjudicated
        if now.adjudication is not None:
            assert now.adjudication.adjudicator not in {read.reader for read in now.reads}
        assert (now.finals[-1].category == "open") == bool(now.finals[-1].area_mm2)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
