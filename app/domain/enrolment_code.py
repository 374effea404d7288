"""Codes that enrol a tablet: typed once, good for an hour, void after a few wrong ones."""

from __future__ import annotations

from datetime import timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or make words."""

LOOKALIKES = str.maketrans("IiLlOo", "111100")

SELECTOR_LENGTH = 4
"""Characters that say which tablet is meant, so that wrong codes are counted against that one."""

LENGTH = 12
"""Characters in all: beside the selector 40 random bits."""

GROUP = 4
"""Characters that people read out in one breath."""

GOOD_FOR = timedelta(minutes=60)
"""The data manager reads the code out by telephone, or walks over with the tablet."""

TRIES = 5
"""Wrong codes after which the right one is void too: of 2^40, five are nothing."""


def normal(typed: str) -> str | None:
    """The code as it was made, whatever capitals, dashes and look-alikes were typed; None if it is none."""
    code = "".join(typed.split()).replace("-", "").translate(LOOKALIKES).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def selector(code: str) -> str:
    """The part that says which tablet is meant."""
    return code[:SELECTOR_LENGTH]


def shown(code: str) -> str:
    """As people read it out: `7K2M-9Q4T-XW3E`."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
