"""What an OpenID Connect ID token must say before it is believed (OpenID Connect Core 1.0, §3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

CLOCK_SKEW_S = 60
"""Seconds by which the provider's clock may differ from ours."""

LONGEST_AGE_S = 600
"""A token is asked for and used within a minute; one issued longer ago was kept by somebody."""


def s256_challenge(verifier: str) -> str:
    """The PKCE challenge of a verifier (RFC 7636 §4.2, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def claims_problem(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, unix_s: float
) -> str | None:
    """Why the claims are not to be believed; None when they are.

    Parameters
    ----------
    claims : mapping
        Of a token whose signature is the provider's.
    issuer, client_id : str
        As configured.
    nonce : str
        Sent with this very sign-in.
    unix_s : float
        Now, in seconds since 1970.
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued = claims.get("exp"), claims.get("iat")
    if claims.get("iss") != issuer:
        return "issuer"
    if client_id not in audiences or (len(audiences) > 1 and claims.get("azp") != client_id):
        return "audience"
    if not isinstance(expires, int | float) or expires <= unix_s - CLOCK_SKEW_S:
        return "expired"
    if not isinstance(issued, int | float) or not -CLOCK_SKEW_S <= unix_s - issued <= LONGEST_AGE_S:
        return "issued at another time"
    if not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        return "nonce"
    return None


def matched_name(claims: Mapping[str, Any], claim: str) -> str | None:
    """The user name in the configured claim; None when it is missing, or an e-mail address not verified."""
    value = claims.get(claim)
    if not isinstance(value, str) or not value:
        return None
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    return value
