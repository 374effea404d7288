"""Cards printed at sites, and phantom shots: measured at once, refused in words, charted for each site."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from app.cards.measuring import measure_shot
from app.platform.tables import card_prints, phantom_shots
from app.studies.schemas import GatePlan
from tests.app.house import Centre, House, open_house, photo

SHOTS = Path(str(resources.files("sample_images"))) / "shots"
MANIFEST: list[dict[str, Any]] = json.loads((SHOTS / "shots.json").read_text(encoding="utf-8"))
TRUE_PRINT_PERCENT = 0.3
"""A shot of slip and card from one sheet is this near to the truth (benchmarks/reference_disc.py)."""


def shot_of(site: str, week: int) -> bytes:
    """The sample shot of a site, taken so many weeks ago."""
    (entry,) = [item for item in MANIFEST if (item["site"], item["weeks_ago"]) == (site, week)]
    return (SHOTS / entry["file"]).read_bytes()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("cards")
    house = open_house(folder, f"sqlite:///{folder / 'planimeter.db'}", measure_in_server=False)
    with house.client:
        house.furnish()
        yield house


def send(
    house: House, content: bytes, *, centre: Centre | None = None, shot_id: str | None = None, **more: Any
) -> httpx.Response:
    of = centre or house.centres[0]
    headers = {"Content-Type": "image/jpeg", "X-Content-SHA256": hashlib.sha256(content).hexdigest()}
    asked = {"study_id": of.study_id, "site_code": of.site_code, "taken_at": "2026-01-05T10:00:00+01:00"}
    return house.request(
        of.nurse,
        "PUT",
        f"/v1/phantom-shots/{shot_id or secrets.token_hex(16)}",
        content=content,
        headers=headers | more.pop("headers", {}),
        params=asked | more,
    )


def confirm(house: House, **said: Any) -> httpx.Response:
    of = house.centres[0]
    body = {"site_code": of.site_code, "printer": "Ward 3", "check_bar_mm": 100.0} | said
    return house.request(of.nurse, "POST", f"/v1/studies/{of.study_id}/card-prints", json=body)


@pytest.mark.parametrize(("page", "pages"), [("a4", 1), ("letter", 1), ("both", 2)])
def test_the_sheet_has_the_card_its_bar_and_the_slip(house: House, page: str, pages: int) -> None:
    of = house.centres[0]
    for user in (of.nurse, "manager-one"):
        answer = house.get(user, f"/v1/studies/{of.study_id}/card.pdf", page=page)
        assert answer.headers["content-type"] == "application/pdf"
        read = PdfReader(io.BytesIO(answer.content)).pages
        assert len(read) == pages
        for one in read:
            text = one.extract_text()
            assert "Measure this bar" in text
            assert "Reference slip" in text


@pytest.mark.parametrize("length_mm", [99.5, 100.0, 100.5])
def test_a_print_whose_bar_is_true_is_confirmed(house: House, length_mm: float) -> None:
    before = house.count(card_prints)
    answer = confirm(house, check_bar_mm=length_mm)
    assert answer.status_code == 201, answer.text
    of = house.centres[0]
    newest = house.get("manager-one", f"/v1/studies/{of.study_id}/card-prints").json()[0]
    assert newest == answer.json()
    assert (newest["printer"], newest["check_bar_mm"]) == ("Ward 3", length_mm)
    assert house.count(card_prints) == before + 1
    assert [event["action"] for event in house.audit(subject_id=newest["id"])] == ["card_print.confirmed"]


@pytest.mark.parametrize("length_mm", [97.0, 99.4, 100.6])
def test_a_print_whose_bar_is_off_is_turned_away_and_told_of(house: House, length_mm: float) -> None:
    prints, refused = house.count(card_prints), len(house.audit(action="card_print.turned_away"))
    answer = confirm(house, check_bar_mm=length_mm)
    assert (answer.status_code, answer.json()["code"]) == (422, "check_bar_off")
    assert "100 %" in answer.json()["message_en"]
    assert answer.json()["details"] == {"check_bar_mm": 100.0, "tolerance_mm": 0.5}
    assert house.count(card_prints) == prints
    assert len(house.audit(action="card_print.turned_away")) == refused + 1


def test_a_print_lot_must_be_one_of_the_studys(house: House) -> None:
    answer = confirm(house, print_lot="2026-03")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_print_lot")


def test_a_site_sees_its_own_prints_and_shots_alone(house: House) -> None:
    of, other = house.centres[:2]
    send(house, shot_of("LYO", 9))
    confirm(house)
    for kind in ("card-prints", "phantom-shots"):
        path = f"/v1/studies/{of.study_id}/{kind}"
        assert {row["site_code"] for row in house.get(of.nurse, path).json()} == {of.site_code}
        assert house.get(other.nurse, path).json() == []
        assert house.get("manager-one", path).json() == house.get(of.nurse, path).json()


def test_a_shot_is_measured_in_its_answer(house: House) -> None:
    answer = send(house, shot_of("LYO", 9))
    assert answer.status_code == 201, answer.text
    shot = answer.json()
    assert (shot["state"], shot["true_area_mm2"]) == ("measured", 50.0)
    assert abs(shot["deviation_percent"]) < TRUE_PRINT_PERCENT
    assert shot["area_mm2"] == pytest.approx(50 * (1 + shot["deviation_percent"] / 100))
    assert {item["code"] for item in shot["quality"]} == {
        "too_few_markers", "tilt_deg", "card_bend_mm", "blur_mm", "scale_px_per_mm", "reference_slip",
    }  # fmt: skip
    assert [event["action"] for event in house.audit(subject_id=shot["id"])] == ["phantom_shot.measured"]


def test_a_card_of_another_size_than_its_slip_shows(house: House) -> None:
    """Printed anew at 98 %: a millimetre of the card is 0.98 mm, and the slip looks 4 % too large."""
    shot = send(house, shot_of("LIL", 1)).json()
    assert shot["deviation_percent"] == pytest.approx(100 * (0.98**-2 - 1), abs=TRUE_PRINT_PERCENT)


def test_a_shot_that_the_gate_refuses_is_kept_and_says_why(house: House) -> None:
    before = house.count(phantom_shots)
    answer = send(house, shot_of("LIL", 8))
    assert answer.status_code == 201
    shot = answer.json()
    assert (shot["state"], shot["area_mm2"], shot["deviation_percent"]) == ("refused", None, None)
    (unmet,) = [item for item in shot["quality"] if not item["passed"]]
    assert unmet["code"] == "tilt_deg"
    assert unmet["en"].startswith("The camera is tilted too far")
    assert house.count(phantom_shots) == before + 1
    (event,) = house.audit(subject_id=shot["id"])
    assert (event["action"], event["reason"]) == ("phantom_shot.refused", "tilt_deg")
    kept = house.services.phantom_shots._blobs.get(hashlib.sha256(shot_of("LIL", 8)).hexdigest())
    assert kept == shot_of("LIL", 8)


def test_a_photo_without_the_slip_is_told_from_one_without_a_card() -> None:
    samples = SHOTS.parent
    first = json.loads((samples / "manifest.json").read_text(encoding="utf-8"))["photos"][0]
    finger = measure_shot((samples / first["file"]).read_bytes(), GatePlan())
    assert [item.code for item in finger.quality if not item.passed] == ["reference_slip"]
    assert [item.code for item in measure_shot(photo(9), GatePlan()).quality] == ["no_card"]


def test_the_same_shot_again_changes_nothing_and_another_under_its_name_is_refused(house: House) -> None:
    name, content = secrets.token_hex(16), shot_of("LYO", 8)
    first = send(house, content, shot_id=name)
    before = (house.count(phantom_shots), len(house.audit()))
    again = send(house, content, shot_id=name)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    for other in (
        send(house, shot_of("LYO", 7), shot_id=name),
        send(house, content, shot_id=name, centre=house.centres[1]),
    ):
        assert (other.status_code, other.json()["code"]) == (409, "shot_id_taken")
    assert (house.count(phantom_shots), len(house.audit())) == before


def test_what_is_no_photo_is_refused_and_not_kept(house: House) -> None:
    before = house.count(phantom_shots)
    for content, headers, code in (
        (b"x", {}, "not_an_image"),
        (b"", {}, "empty_file"),
        (shot_of("LYO", 8), {"X-Content-SHA256": "0" * 64}, "sha256_mismatch"),
        (shot_of("LYO", 8), {"Content-Type": "image/png"}, "media_type_mismatch"),
    ):
        assert send(house, content, headers=headers).json()["code"] == code
    assert house.count(phantom_shots) == before


def test_a_photo_larger_than_other_bodies_is_let_in(house: House) -> None:
    most = int(house.services.settings.max_body_kb * 1000)
    answer = send(house, shot_of("LYO", 8).ljust(most + 1, b"\0"))
    assert (answer.status_code, answer.json()["state"]) == (201, "measured")
