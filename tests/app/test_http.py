"""What holds for every route: documented refusals, examples, headers, pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.house import House


def _operations(house: House) -> dict[str, dict[str, Any]]:
    paths = house.client.get("/v1/openapi.json").json()["paths"]
    return {f"{method} {path}": told for path, methods in paths.items() for method, told in methods.items()}


def test_openapi_describes_every_route(house: House) -> None:
    operations = _operations(house)
    assert {name for name in operations if name.startswith("put")} == {"put /v1/captures/{capture_id}"}
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


@pytest.mark.parametrize("path", ["/v1/nowhere", "/v1/captures/x/y/z", "/v1/../v1/x"])
def test_unknown_address_of_the_api(house: House, path: str) -> None:
    answer = house.get(None, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_wrong_method(house: House) -> None:
    answer = house.request(None, "PATCH", "/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path", ["/..%2f..%2fpyproject.toml", "/../../main.py", "/assets/../../../main.py", "//etc/passwd"]
)
def test_pages_lead_nowhere_else(house: House, path: str) -> None:
    answer = house.get(None, path)
    assert b"create_app" not in answer.content
    assert b"[project]" not in answer.content
    assert b"root:" not in answer.content


def test_headers_on_every_answer(house: House) -> None:
    for path in ("/v1/me", "/v1/nowhere", "/healthz", "/"):
        headers = house.get(None, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert ("no-store" in headers.get("cache-control", "")) == path.startswith("/v1"), path
