"""One-time codes are those of the RFCs, good for a minute and a half, and never twice."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.one_time_code import STEP_S, accepted_step, code_at, otpauth_uri, recovery_digest, step_at

SEEDS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}

RFC_6238 = [
    (59, "94287082", "sha1"), (59, "46119246", "sha256"), (59, "90693936", "sha512"),
    (1111111109, "07081804", "sha1"), (1111111109, "68084774", "sha256"), (1111111109, "25091201", "sha512"),
    (1111111111, "14050471", "sha1"), (1111111111, "67062674", "sha256"), (1111111111, "99943326", "sha512"),
    (1234567890, "89005924", "sha1"), (1234567890, "91819424", "sha256"), (1234567890, "93441116", "sha512"),
    (2000000000, "69279037", "sha1"), (2000000000, "90698825", "sha256"), (2000000000, "38618901", "sha512"),
    (20000000000, "65353130", "sha1"), (20000000000, "77737706", "sha256"),
    (20000000000, "47863826", "sha512"),
]  # fmt: skip
"""Appendix B: seconds since 1970, code of eight digits, hash."""

RFC_4226 = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
]  # fmt: skip
"""Appendix D: codes of six digits for counts 0 to 9."""


@pytest.mark.parametrize(("unix_s", "code", "algorithm"), RFC_6238)
def test_codes_are_those_of_rfc_6238(unix_s: int, code: str, algorithm: str) -> None:
    assert code_at(SEEDS[algorithm], step_at(unix_s), 8, algorithm) == code


def test_codes_are_those_of_rfc_4226() -> None:
    assert [code_at(SEEDS["sha1"], count) for count in range(10)] == RFC_4226


@given(st.binary(min_size=20, max_size=20), st.integers(10**6, 10**8))
def test_a_code_is_good_one_step_off_and_not_two(secret: bytes, step: int) -> None:
    code, middle = code_at(secret, step), step * STEP_S + STEP_S / 2
    good = {
        shift: accepted_step(secret, code, middle + shift * STEP_S, 0) is not None for shift in range(-2, 3)
    }
    # Two steps off another code may be the same by chance, once in a million.
    assert all(good[shift] for shift in (-1, 0, 1))
    assert not (good[-2] and good[2])


@given(st.binary(min_size=20, max_size=20), st.integers(10**6, 10**8))
def test_a_code_is_never_good_twice(secret: bytes, step: int) -> None:
    code, now = code_at(secret, step), step * STEP_S
    used = accepted_step(secret, code, now, 0)
    assert used is not None
    assert accepted_step(secret, code, now, max(used, step + 1)) is None


def test_the_address_says_what_an_app_needs() -> None:
    parts = urlsplit(otpauth_uri(SEEDS["sha1"], "nurse lyon"))
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Planimeter:nurse%20lyon")
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Planimeter"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_recovery_codes_are_read_as_people_write_them_and_belong_to_one_account() -> None:
    assert recovery_digest("a", "ABCD-efgh 2345") == recovery_digest("a", "abcdefgh2345")
    assert recovery_digest("a", "abcd") != recovery_digest("b", "abcd")
