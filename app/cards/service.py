"""Cards that sites print: the sheet itself, and whose check bar was found true."""

from __future__ import annotations

from app.audit.service import Trail
from app.cards import store
from app.cards.schemas import CardPrintOut, NewCardPrint
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.ids import new_id
from app.studies.schemas import Protocol
from app.studies.service import Studies
from calibration.digit_card import DIGIT_CARD
from calibration.print_card import Page, sheet_pdf

ROUNDING_MM = 1e-6
"""Lengths are typed in tenths: 100.5 is within half a millimetre of 100, however it is stored."""


class Cards:
    """Card prints.

    Parameters
    ----------
    database, clock, trail, studies
        As everywhere.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, studies: Studies) -> None:
        self._database, self._clock, self._trail, self._studies = database, clock, trail, studies

    def sheet(self, identity: Identity, study_id: str, page: Page) -> bytes:
        """The card with its check bar and the reference slip, as PDF.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`.
        """
        identity.require("card:read")
        with self._database.read() as connection:
            self._studies.current(connection, identity, study_id)
        return sheet_pdf(page, slip=True)

    def confirm(self, identity: Identity, study_id: str, new: NewCardPrint) -> CardPrintOut:
        """Record a print whose check bar is as long as it should be.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`, `unknown_print_lot`, `check_bar_off`: such a sheet must not be used, and
            the audit trail says that there was one.
        """
        identity.require("card:record")
        print_id, now = new_id(), self._clock.now()
        with self._database.read() as connection:
            site_id = self._studies.site_id(connection, identity, study_id, new.site_code)
            _, protocol = self._studies.current(connection, identity, study_id)
        try:
            _check(new, protocol)
        except CodedError as refusal:
            self._trail.record_refusal(
                actor(identity),
                "card_print.turned_away",
                ("card_print", print_id),
                refusal.code,
                study_id=study_id,
                after=new.model_dump(),
            )
            raise
        with self._database.write() as connection:
            self._trail.record(
                connection,
                actor(identity),
                "card_print.confirmed",
                ("card_print", print_id),
                study_id=study_id,
                after=new.model_dump(),
            )
            store.insert_print(
                connection,
                id=print_id,
                study_id=study_id,
                site_id=site_id,
                **new.model_dump(exclude={"site_code"}),
                confirmed_at=now,
                confirmed_by=identity.account_id,
            )
        return CardPrintOut(id=print_id, **new.model_dump(), confirmed_at=now)

    def prints(self, identity: Identity, study_id: str) -> list[CardPrintOut]:
        """The prints of the sites within the account's reach, the newest of each site first.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`.
        """
        identity.require("card:read")
        with self._database.read() as connection:
            self._studies.current(connection, identity, study_id)
            rows = store.visible_prints(connection, identity.account_id, study_id)
        return [
            CardPrintOut(**{name: row._mapping[name] for name in CardPrintOut.model_fields}) for row in rows
        ]


def _check(new: NewCardPrint, protocol: Protocol) -> None:
    tolerance_mm = protocol.capture.check_bar_tolerance_mm
    if abs(new.check_bar_mm - DIGIT_CARD.check_bar_mm) > tolerance_mm + ROUNDING_MM:
        raise CodedError(
            "check_bar_off", {"check_bar_mm": DIGIT_CARD.check_bar_mm, "tolerance_mm": tolerance_mm}
        )
    if new.print_lot is not None and protocol.print_lot(new.print_lot) is None:
        raise CodedError("unknown_print_lot", {"print_lots": [lot.code for lot in protocol.print_lots]})
