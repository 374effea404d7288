"""Identifiers: 128 random bits, which neither count nor tell the time."""

from __future__ import annotations

import secrets

ID_BYTES = 16


def new_id() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(ID_BYTES)
