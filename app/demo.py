"""The demo's study: accounts, subjects, and the rendered photographs, sent in as any photograph is."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from app.captures.service import Upload
from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.services import Services
from app.studies.schemas import Protocol
from app.studies.service import read_protocol
from app.subjects.schemas import Eligibility, NewSubject, NewUlcer

PROTOCOL_FILE = Path(__file__).with_name("studies") / "protocols" / "demo.toml"
SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
MANIFEST = "manifest.json"
HOUR_OF_VISITS = time(9, 30, tzinfo=UTC)

WHOLE_STUDY = (
    ("reader-1", "reader", "Lecture 1", "Reader 1"),
    ("reader-2", "reader", "Lecture 2", "Reader 2"),
    ("adjudicator", "adjudicator", "Arbitre", "Adjudicator"),
    ("data-manager", "data_manager", "Gestion des données", "Data manager"),
)
"""Accounts of the demo that belong to the whole study: name, role, label in French and English."""

PLACES = ("hand", "digit", "phalanx", "surface", "side")


@dataclass(frozen=True)
class Sample:
    """One photograph of the manifest."""

    path: Path
    site: str
    subject: str
    ulcer: str
    visit: str
    place: dict[str, str]


def read_samples(folder: Path = SAMPLES) -> list[Sample]:
    """The rendered study's photographs, baselines first: a page that is opened early has curves to grow.

    Parameters
    ----------
    folder : Path
        With manifest.json and the photographs.

    Raises
    ------
    FileNotFoundError
        If the rendered study is not installed.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    # Photographs that the gate refuses come before their retakes, as they do at a bedside.
    photos = manifest.get("refusals", []) + manifest["photos"]
    samples = [
        Sample(
            folder / photo["file"],
            photo["site"],
            photo["subject"],
            photo["ulcer"],
            photo["visit"],
            {name: photo[name] for name in PLACES},
        )
        for photo in photos
    ]
    order = {visit.code: place for place, visit in enumerate(demo_protocol().visits)}
    return sorted(samples, key=lambda sample: (order[sample.visit], sample.subject, sample.ulcer))


def demo_protocol() -> Protocol:
    """The demo's protocol."""
    return read_protocol(PROTOCOL_FILE.read_text(encoding="utf-8"))


def prepare(services: Services) -> dict[str, Identity]:
    """Install the study and its accounts, unless they are there; the nurse of each site by its code."""
    protocol = demo_protocol()
    study_id = services.studies.install(protocol)
    _, sites = services.studies.site_ids(protocol.code)
    present = {name for name, _ in services.register.everyone()}
    for number, site in enumerate(protocol.sites, 1):
        name = _nurse(site.name)
        if name not in present:
            # the switch between roles stands on readers' pages too, where no site is named
            labels = (f"Infirmerie {number}", f"Nurse {number}")
            services.register.add(name, "site_staff", labels=labels, reach=((study_id, sites[site.code]),))
    for name, role, fr, en in WHOLE_STUDY:
        if name not in present:
            services.register.add(name, role, labels=(fr, en), reach=((study_id, None),))
    return {site.code: services.register.known(_nurse(site.name)) for site in protocol.sites}


def _nurse(site_name: str) -> str:
    return f"nurse-{site_name.lower()}"


class Sender:
    """Sends the rendered photographs in, each by its site's nurse, through the same door as the HTTP PUT.

    Parameters
    ----------
    services : Services
        Opened.
    samples : list of Sample
        What to send.
    today : date
        The last planned visit falls on this day.
    """

    def __init__(self, services: Services, samples: list[Sample], today: date) -> None:
        self._services, self._samples = services, samples
        self._nurses = prepare(services)
        self._protocol = demo_protocol()
        self._study_id = services.studies.install(self._protocol)
        self._baseline_on = today - timedelta(days=self._protocol.visits[-1].day)
        self._subjects: dict[str, str] = {}
        self._ulcers = self._present_ulcers()

    @property
    def study_id(self) -> str:
        """Of the demo."""
        return self._study_id

    def send(self, sample: Sample) -> str:
        """Send one photograph; sending it again changes nothing. The capture's identifier."""
        content = sample.path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        visit = self._protocol.visit(sample.visit)
        if visit is None:
            raise ValueError(f"the manifest names a visit {sample.visit!r} that the protocol does not have")
        upload = Upload(
            # Made of the content, so that a demo that was interrupted goes on where it was.
            id=hashlib.sha256(f"demo {digest}".encode()).hexdigest()[:32],
            ulcer_id=self._ulcer(sample),
            visit_code=sample.visit,
            content=content,
            media_type=mimetypes.guess_type(sample.path.name)[0] or "",
            sha256=digest,
            taken_at=datetime.combine(self._baseline_on + timedelta(days=visit.day), HOUR_OF_VISITS),
            awaited=False,  # whoever tries a photograph of their own is served first
        )
        receipt, _ = self._services.captures.receive(self._nurses[sample.site], upload)
        return receipt.id

    def _present_ulcers(self) -> dict[tuple[str, str], str]:
        return {
            (ulcer.subject_code, ulcer.code): ulcer.id
            for nurse in self._nurses.values()
            for ulcer in self._services.subjects.ulcers(nurse, self._study_id)
        }

    def _ulcer(self, sample: Sample) -> str:
        key = (sample.subject, sample.ulcer)
        if key not in self._ulcers:
            new = NewUlcer(code=sample.ulcer, eligibility=_eligible(), **_words(sample.place))
            subject_id = self._subject(sample)
            self._ulcers[key] = self._services.subjects.draw_ulcer(
                self._nurses[sample.site], subject_id, new
            ).id
        return self._ulcers[key]

    def _subject(self, sample: Sample) -> str:
        if sample.subject not in self._subjects:
            self._subjects[sample.subject] = self._enrolled(sample)
        return self._subjects[sample.subject]

    def _enrolled(self, sample: Sample) -> str:
        nurse = self._nurses[sample.site]
        new = NewSubject(site_code=sample.site, subject_code=sample.subject, baseline_on=self._baseline_on)
        try:
            return self._services.subjects.enrol(nurse, self._study_id, new).id
        except CodedError as error:
            if error.code != "code_taken":
                raise
            return self._services.subjects.subject_id(nurse, self._study_id, sample.subject)


def _eligible() -> Eligibility:
    """Answers of a rendered ulcer, which has no history."""
    return Eligibility(
        ischaemic=True,
        distal_to_pip=True,
        over_calcification=False,
        over_bone_relief=False,
        infected=False,
        weeks_of_standard_care=10.0,
    )


def _words(place: dict[str, str]) -> dict[str, Any]:
    return {name: place[name] for name in PLACES}
