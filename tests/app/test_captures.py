"""Photographs in: idempotent, refused in words, measured once, followed against the baseline."""

from __future__ import annotations

import hashlib
import io
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from app.captures.service import Upload
from app.platform.tables import captures, measurements
from calibration.photo import Optics
from tests.app.house import CHANGE, ELIGIBLE, PLACE, House, open_house, photo


def test_receipt_then_measurement(house: House) -> None:
    centre = house.centres[0]
    content = photo(12)
    answer = house.put(centre.nurse, content, ulcer_id=centre.ulcer_id)
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["state"] == "received"
    assert receipt["size_bytes"] == len(content)
    assert answer.headers["x-rest-ms"] == "0"
    house.settle()
    capture = house.get(centre.nurse, f"/v1/captures/{receipt['id']}").json()
    assert capture["state"] == "measured"
    assert capture["accepted"]
    found = capture["measurement"]
    assert (found["area_mm2"], found["pose"], found["dominant_component"]) == (12, "flat", "border")
    assert found["surface"] == "revolution"
    assert found["expanded_u_area_mm2"] == pytest.approx(0.2)
    assert found["minimal_detectable_change_mm2"] == pytest.approx(1.96 * 2**0.5 * 0.1)
    assert capture["quality"][0]["code"] == "tilt_deg"
    for picture in ("overlay", "reading-image"):
        shown = house.get(centre.nurse, f"/v1/captures/{receipt['id']}/{picture}")
        assert shown.headers["content-type"] == "image/png"
        assert shown.headers["cache-control"] == "private, no-store"
        assert not {"etag", "last-modified", "content-disposition"} & set(shown.headers)
    actions = [event["action"] for event in house.audit(subject_id=receipt["id"])]
    assert actions == ["capture.received", "capture.measuring", "capture.measured", "healing.computed"]


def test_where_two_send_the_receipt_asks_for_a_rest(house: House) -> None:
    house.services.captures.pace.clock_s = lambda: 0.0  # however long the machine takes over the first
    first, second = house.centres[:2]
    house.put(first.nurse, photo(12), ulcer_id=first.ulcer_id)
    answer = house.put(second.nurse, photo(13), ulcer_id=second.ulcer_id)
    assert int(answer.headers["x-rest-ms"]) > 0


def test_same_bytes_same_receipt_other_bytes_refused(house: House) -> None:
    centre = house.centres[0]
    capture_id = secrets.token_hex(16)
    first = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, capture_id=capture_id)
    house.settle()
    again = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, capture_id=capture_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"state": "measured"}
    other = house.put(centre.nurse, photo(10), ulcer_id=centre.ulcer_id, capture_id=capture_id)
    assert (other.status_code, other.json()["code"]) == (409, "capture_id_taken")
    visit = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, visit="w2", capture_id=capture_id)
    assert visit.status_code == 409
    assert house.count(captures) == 1
    assert house.count(measurements) == 1
    assert len(house.audit(action="capture.received")) == 1
    assert [event["reason"] for event in house.audit(action="capture.turned_away")] == [
        "capture_id_taken"
    ] * 2


def test_optics_told_beside_a_photo_reach_its_measurement_and_are_part_of_what_was_sent(house: House) -> None:
    centre, capture_id = house.centres[0], secrets.token_hex(16)
    optics = {"focal_35mm_mm": 26.0, "digital_zoom_ratio": 1.5, "orientation": 6}
    sent = {"ulcer_id": centre.ulcer_id, "capture_id": capture_id}
    assert house.put(centre.nurse, photo(9), **sent, **optics).status_code == 201
    house.settle()
    assert house.measurer.told == [Optics(26.0, 1.5, 6)]
    assert house.put(centre.nurse, photo(9), **sent, **optics).status_code == 200
    for other in ({}, optics | {"orientation": 1}, optics | {"focal_35mm_mm": 27}):
        answer = house.put(centre.nurse, photo(9), **sent, **other)
        assert (answer.status_code, answer.json()["code"]) == (409, "capture_id_taken")
    for wrong in ({"orientation": 9}, {"focal_35mm_mm": 0}, {"digital_zoom_ratio": "inf"}):
        assert house.put(centre.nurse, photo(8), ulcer_id=centre.ulcer_id, **wrong).status_code == 422
    (event,) = house.audit(action="capture.received")
    assert '"orientation":6' in event["after"]


