"""Signatures checked: what is stored must still be what was signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.platform.database import Database, Record
from app.platform.keys import Signer, is_signed, key_id
from app.reading_room import overview_store as store
from app.reading_room.schemas import SignaturesOut, VoidSignature

Why = Literal["missing", "content_altered", "not_signed_by_this_key", "record_altered"]


class Seals:
    """Checks signatures.

    Parameters
    ----------
    database
        As everywhere.
    signer : Signer
        The installation's key for signatures.
    """

    def __init__(self, database: Database, signer: Signer) -> None:
        self._database, self._key = database, signer.public_key

    def check(self, identity: Identity, study_id: str) -> SignaturesOut:
        """Check every signature of a study.

        Raises
        ------
        CodedError
            `not_found` when the study is out of reach.
        """
        identity.require("reading:oversee")
        with self._database.read() as connection:
            if not store.in_reach(connection, identity.account_id, study_id):
                raise CodedError("not_found")
            rows = store.seals(connection, study_id)
        found = [(row, self._fault(row)) for row in rows]
        void = [
            VoidSignature(code=row.code, capture_id=row.capture_id, why=why)
            for row, why in found
            if why is not None
        ]
        return SignaturesOut(checked=len(rows), void=void)

    def _fault(self, row: Record) -> Why | None:
        """Why a signature is void, if it is."""
        if row.content is None:
            return "missing"
        if hashlib.sha256(row.content.encode()).hexdigest() != row.sha256:
            return "content_altered"
        ours = row.key_id == key_id(self._key)
        if not ours or not is_signed(row.content.encode(), row.signature, self._key):
            return "not_signed_by_this_key"
        signed: dict[str, Any] = json.loads(row.content)["record"]
        stored = json.loads(json.dumps({name: row._mapping[name] for name in signed}))
        return None if stored == signed else "record_altered"
