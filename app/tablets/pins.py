"""The people on a tablet: who they are, their PINs, and the key under which their photographs lie."""

from __future__ import annotations

import base64

from pwdlib import PasswordHash

from app.accounts.proving import Occasion, Proof, Proving
from app.accounts.schemas import Me
from app.accounts.service import Accounts
from app.accounts.sessions import digest
from app.audit.service import Trail
from app.domain import pin as rules
from app.domain import shift
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, Actor, Identity, actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.keys import Keys
from app.tablets import store
from app.tablets.schemas import TabletHere, TabletPerson, VaultKey
from app.tablets.shifts import Place

PIN_CHANGE = Occasion("password.refused", "password_refused", code_needed=False)
"""The shift began with both factors; the password keeps whoever finds the tablet open from taking a PIN."""

VAULT_PURPOSE = "tablet vault"


class Pins:
    """Quick change of person on an enrolled tablet.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    accounts, proving
        Of accounts.
    passwords : PasswordHash
        Argon2, for PINs too.
    keys : Keys
        Of the settings' secret.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        accounts: Accounts,
        proving: Proving,
        passwords: PasswordHash,
        keys: Keys,
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._accounts, self._proving, self._passwords, self._keys = accounts, proving, passwords, keys

    def here(self, tablet_token: str) -> tuple[str, TabletHere]:
        """The tablet of that cookie, with whoever signed in fully on it this shift; its identifier first.

        Raises
        ------
        CodedError
            `tablet_not_enrolled`.
        """
        began_after = self._clock.now() - shift.LENGTH
        with self._database.read() as connection:
            tablet = _enrolled(store.by_token(connection, digest(tablet_token)))
            rows = store.people(connection, tablet.id, began_after)
        people = [
            TabletPerson(
                username=row.username,
                label_fr=row.label_fr,
                label_en=row.label_en,
                has_pin=row.pin_hash is not None,
                shift_ends_at=shift.ends_at(row.shift_began_at),
            )
            for row in rows
        ]
        return tablet.id, TabletHere(name=tablet.name, site_code=tablet.site_code, people=people)

    def choose(self, identity: Identity, password: str, pin: str) -> None:
        """Give oneself a PIN on this tablet, in place of one before.

        Raises
        ------
        CodedError
            `forbidden`; `tablet_not_enrolled`; `weak_pin`; `password_refused`.
        """
        identity.require("tablet:use")
        tablet = identity.tablet
        if tablet is None:
            raise CodedError("tablet_not_enrolled")
        if not rules.is_pin(pin) or rules.is_weak(pin):
            raise CodedError("weak_pin")
        hashed = self._passwords.hash(pin)

        def change(connection: Connection, account: Record) -> None:
            if not store.set_pin(connection, tablet.id, account.id, hashed):
                raise CodedError("forbidden")  # of another site than the tablet
            self._trail.record(
                connection,
                actor(identity),
                "pin.chosen",
                ("account", account.id),
                study_id=tablet.study_id,
                after={"tablet": tablet.id},
            )

        self._proving.prove(Proof(identity.username, password), PIN_CHANGE, change)

    def enter(self, tablet_token: str, username: str, pin: str, device: str) -> tuple[str, Me]:
        """Open a session by PIN, within the shift; it ends with it.

        Returns
        -------
        token : str
            For the cookie.
        me : Me
            The account.

        Raises
        ------
        CodedError
            `tablet_not_enrolled`; `shift_over` also for whoever did not sign in fully here; `wrong_pin` with
            the tries left; `pin_blocked` when there is no PIN, or none any more.
        """
        token_sha256 = digest(tablet_token)
        with self._database.read() as connection:
            tablet = _enrolled(store.by_token(connection, token_sha256))
            person = store.person(connection, tablet.id, username)
        stored = person.pin_hash if person is not None else None
        # Slow on purpose, hence outside of any writing transaction.
        right = stored is not None and self._passwords.verify(pin, stored)
        with self._database.write() as connection:
            found = store.lock_person(connection, token_sha256, username)
            if found is None:
                raise CodedError("tablet_not_enrolled")
            tablet, person = found
            refusal = self._refusal(connection, tablet, person, username, stored, right)
            if refusal is None and person is not None:
                store.note_wrong_pins(connection, tablet.id, person.account_id, 0)
                place = Place(tablet.id, person.shift_began_at)
                return self._accounts.enter_at(connection, person, device, "PIN", place)
        # Outside: the transaction that counted the failure is committed.
        raise refusal or CodedError("shift_over")

    def vault_key(self, identity: Identity) -> VaultKey:
        """The key under which the account's photographs lie on tablets until they are sent.

        Made anew each time from the service's secret: whoever holds a tablet alone cannot open them. It
        depends on the person alone, so that photographs which wait while a device is enrolled, or on one that
        was revoked and found again, are still sent by whoever took them.
        """
        identity.require("tablet:use")
        key = self._keys.shared(VAULT_PURPOSE, identity.account_id)
        return VaultKey(key=base64.b64encode(key).decode())

    def _refusal(
        self,
        connection: Connection,
        tablet: Record,
        person: Record | None,
        username: str,
        stored: str | None,
        right: bool,
    ) -> CodedError | None:
        """Why not, counted and recorded; None when the PIN opens."""
        if person is None or not shift.is_on(person.shift_began_at, self._clock.now()):
            self._note(connection, tablet, person, username, "no shift")
            return CodedError("shift_over")
        if person.pin_hash is None:
            self._note(connection, tablet, person, username, "no PIN")
            return CodedError("pin_blocked")
        if right and person.pin_hash == stored:
            return None
        wrong = person.wrong_pins + 1
        left = rules.tries_left(wrong)
        if left:
            store.note_wrong_pins(connection, tablet.id, person.account_id, wrong)
            self._note(connection, tablet, person, username, "wrong PIN")
            return CodedError("wrong_pin", {"tries_left": left})
        store.set_pin(connection, tablet.id, person.account_id, None)
        self._note(connection, tablet, person, username, "wrong PIN, now void")
        return CodedError("pin_blocked")

    def _note(
        self, connection: Connection, tablet: Record, person: Record | None, username: str, reason: str
    ) -> None:
        who = NOBODY if person is None else Actor(person.username, person.role)
        # A name that the tablet does not know is kept as a hash: people type their PIN into the wrong field.
        subject = ("username_sha256", digest(username)) if person is None else ("account", person.account_id)
        after = {"tablet": tablet.id}
        self._trail.record(
            connection, who, "pin.refused", subject, study_id=tablet.study_id, after=after, reason=reason
        )


def _enrolled(tablet: Record | None) -> Record:
    if tablet is None:
        raise CodedError("tablet_not_enrolled")
    return tablet
