"""Shifts on a shared tablet: begun by whoever signs in fully on it, ended with their session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.platform.clock import Clock
from app.platform.database import Connection, Record
from app.tablets import store


@dataclass(frozen=True)
class Place:
    """Where a session is opened.

    Attributes
    ----------
    tablet_id : str
        Enrolled and not revoked.
    shift_began_at : datetime or None
        Of the person; None for whoever does not belong to the tablet's site, and has no shift there.
    """

    tablet_id: str
    shift_began_at: datetime | None


class Shifts:
    """Begins and ends shifts within the transactions that open and end sessions.

    Parameters
    ----------
    clock : Clock
        As everywhere.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def begin(self, connection: Connection, tablet_sha256: str, account: Record) -> Place | None:
        """Begin the shift of a person who has just proven who they are.

        Parameters
        ----------
        connection : Connection
            Writing.
        tablet_sha256 : str
            Hash of the tablet's cookie.
        account : Record
            Whose.

        Returns
        -------
        Place or None
            None where the cookie is no enrolled tablet's: the session is an ordinary one.
        """
        tablet = store.by_token(connection, tablet_sha256, lock=True)
        if tablet is None:
            return None
        if account.role != "site_staff" or not store.serves(connection, account.id, tablet.id):
            return Place(tablet.id, None)
        now = self._clock.now()
        store.begin_shift(connection, tablet.id, account.id, now)
        return Place(tablet.id, now)

    def end(self, connection: Connection, account_id: str, tablet_id: str) -> None:
        """End an account's shift on a tablet: whoever signs out there is not let in again by a PIN."""
        store.end_shifts(connection, account_id, on=tablet_id)

    def end_all(self, connection: Connection, account_id: str, *, but: str | None = None) -> None:
        """End all shifts of an account, but that on one tablet if named."""
        store.end_shifts(connection, account_id, but=but)
