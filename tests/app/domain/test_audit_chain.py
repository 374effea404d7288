"""Any touch of the chain shows, and the first broken link is named."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit_chain import (
    GENESIS,
    SENTENCES,
    ChainReport,
    Checkpoint,
    Event,
    Problem,
    canonical,
    event_hash,
    sealed,
    verify,
)

texts = st.text(max_size=12)
contents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def chains(draw: st.DrawFn, least: int = 1) -> list[Event]:
    previous, events = GENESIS, []
    for seq in range(1, draw(st.integers(least, 8)) + 1):
        actor, role, action, kind, subject = (draw(texts) for _ in range(5))
        reason, study = draw(st.none() | texts), draw(st.none() | texts)
        before, after = canonical(draw(contents)), canonical(draw(contents))
        event = sealed(
            Event(
                seq, f"t{seq}", actor, role, action, kind, subject, study, reason, before, after, previous, ""
            )
        )
        events.append(event)
        previous = event.hash
    return events


def checked(events: list[Event], whole: list[Event]) -> int | None:
    return verify(events, whole[-1].seq, whole[-1].hash).first_broken


@given(chains())
def test_untouched_chain_holds(events: list[Event]) -> None:
    report = verify(events, events[-1].seq, events[-1].hash)
    assert report.ok
    assert report.checked == len(events)


@given(chains(), st.data())
def test_edit_names_the_edited_event(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Event)]))
    old = getattr(events[place], name)
    new = old + 1 if isinstance(old, int) else (old or "") + "x"
    touched = [*events[:place], replace(events[place], **{name: new}), *events[place + 1 :]]
    assert checked(touched, events) == place + 1


@given(chains(), st.data())
def test_edit_with_a_fresh_hash_names_the_next_event(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    forged = sealed(replace(events[place], actor=events[place].actor + "x"))
    touched = [*events[:place], forged, *events[place + 1 :]]
    assert checked(touched, events) == min(place + 2, len(events))


@given(chains(), st.data())
def test_removal_names_the_gap(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    assert checked(events[:place] + events[place + 1 :], events) == place + 1


@given(chains(least=2), st.data())
def test_swap_names_the_first_of_both(events: list[Event], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(events) - 2))
    second = data.draw(st.integers(first + 1, len(events) - 1))
    touched = list(events)
    touched[first], touched[second] = touched[second], touched[first]
    assert checked(touched, events) == first + 1


@given(chains(), st.data())
def test_replay_names_the_inserted_event(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    touched = [*events[: place + 1], *events[place:]]
    assert checked(touched, events) == place + 2


@given(chains(), st.data())
def test_rewritten_tail_does_not_reach_the_head(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    touched, previous = list(events[:place]), events[place].previous_hash
    for event in events[place:]:
        touched.append(sealed(replace(event, actor=event.actor + "x", previous_hash=previous)))
        previous = touched[-1].hash
    assert checked(touched, events) == len(events)


@given(chains(), st.data())
def test_rewrite_with_its_own_head_is_named_by_marks(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    touched, previous = list(events[:place]), events[place].previous_hash
    for event in events[place:]:
        touched.append(sealed(replace(event, actor=event.actor + "x", previous_hash=previous)))
        previous = touched[-1].hash
    head = (touched[-1].seq, touched[-1].hash)
    assert verify(touched, *head).ok
    marks = {event.seq: event.hash for event in events}
    report = verify(touched, *head, marks)
    assert (report.first_broken, report.problem, report.marked) == (place + 1, "rewritten", place)
    last = len(events)
    report = verify(touched, *head, {last: events[-1].hash})
    assert (report.first_broken, report.marked) == (last, 0)


@given(chains(least=2), st.data())
def test_mark_beyond_the_end_names_what_was_cut(events: list[Event], data: st.DataObject) -> None:
    kept = events[: data.draw(st.integers(1, len(events) - 1))]
    report = verify(kept, kept[-1].seq, kept[-1].hash, {len(events): events[-1].hash})
    assert (report.first_broken, report.problem) == (len(kept) + 1, "cut_off")


def test_every_problem_has_a_sentence_that_names_the_event() -> None:
    assert set(SENTENCES) == set(get_args(Problem))
    for problem in SENTENCES:
        assert "event 7: " in ChainReport(6, 7, problem).sentence


def test_a_checkpoint_signs_all_it_says() -> None:
    checkpoint = Checkpoint(3, "a" * 64, 3, "2026-01-05T12:00:00+00:00", "key", "signature")
    different = set()
    for name, value in vars(checkpoint).items():
        other = replace(checkpoint, **{name: value + 1 if isinstance(value, int) else "x"})
        if other.message != checkpoint.message:
            different.add(name)
    assert different == set(vars(checkpoint)) - {"signature"}


@given(contents)
def test_canonical_has_one_spelling(value: object) -> None:
    assert canonical(value) == canonical(json.loads(canonical(value)))


@given(chains(least=2))
def test_fields_cannot_flow_into_each_other(events: list[Event]) -> None:
    event = events[0]
    assert event_hash(replace(event, actor=event.actor + "a", role="b")) != event_hash(
        replace(event, actor=event.actor, role="ab")
    )
