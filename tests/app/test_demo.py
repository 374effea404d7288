"""The demo's study enters through the same door as any photograph, and goes on where it was interrupted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.demo import SAMPLES, Sender, demo_protocol, read_samples
from app.demo_sites import SiteWork
from app.platform.tables import captures, card_prints, phantom_shots, subjects, ulcers, visit_notes
from tests.app.house import open_house

TODAY = date(2026, 5, 1)


def test_manifest_fits_the_protocol() -> None:
    samples, protocol = read_samples(), demo_protocol()
    assert {sample.site for sample in samples} == {site.code for site in protocol.sites}
    assert {sample.visit for sample in samples} == {visit.code for visit in protocol.visits}
    assert all(sample.path.is_file() for sample in samples)
    assert len({(sample.subject, sample.ulcer) for sample in samples}) == 8
    assert len({sample.subject for sample in samples}) == 6
    assert [sample.visit for sample in samples[:8]] == ["w0"] * 8, "baselines first"


def test_the_sites_work_is_entered_once(tmp_path: Path) -> None:
    house = open_house(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}", demo=True, measure_in_server=False)
    samples = [sample for sample in read_samples(SAMPLES) if sample.subject in {"LYO-001", "LIL-001"}][:4]
    with house.client:
        sender = Sender(house.services, samples, TODAY)
        for sample in samples:
            sender.send(sample)
        for _ in range(2):
            SiteWork(house.services, TODAY).enter(sender.study_id)
            assert (house.count(visit_notes), house.count(card_prints), house.count(phantom_shots)) == (
                6, 3, 24,
            )  # fmt: skip
        house.client.post("/v1/demo/session", json={"username": "data-manager"})
        charts = house.client.get(f"/v1/studies/{sender.study_id}/phantom-drift").json()
    lille, lyon = charts
    assert (lille["site_code"], lyon["site_code"]) == ("LIL", "LYO")
    assert [point["signals"] for point in lyon["points"]] == [[]] * 12
    assert [point["signals"] for point in lille["points"]] == [[]] * 8 + [["beyond_limits", "far_off"]] * 3
    assert (lyon["refused"], lille["refused"]) == (0, 1)
    assert lyon["lower_percent"] < lyon["centre_percent"] < lyon["upper_percent"]
    assert lyon["next_due_on"] == "2026-05-01"


@pytest.mark.parametrize("interrupted", [False, True])
def test_sending_twice_changes_nothing(tmp_path: Path, interrupted: bool) -> None:
    house = open_house(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}", demo=True, measure_in_server=False)
    samples = [sample for sample in read_samples(SAMPLES) if sample.subject in {"LYO-001", "LIL-002"}][:4]
    with house.client:
        first = Sender(house.services, samples, TODAY)
        sent = [first.send(sample) for sample in (samples[:2] if interrupted else samples)]
        again = Sender(house.services, samples, TODAY)
        resent = [again.send(sample) for sample in samples]
        assert resent[: len(sent)] == sent
        assert house.count(captures) == len(samples)
        assert house.count(subjects) == len({sample.subject for sample in samples})
        assert house.count(ulcers) == len({(sample.subject, sample.ulcer) for sample in samples})
        house.client.post("/v1/demo/session", json={"username": "data-manager"})
        rows = house.client.get("/v1/series").json()["items"]
        assert {row["day"] for row in rows} == {0}
