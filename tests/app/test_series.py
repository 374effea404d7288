"""Series as JSON and CSV, increments, and endpoints."""

from __future__ import annotations

import csv
import io

from tests.app.house import House, photo


def test_series_row(house: House) -> None:
    centre = house.centres[0]
    house.measured(centre.nurse, photo(16), ulcer_id=centre.ulcer_id, taken_at="2026-01-05T10:00:00Z")
    house.measured(
        centre.nurse, photo(4), ulcer_id=centre.ulcer_id, visit="w4", taken_at="2026-02-03T10:00:00Z"
    )
    house.measured(centre.nurse, photo(4, salt=1), ulcer_id=centre.ulcer_id, visit="w8")
    items = house.get(centre.nurse, "/v1/series", study_id=centre.study_id).json()["items"]
    assert [(item["visit_code"], item["day"]) for item in items] == [("w0", 0), ("w4", 29), ("w8", 56)]
    assert items[1]["percent_area_reduction"] == 75
    assert (items[1]["verdict"], items[1]["epithelialisation_method"]) == ("smaller", "footprint")
    assert (items[1]["model"], items[1]["version"]) == ("stand-in", "1")


def test_increments(house: House) -> None:
    first, second = house.centres[0], house.centres[1]
    user = "pipeline-one:series:read"
    late = house.measured(first.nurse, photo(4), ulcer_id=first.ulcer_id, visit="w4")
    page = house.get(user, "/v1/series").json()
    assert [item["capture_id"] for item in page["items"]] == [late["id"]]
    quiet = house.get(user, "/v1/series", cursor=page["next_cursor"]).json()
    assert quiet == {"items": [], "next_cursor": page["next_cursor"]}
    other = house.measured(second.nurse, photo(9), ulcer_id=second.ulcer_id)
    base = house.measured(first.nurse, photo(16), ulcer_id=first.ulcer_id)
    page = house.get(user, "/v1/series", cursor=page["next_cursor"]).json()
    # The late baseline changed the earlier row too: it comes again.
    assert {item["capture_id"] for item in page["items"]} == {late["id"], other["id"], base["id"]}
    for cursor in ("x", "c2VyaWVzHw", "YXVkaXQfMQ", "c2VyaWVzH2Fh"):
        answer = house.get(user, "/v1/series", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor"), cursor


def test_csv_holds_the_same_rows(house: House) -> None:
    centre = house.centres[0]
    house.measured(centre.nurse, photo(16), ulcer_id=centre.ulcer_id)
    house.measured(centre.nurse, photo(1, card=False), ulcer_id=centre.ulcer_id, visit="w2")
    page = house.get("manager-one", "/v1/series", study_id=centre.study_id).json()
    answer = house.get("manager-one", "/v1/series", study_id=centre.study_id, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["x-next-cursor"] == page["next_cursor"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    expected = [
        {key: "" if value is None else str(value) for key, value in item.items()} for item in page["items"]
    ]
    assert rows == expected


def test_endpoints_side_by_side(house: House) -> None:
    centre = house.centres[0]
    for visit, area in (("w0", 16), ("w2", 9), ("w4", 6), ("w8", 0), ("w12", 0), ("w16", 0)):
        house.measured(centre.nurse, photo(area, salt=ord(visit[1])), ulcer_id=centre.ulcer_id, visit=visit)
    rows = house.get("manager-one", "/v1/endpoints", study_id=centre.study_id).json()
    found = {row["rule"]: (row["reached"], row["after_day"], row["by_day"]) for row in rows}
    assert found == {
        "closed_w16": (True, 28, 56),
        "confirmed_fda_2006": (True, 28, 56),
        "maintained_rapids_2": (False, 112, None),
        "halved": (True, 14, 28),
    }
