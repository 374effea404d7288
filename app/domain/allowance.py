"""How often something may happen: a bucket that fills slowly and is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Allowance:
    """A token bucket.

    Attributes
    ----------
    most : float
        What it holds: as many may happen at once.
    per_s : float
        What flows in each second.
    level : float
        What is in it.
    at_s : float
        When that was, in seconds of any clock that does not run backwards by much.
    """

    most: float
    per_s: float
    level: float
    at_s: float

    def after_one(self, now_s: float) -> Allowance | None:
        """The bucket after one more; None when it is too empty for that."""
        filled = min(self.most, self.level + max(0.0, now_s - self.at_s) * self.per_s)
        return replace(self, level=filled - 1, at_s=now_s) if filled >= 1 else None
