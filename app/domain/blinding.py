"""What a reader may receive: an allow-list that is built up, never something fuller that is filtered down."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from typing import Any

MILLIMETRE_DIGITS = 2
PERCENT_DIGITS = 1


@dataclass(frozen=True)
class BlindedAssessment:
    """Everything a member of the reading committee receives of one timepoint, and nothing else.

    Attributes
    ----------
    case_code : str
        Random, made for this member alone.
    status, source : str
        `measured`; whose outline it is: `machine` until readers have drawn theirs.
    area_mm2, u_area_mm2 : float
        Area and its standard uncertainty.
    epithelialisation_percent : float or None
        Against the baseline.
    verdict : str
        `smaller`, `larger` or `cannot tell`, against the baseline.
    overlay_url : str
        Made of the case code alone.
    comparison_url : str or None
        The same, of the picture with the baseline's outline; None where its skin was not found again.
    model, version : str
        What measured.
    """

    case_code: str
    status: str
    source: str
    area_mm2: float
    u_area_mm2: float
    epithelialisation_percent: float | None
    verdict: str
    overlay_url: str
    comparison_url: str | None
    model: str
    version: str

    def as_dict(self) -> dict[str, Any]:
        """For the wire."""
        return asdict(self)


def blinded_assessment(
    *,
    case_code: str,
    area_mm2: float,
    u_area_mm2: float,
    epithelialisation_percent: float | None,
    verdict: str,
    compared: bool,
    model: str,
    version: str,
) -> BlindedAssessment:
    """Build what a reader receives.

    Notes
    -----
    Numbers are rounded to what they mean (0.01 mm², 0.1 %): sixteen digits would be a fingerprint by which
    two readers, or a reader and a series, could be put together.
    """
    percent = None if epithelialisation_percent is None else round(epithelialisation_percent, PERCENT_DIGITS)
    return BlindedAssessment(
        case_code=case_code,
        status="measured",
        source="machine",
        area_mm2=round(area_mm2, MILLIMETRE_DIGITS),
        u_area_mm2=round(u_area_mm2, MILLIMETRE_DIGITS),
        epithelialisation_percent=percent,
        verdict=verdict,
        overlay_url=f"/v1/assessments/{case_code}/overlay",
        comparison_url=f"/v1/assessments/{case_code}/comparison" if compared else None,
        model=model,
        version=version,
    )


def queue_position(secret: bytes, account_id: str, case_code: str) -> str:
    """Place of a case in a reader's queue: a keyed hash, an order that follows from nothing else.

    Returns
    -------
    str
        64 hexadecimal digits; queues are read in their order.
    """
    message = f"queue\0{account_id}\0{case_code}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
