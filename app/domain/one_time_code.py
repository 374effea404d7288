"""One-time codes of an authenticator app: HOTP (RFC 4226) and TOTP (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
"""Length of a shared secret: that of the hash, as RFC 4226 §4 (R6) recommends."""

STEP_S = 30
"""Seconds that a code lasts (RFC 6238 §5.2); authenticator apps know no other."""

DIGITS = 6
"""Of a code: what every authenticator app shows."""

TOLERATED_STEPS = 1
"""Steps that a telephone's clock may be off either way (RFC 6238 §5.2 advises at most one)."""

ISSUER = "Planimeter"


def code_at(secret: bytes, step: int, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a time step.

    Parameters
    ----------
    secret : bytes
        Shared with the authenticator app.
    step : int
        Whole periods of `STEP_S` seconds since 1970.
    digits : int
        Of the code.
    algorithm : str
        SHA-1 is the one that all apps know; HMAC does not suffer from its collisions.

    Returns
    -------
    str
        With leading zeros.
    """
    mac = hmac.new(secret, struct.pack(">Q", step), algorithm).digest()
    offset = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_at(unix_s: float) -> int:
    """The time step of a moment, in seconds since 1970."""
    return int(unix_s // STEP_S)


def accepted_step(secret: bytes, code: str, unix_s: float, last_step: int) -> int | None:
    """The step whose code it is, if it is good now and later than the last that was accepted.

    Parameters
    ----------
    secret, code : bytes, str
        Shared secret; what was typed.
    unix_s : float
        Now, in seconds since 1970.
    last_step : int
        Step of the last code accepted: the same code, and older ones, are not good again (RFC 6238 §5.2).
    """
    now = step_at(unix_s)
    found = None
    for step in range(now - TOLERATED_STEPS, now + TOLERATED_STEPS + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if right and step > last_step and found is None:
            found = step
    return found


def base32(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, username: str) -> str:
    """The address that an authenticator app reads from a QR code (Google Authenticator's key URI format)."""
    label = quote(f"{ISSUER}:{username}", safe=":")
    given = {"secret": base32(secret), "issuer": ISSUER, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(given, quote_via=quote)}"


def recovery_digest(account_id: str, code: str) -> str:
    """What is stored in place of a recovery code, whatever its spaces, dashes and capitals.

    Notes
    -----
    A recovery code is random with 80 bits: one SHA-256 cannot be searched backwards, no slow hash is needed.
    """
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(f"{account_id}\0{plain}".encode()).hexdigest()