def test_a_photo_is_measured_with_the_print_lot_that_it_names_else_with_its_sites(house: House) -> None:
    lyon = next(centre for centre in house.centres if centre.site_code == "LYO")
    house.with_print_lots("ONE", site_code="LYO", in_force="2026-03")
    default = house.measured(lyon.nurse, photo(5), ulcer_id=lyon.ulcer_id)
    named = house.measured(lyon.nurse, photo(6), ulcer_id=lyon.ulcer_id, print_lot="2026-09")
    assert (default["print_lot"], named["print_lot"]) == ("2026-03", "2026-09")
    lots = house.measurer.lots
    assert [lot.name for lot in lots] == ["2026-03", "2026-09"]
    assert lots[0].srgb["white"] == (240.5, 239.0, 236.25)
    received = house.audit(action="capture.received")
    assert ['"print_lot":"2026-0' in event["after"] for event in received] == [True, True]


def test_without_print_lots_the_nominal_colours_hold(house: House) -> None:
    centre = house.centres[0]
    assert house.measured(centre.nurse, photo(5), ulcer_id=centre.ulcer_id)["print_lot"] is None
    assert house.measurer.lots == [None]


def test_a_print_lot_that_is_not_in_the_protocol_is_refused_in_words(house: House) -> None:
    centre = next(centre for centre in house.centres if centre.site_code == "LYO")
    house.with_print_lots("ONE", site_code="LYO", in_force="2026-03")
    answer = house.put(centre.nurse, photo(5), ulcer_id=centre.ulcer_id, print_lot="2025-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_print_lot")
    assert answer.json()["details"] == {"print_lots": ["2026-03", "2026-09"]}
    assert house.count(captures) == 0
    assert [event["reason"] for event in house.audit(action="capture.turned_away")] == ["unknown_print_lot"]


def test_the_same_photo_under_another_print_lot_is_another_photo(house: House) -> None:
    centre = next(centre for centre in house.centres if centre.site_code == "LYO")
    house.with_print_lots("ONE", site_code="LYO", in_force="2026-03")
    sent = {"ulcer_id": centre.ulcer_id, "capture_id": secrets.token_hex(16)}
    answers = [
        house.put(centre.nurse, photo(5), **sent, **stated)
        for stated in ({}, {"print_lot": "2026-03"}, {"print_lot": "2026-09"})
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 409]


def test_photo_without_card_is_kept_and_refused_in_words(house: House) -> None:
    centre = house.centres[0]
    capture = house.measured(centre.nurse, photo(5, card=False), ulcer_id=centre.ulcer_id)
    assert (capture["state"], capture["accepted"], capture["measurement"]) == ("refused", False, None)
    assert [item["code"] for item in capture["quality"] if not item["passed"]] == ["no_card"]
    retake = house.measured(centre.nurse, photo(5), ulcer_id=centre.ulcer_id)
    assert retake["accepted"]


def test_first_measured_photo_of_a_visit_counts(house: House) -> None:
    centre = house.centres[0]
    first = house.measured(centre.nurse, photo(5), ulcer_id=centre.ulcer_id)
    second = house.measured(centre.nurse, photo(6), ulcer_id=centre.ulcer_id)
    assert (first["accepted"], second["accepted"]) == (True, False)
    ulcer = house.get(centre.nurse, f"/v1/studies/{centre.study_id}/ulcers").json()[0]
    assert ulcer["timepoints"][0] == {
        "visit_code": "w0",
        "due_on": "2026-01-05",
        "window_from": "2026-01-02",
        "window_to": "2026-01-05",
        "capture_id": first["id"],
        "state": "measured",
    }


