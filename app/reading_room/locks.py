"""Locks: a reader signs, the draft becomes the read, and what follows is concluded at once."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.service import Accounts
from app.domain.identity import Identity
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.ids import new_id
from app.platform.keys import Signer
from app.reading_room import store
from app.reading_room.conclusion import Conclusion
from app.reading_room.desks import Desks, last_is, said_again
from app.reading_room.schemas import SignatureIn
from app.reading_room.signing import MEANING, signed


@dataclass(frozen=True)
class Lock:
    """A signature as it was given."""

    signed_at: str
    sha256: str
    key_id: str
    signature: str


class Locks:
    """Locks cases.

    Parameters
    ----------
    database, clock
        As everywhere.
    accounts : Accounts
        Makes sure, with the password again, who signs.
    desks : Desks
        Where cases lie.
    conclusion : Conclusion
        What follows.
    signer : Signer
        The installation's key for signatures.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        accounts: Accounts,
        desks: Desks,
        conclusion: Conclusion,
        signer: Signer,
    ) -> None:
        self._database, self._clock, self._accounts = database, clock, accounts
        self._desks, self._conclusion, self._signer = desks, conclusion, signer

    def lock(self, identity: Identity, code: str, signature: SignatureIn) -> Lock:
        """Sign the draft: it becomes the read, for good.

        Raises
        ------
        CodedError
            `signature_refused`; `case_locked`; what is missing from the draft; `draft_is_older` when another
            was kept after the one that is signed.
        """
        self._accounts.confirm(identity, signature.password, signature.second_factor)
        with self._database.write() as connection:
            case = self._desks.held(connection, identity, code)
            timepoint = case.desk.timepoint
            step = timepoint.judged_lock if case.is_judgement else timepoint.locked
            after = step(identity.account_id)
            last, now = case.latest(), self._clock.now()
            last_is(last, signature.number)
            record = said_again(last) | {
                "id": new_id(),
                "code": code,
                "number": last.number + 1,
                "kind": "locked",
            }
            store.insert_record(connection, **record, recorded_at=now)
            seal = signed(self._signer, identity, case.row, record, now)
            store.insert_signature(connection, id=new_id(), **seal)
            store.update_case(connection, code, state="locked", locked_at=now)
            locked = self._desks.at(connection, identity, code)
            outcome = self._conclusion.follow(connection, locked.row, after, locked.desk)
            told = {"state": "locked", "record": record["id"], "sha256": seal["sha256"]} | outcome
            action = "judgement.locked" if case.is_judgement else "read.locked"
            self._desks.record(connection, identity, case, action, told, MEANING["en"])
        return Lock(now.isoformat(), seal["sha256"], seal["key_id"], seal["signature"])
