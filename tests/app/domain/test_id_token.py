"""An ID token is believed when all it says is as it must be, and for nothing less."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.id_token import claims_problem, matched_name, s256_challenge

GOOD: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "planimeter",
    "exp": 1300,
    "iat": 1000,
    "nonce": "n",
}


def problem(**changed: Any) -> str | None:
    claims = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return claims_problem(
        claims, issuer="https://id.example", client_id="planimeter", nonce="n", unix_s=1010.0
    )


def test_a_good_token_is_believed() -> None:
    assert problem() is None
    assert problem(aud=["planimeter"]) is None
    assert problem(aud=["planimeter", "other"], azp="planimeter") is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://id.example/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["planimeter", "other"]}, "audience"),
        ({"aud": ["planimeter", "other"], "azp": "other"}, "audience"),
        ({"exp": 900}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "later"}, "expired"),
        ({"iat": 1100}, "issued at another time"),
        ({"iat": 300}, "issued at another time"),
        ({"iat": None}, "issued at another time"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
    ],
)
def test_any_other_is_not(changed: dict[str, Any], why: str) -> None:
    assert problem(**changed) == why


def test_addresses_count_when_the_provider_verified_them() -> None:
    assert matched_name({"email": "a@b", "email_verified": True}, "email") == "a@b"
    assert matched_name({"email": "a@b", "email_verified": "true"}, "email") is None
    assert matched_name({"email": "a@b"}, "email") is None
    assert matched_name({"sub": "x"}, "sub") == "x"
    assert matched_name({"sub": ["x"]}, "sub") is None
    assert matched_name({}, "sub") is None


def test_challenge_is_that_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert s256_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
