"""A bucket lets through what it holds, and what flows in; never more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.allowance import Allowance


@given(
    st.integers(1, 20),
    st.floats(0.01, 10),
    st.lists(st.floats(0, 30), max_size=80),
)
def test_never_more_than_it_holds_and_what_flows_in(most: int, per_s: float, waits: list[float]) -> None:
    bucket, now, passed = Allowance(most, per_s, most, 0.0), 0.0, 0
    for wait in waits:
        now += wait
        after = bucket.after_one(now)
        if after is not None:
            bucket, passed = after, passed + 1
    assert passed <= most + per_s * now + 1e-6
    assert 0 <= bucket.level <= most


@given(st.integers(1, 20), st.floats(0.01, 10))
def test_a_full_bucket_lets_all_through_that_it_holds_and_no_more(most: int, per_s: float) -> None:
    bucket = Allowance(most, per_s, most, 0.0)
    for _ in range(most):
        after = bucket.after_one(0.0)
        assert after is not None
        bucket = after
    assert bucket.after_one(0.0) is None
    assert bucket.after_one(1.01 / per_s) is not None