def test_healing_against_a_baseline_that_arrives_late(house: House) -> None:
    centre = house.centres[0]
    later = house.measured(centre.nurse, photo(4), ulcer_id=centre.ulcer_id, visit="w4")
    closed = house.measured(centre.nurse, photo(0), ulcer_id=centre.ulcer_id, visit="w8")
    assert later["measurement"]["epithelialisation_percent"] is None
    baseline = house.measured(centre.nurse, photo(16), ulcer_id=centre.ulcer_id, visit="w0")
    assert baseline["measurement"]["verdict"] is None
    assert baseline["measurement"]["epithelialisation_percent"] == 0
    later = house.get(centre.nurse, f"/v1/captures/{later['id']}").json()["measurement"]
    assert later["verdict"] == "smaller"
    assert later["epithelialisation_percent"] == pytest.approx(75, abs=2)
    closed = house.get(centre.nurse, f"/v1/captures/{closed['id']}").json()["measurement"]
    assert (closed["epithelialisation_percent"], closed["verdict"]) == (100, "smaller")
    assert len(house.audit(action="healing.computed")) == 3


def test_healing_rate_and_picture_against_the_baseline(house: House) -> None:
    centre = house.centres[0]
    send = {"ulcer_id": centre.ulcer_id}
    first = house.measured(centre.nurse, photo(16), **send, taken_at="2026-01-05T10:00:00Z")
    later = house.measured(centre.nurse, photo(4), **send, visit="w4", taken_at="2026-02-04T10:00:00Z")
    measured = later["measurement"]
    # Squares of 16 and 4 mm²: their mean perimeter is 12 mm.
    assert measured["linear_healing_rate_mm_per_day"] == pytest.approx((16 - 4) / 12 / 30)
    assert measured["new_ulceration_mm2"] == pytest.approx(0, abs=0.05)
    assert (measured["parts"], measured["split"], measured["merged"]) == (1, False, False)
    assert measured["has_comparison"]
    assert first["measurement"]["linear_healing_rate_mm_per_day"] is None
    assert not first["measurement"]["has_comparison"]
    assert house.get(centre.nurse, f"/v1/captures/{first['id']}/comparison").status_code == 404
    picture = house.get(centre.nurse, f"/v1/captures/{later['id']}/comparison")
    overlay = house.get(centre.nurse, f"/v1/captures/{later['id']}/overlay")
    with Image.open(io.BytesIO(picture.content)) as shown, Image.open(io.BytesIO(overlay.content)) as plain:
        assert shown.size == plain.size
        assert shown.tobytes() != plain.tobytes()


def test_two_ulcers_of_one_digit_are_kept_apart(house: House) -> None:
    centre = house.centres[0]
    drawn = house.request(
        centre.nurse,
        "POST",
        f"/v1/subjects/{centre.subject_id}/ulcers",
        json=PLACE | {"side": "ulnar", "eligibility": ELIGIBLE},
    )
    other_id = drawn.json()["id"]
    # Each photograph shows both ulcers.
    first = house.measured(centre.nurse, photo(25, beside_mm2=9), ulcer_id=centre.ulcer_id)
    assert first["measurement"]["area_mm2"] == pytest.approx(25, abs=0.5)
    assert first["measurement"]["elsewhere_mm2"] == pytest.approx(9, abs=0.5)
    second = house.measured(centre.nurse, photo(25, beside_mm2=9, salt=1), ulcer_id=other_id)
    assert second["measurement"]["area_mm2"] == pytest.approx(9, abs=0.5)
    healed = house.measured(
        centre.nurse, photo(0, beside_mm2=9, salt=2), ulcer_id=centre.ulcer_id, visit="w4"
    )
    measured = healed["measurement"]
    assert (measured["area_mm2"], measured["epithelialisation_percent"]) == (0, 100)
    # The neighbour is known by now: it is no new ulceration.
    assert measured["new_ulceration_mm2"] == pytest.approx(0, abs=0.05)
    assert measured["elsewhere_mm2"] == pytest.approx(9, abs=0.5)
    items = house.get("manager-one", "/v1/series", study_id=centre.study_id).json()["items"]
    areas = {(item["ulcer_id"], item["visit_code"]): item["area_mm2"] for item in items}
    assert areas[centre.ulcer_id, "w4"] == 0
    assert areas[other_id, "w0"] == pytest.approx(9, abs=0.5)


