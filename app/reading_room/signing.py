"""Signatures: the canonical record of what was read, under the installation's key (21 CFR 11.50, 11.70)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import Any

from app.domain.audit_chain import canonical
from app.domain.identity import Identity
from app.platform.database import Record
from app.platform.keys import Signer, key_id

MEANING = {
    "fr": "J'ai lu cette image moi-même, en aveugle ; le contour et la catégorie sont mon propre jugement.",
    "en": "I read this picture myself, blinded; the outline and the category are my own judgement.",
}
"""What a signature says, shown before it is given."""


def signed(
    signer: Signer, identity: Identity, case: Record, record: dict[str, Any], signed_at: datetime
) -> dict[str, Any]:
    """The columns of a signature over a record.

    Notes
    -----
    The content names the picture by its hash, the outline corner by corner, who signed, when, with which
    software, and what the signature means: changed in any of it, the content no longer fits its signature.
    """
    content = canonical(
        {
            "case": case.code,
            "kind": case.kind,
            "round": case.round,
            "picture_sha256": case.picture_sha256,
            "crop": case.crop,
            "protocol_version": case.protocol_version,
            "record": record,
            "signed_by": identity.account_id,
            "username": identity.username,
            "signed_at": signed_at.isoformat(),
            "meaning": MEANING["en"],
            "software": version("planimeter"),
        }
    )
    return {
        "record_id": record["id"],
        "account_id": identity.account_id,
        "meaning": MEANING["en"],
        "signed_at": signed_at,
        "content": content,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "key_id": key_id(signer.public_key),
        "signature": signer.sign(content.encode()),
    }
