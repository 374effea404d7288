"""What holds for every route: documented refusals, examples, headers, pages."""

from __future__ import annotations

from typing import Any

from tests.app.house import House


def _operations(house: House) -> dict[str, dict[str, Any]]:
    paths = house.client.get("/v1/openapi.json").json()["paths"]
    return {f"{method} {path}": told for path, methods in paths.items() for method, told in methods.items()}


def test_openapi_describes_every_route(house: House) -> None:
    operations = _operations(house)
    drafts = "put /v1/reading/cases/{reading_code}/draft"
    assert {name for name in operations if name.startswith("put")} == {
        "put /v1/captures/{capture_id}",
        "put /v1/tablet/pin",
        "put /v1/visit-notes/{note_id}",
        "put /v1/phantom-shots/{shot_id}",
        drafts,
    }
    assert "409" in operations[drafts]["responses"]
    for name, told in operations.items():
        assert told.get("description"), name
        if " /v1" in name:
            assert {"401", "403", "404", "422"} <= set(told["responses"]), name
            for status in ("401", "403", "404", "422"):
                content = told["responses"][status]["content"]["application/json"]
                assert content["schema"]["$ref"].endswith("/Refusal"), (name, status)
    put = operations["put /v1/captures/{capture_id}"]
    assert {"200", "201", "400", "409", "413", "415"} <= set(put["responses"])
    assert set(put["requestBody"]["content"]) == {"image/jpeg", "image/png"}


def test_openapi_has_examples(house: House) -> None:
    schemas = house.client.get("/v1/openapi.json").json()["components"]["schemas"]
    for name in (
        "Credentials",
        "Me",
        "NewSubject",
        "Receipt",
        "SeriesItem",
        "AssessmentOut",
        "AuditEventOut",
        "Refusal",
    ):
        assert any("examples" in told for told in schemas[name]["properties"].values()), name


def test_unknown_addresses_and_methods(house: House) -> None:
    for path in ("/v1/nowhere", "/v1/captures/x/y/z", "/v1/../v1/x"):
        answer = house.get(None, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    answer = house.request(None, "PATCH", "/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_pages_lead_nowhere_else(house: House) -> None:
    for path in ("/..%2f..%2fmain.py", "/../../main.py", "/assets/../../../main.py", "//etc/passwd"):
        content = house.get(None, path).content
        assert b"create_app" not in content, path
        assert b"root:" not in content, path


def test_headers_on_every_answer(house: House) -> None:
    for path in ("/v1/me", "/v1/nowhere", "/healthz", "/"):
        headers = house.get(None, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert ("no-store" in headers.get("cache-control", "")) == path.startswith("/v1"), path