@pytest.mark.parametrize(
    ("visit", "status", "code"), [("w3", 422, "unknown_visit"), ("w0", 201, None)], ids=["unknown", "known"]
)
def test_visit_must_be_in_the_protocol(house: House, visit: str, status: int, code: str | None) -> None:
    centre = house.centres[0]
    answer = house.put(centre.nurse, photo(5), ulcer_id=centre.ulcer_id, visit=visit)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_identifier_must_be_random_digits(house: House) -> None:
    answer = house.put(
        house.centres[0].nurse, photo(5), ulcer_id=house.centres[0].ulcer_id, capture_id="IMG_0001"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_pipeline_failure_is_told_and_repaired_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = house.centres[0]
    measure = house.measurer.measure
    monkeypatch.setattr(house.measurer, "measure", lambda *_: 1 / 0)
    failed = house.measured(centre.nurse, photo(7), ulcer_id=centre.ulcer_id)
    assert failed["state"] == "failed"
    assert house.audit(action="capture.failed")[0]["reason"] == "ZeroDivisionError"
    monkeypatch.setattr(house.measurer, "measure", measure)
    assert house.services.measuring.requeue_unfinished() == 1
    house.settle()
    assert house.get(centre.nurse, f"/v1/captures/{failed['id']}").json()["state"] == "measured"
    assert house.count(measurements) == 1


def test_a_job_run_twice_leaves_one_measurement(house: House) -> None:
    centre = house.centres[0]
    capture = house.measured(centre.nurse, photo(7), ulcer_id=centre.ulcer_id)
    before = len(house.audit())
    house.services.measuring.run(capture["id"])
    assert house.count(measurements) == 1
    assert len(house.audit()) == before


def test_same_photo_by_many_connections_at_once(house: House) -> None:
    centre = house.centres[0]
    capture_id, content = secrets.token_hex(16), photo(11)
    house.session(centre.nurse)

    def send(_number: int) -> int:
        headers = CHANGE | {
            "Cookie": f"planimeter_session={house.session(centre.nurse)}",
            "Content-Type": "image/png",
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
        }
        asked = {"ulcer_id": centre.ulcer_id, "visit_code": "w0"}
        return house.client.put(
            f"/v1/captures/{capture_id}", params=asked, content=content, headers=headers
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))
    house.settle()
    assert statuses == [200] * 7 + [201]
    assert len(house.audit(action="capture.received")) == 1
    assert house.count(measurements) == 1


def test_who_waits_is_served_before_an_import(tmp_path: Path, database_url: str) -> None:
    house = open_house(tmp_path, database_url, measure_in_server=False, measuring_concurrency=1)
    with house.client:
        house.furnish()
        centre = house.centres[0]
        nurse = house.services.register.known(centre.nurse)

        def receive(number: int, *, awaited: bool) -> str:
            content = photo(number)
            upload = Upload(
                id=secrets.token_hex(16), ulcer_id=centre.ulcer_id, visit_code="w0", content=content,
                media_type="image/png", sha256=hashlib.sha256(content).hexdigest(), taken_at=None,
                awaited=awaited,
            )  # fmt: skip
            return house.services.captures.receive(nurse, upload)[0].id

        imported = [receive(number, awaited=False) for number in range(1, 5)]
        awaited = receive(9, awaited=True)
        house.services.measure_here()
        house.settle()
        done = [event["subject_id"] for event in house.audit(action="capture.measured")]
    assert done[0] == awaited
    assert set(done[1:]) == set(imported)
