"""What the demo's sites did beside the photographs: visit notes, printed cards, weekly phantom shots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from app.cards.schemas import NewCardPrint
from app.cards.shots import ShotUpload
from app.demo import SAMPLES, prepare
from app.domain.identity import Identity
from app.services import Services
from app.subjects.schemas import UlcerOut
from app.visits.schemas import VisitNote

SHOTS, SHOT_MANIFEST = "shots", "shots.json"
HOUR_OF_SHOTS = time(7, 45, tzinfo=UTC)

PRINTERS = {
    "LYO": (("Secrétariat", 100.1),),
    "LIL": (("Consultation", 99.8), ("Salle de soins", 99.6)),
}
"""By site: its printers, and the length of their check bars in mm."""

NOTES = (
    ("w0", 0, {"pain": 6, "dressing_removed": True, "drainage": "serous", "complication": "none"}),
    ("w2", 2, {"pain": 5, "dressing_removed": True, "drainage": "serous", "infection_signs": False}),
    ("w4", 9, {"pain": 3, "dressing_removed": True, "drainage": "none", "out_of_window_reason": "travel"}),
)
"""Of the first ulcer of each site: visit, days after its planned day, and what was noted."""


class SiteWork:
    """Enters the sites' work, each by its nurse, through the same doors as the pages.

    Parameters
    ----------
    services : Services
        Opened.
    today : date
        The weekly shots end a week before this day.
    """

    def __init__(self, services: Services, today: date) -> None:
        self._services, self._today = services, today
        self._nurses = prepare(services)

    def enter(self, study_id: str) -> None:
        """Notes, prints and shots; what is there already stays as it is."""
        for site, nurse in self._nurses.items():
            self._note(nurse, study_id)
            if not self._services.cards.prints(nurse, study_id):
                for printer, bar_mm in PRINTERS[site]:
                    new = NewCardPrint(site_code=site, printer=printer, check_bar_mm=bar_mm)
                    self._services.cards.confirm(nurse, study_id, new)
        for upload in self.shots(study_id):
            self._services.phantom_shots.receive(self._nurses[upload.site_code], upload)

    def _note(self, nurse: Identity, study_id: str) -> None:
        ulcers = self._services.subjects.ulcers(nurse, study_id)
        if not ulcers or self._services.visits.notes(nurse, ulcers[0].id):
            return
        for name, note in _notes(ulcers[0]):
            self._services.visits.note(nurse, name, note)

    def shots(self, study_id: str) -> Iterator[ShotUpload]:
        """The rendered phantom shots, as the sites send them."""
        folder = SAMPLES / SHOTS
        for entry in json.loads((folder / SHOT_MANIFEST).read_text(encoding="utf-8")):
            content = Path(folder / entry["file"]).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            yield ShotUpload(
                id=_name(digest),
                study_id=study_id,
                site_code=entry["site"],
                taken_at=datetime.combine(self._today - timedelta(weeks=entry["weeks_ago"]), HOUR_OF_SHOTS),
                content=content,
                media_type="image/jpeg",
                sha256=digest,
            )


def _notes(ulcer: UlcerOut) -> Iterator[tuple[str, VisitNote]]:
    due = {point.visit_code: point.due_on for point in ulcer.timepoints}
    for visit, days_late, said in NOTES:
        taken_at = datetime.combine(due[visit] + timedelta(days=days_late), HOUR_OF_SHOTS)
        note = VisitNote.model_validate(
            {"ulcer_id": ulcer.id, "visit_code": visit, "taken_at": taken_at} | said
        )
        yield _name(f"{ulcer.id} {visit}"), note


def _name(of: str) -> str:
    """An identifier made of the content, so that a demo that was interrupted goes on where it was."""
    return hashlib.sha256(f"demo {of}".encode()).hexdigest()[:32]
