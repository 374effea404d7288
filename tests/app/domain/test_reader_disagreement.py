"""The Reader Disagreement Index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reader_disagreement import Record, reader_disagreement


def record(label: str, read: int, adjudicated: int, against: int) -> Record:
    return Record(label, read, adjudicated, against)


def test_the_index_is_a_share_of_all_cases_read() -> None:
    (found,) = reader_disagreement([record("1", 200, 60, 21)])
    assert found.index.value == pytest.approx(21 / 200)
    assert found.of_adjudicated.value == pytest.approx(21 / 60)
    assert (found.others, found.stands_out) == (None, None)


def test_the_reader_most_often_overruled_need_not_be_the_one_most_often_adjudicated() -> None:
    """What the index is for: reader 3 is adjudicated least of all, and overruled most."""
    found = reader_disagreement([record("1", 100, 40, 10), record("2", 100, 36, 9), record("3", 100, 30, 24)])
    assert [one.stands_out for one in found] == [False, False, True]
    assert found[2].others == pytest.approx(19 / 200)


def test_two_readers_cannot_stand_out_from_each_other() -> None:
    found = reader_disagreement([record("1", 100, 40, 38), record("2", 100, 40, 2)])
    assert [one.stands_out for one in found] == [None, None]
    assert found[0].others == pytest.approx(0.02)


def test_a_reader_without_cases_has_no_index_and_nobody_stands_out_yet() -> None:
    found = reader_disagreement([record("1", 9, 4, 3), record("2", 9, 4, 1), record("3", 0, 0, 0)])
    assert found[2].index.value is None
    assert [one.stands_out for one in found] == [None] * 3


records = st.lists(
    st.tuples(st.integers(1, 200), st.floats(0, 1), st.floats(0, 1)).map(
        lambda drawn: (drawn[0], int(drawn[0] * drawn[1]), int(int(drawn[0] * drawn[1]) * drawn[2]))
    ),
    min_size=3,
    max_size=7,
).map(lambda drawn: [record(str(i), *numbers) for i, numbers in enumerate(drawn)])


@given(records)
def test_who_stands_out_lies_above_the_others_and_never_all_do(drawn: list[Record]) -> None:
    found = reader_disagreement(drawn)
    mean = sum(one.index.value or 0 for one in found) / len(found)
    for one in found:
        if one.stands_out:
            assert one.index.value is not None
            assert one.index.value > mean
    assert not all(one.stands_out for one in found)


def test_numbers_must_nest() -> None:
    with pytest.raises(ValueError, match="no share"):
        reader_disagreement([record("1", 10, 4, 5)])
