"""What sites do beside the photographs, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.app.house import House, photo
from tests.app.test_cards import confirm, send
from tests.app.test_visits import counting, note


def test_notes_prints_and_shots_are_stored_and_read_on_both_engines(house: House) -> None:
    centre, name = house.centres[0], "a" * 32
    first = note(house, name, pain=4, dressing_removed=True)
    assert (first.status_code, note(house, name, pain=4, dressing_removed=True).status_code) == (201, 200)
    last = note(house, pain=2, complication="none")
    assert counting(house, centre.nurse).json() == [last.json()]
    printed = confirm(house, check_bar_mm=100.2)
    path = f"/v1/studies/{centre.study_id}"
    assert house.get("manager-one", f"{path}/card-prints").json() == [printed.json()]
    content = photo(9)
    shot = send(house, content, shot_id=name, headers={"Content-Type": "image/png"})
    assert (shot.status_code, shot.json()["state"]) == (201, "refused")
    assert send(house, content, shot_id=name, headers={"Content-Type": "image/png"}).status_code == 200
    assert house.get(centre.nurse, f"{path}/phantom-shots").json() == [shot.json()]
    lille, lyon = house.get("manager-one", f"{path}/phantom-drift").json()
    assert {lille["refused"], lyon["refused"]} == {0, 1}
    assert house.services.trail.verify().ok
