"""Signing in by an OpenID provider: a real one on loopback, and every way in which it can be false."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.app.house import House, SetClock, open_house
from tests.app.openid_provider import CLIENT, SECRET, Provider, running

PAGES = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Provider]]:
    """A service on SQLite and its provider."""
    folder, clock = tmp_path_factory.mktemp("provider"), SetClock()
    with running(lambda: clock.now().timestamp()) as provider:
        house = open_house(
            folder,
            f"sqlite:///{folder / 'planimeter.db'}",
            clock=clock,
            public_url=f"{PAGES}/",
            provider_issuer=provider.address,
            provider_client_id=CLIENT,
            provider_client_secret=SECRET,
            provider_label="The hospital",
            measure_in_server=False,
        )
        with house.client:
            house.furnish()
            yield house, provider


@pytest.fixture
def honest(both: tuple[House, Provider]) -> tuple[House, Provider]:
    """The provider as it should be."""
    house, provider = both
    provider.person = {"preferred_username": "manager-one"}
    provider.bend = lambda _header, _claims: None
    provider.algorithm, provider.sign_with = "RS256", provider.key
    return house, provider


def get(house: House, path: str, cookie: str = "") -> httpx.Response:
    house.client.cookies.clear()
    headers = {"Cookie": cookie} if cookie else {}
    return house.client.get(path, headers=headers, follow_redirects=False)


def start(house: House) -> tuple[str, str]:
    """The provider's address that the browser is led to, and the cookie it holds."""
    answer = get(house, "/v1/provider/start")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    return answer.headers["location"], cookie.partition(";")[0]


def come_back(house: House, address: str, cookie: str) -> httpx.Response:
    back = httpx.get(address, follow_redirects=False).headers["location"]
    assert back.startswith(f"{PAGES}/v1/provider/callback?")
    parts = urlsplit(back)
    return get(house, f"{parts.path}?{parts.query}", cookie)


def sign_in(house: House) -> httpx.Response:
    return come_back(house, *start(house))


def refused(house: House, answer: httpx.Response) -> str:
    """The reason in the trail of a sign-in that was refused."""
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?refused=provider"
    assert "planimeter_session" not in str(answer.headers)
    return str(house.audit(action="login.refused")[-1]["reason"])


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_an_account_that_exists_is_let_in(honest: tuple[House, Provider], algorithm: str) -> None:
    house, provider = honest
    provider.algorithm = algorithm
    before = len(house.audit())
    answer = sign_in(house)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    session = next(
        value for name, value in answer.headers.multi_items()
        if name == "set-cookie" and value.startswith("planimeter_session=")
    )  # fmt: skip
    assert get(house, "/v1/me", session.partition(";")[0]).json()["username"] == "manager-one"
    (event,) = house.audit()[before:]
    assert (event["action"], event["actor"], event["after"]) == (
        "session.opened",
        "manager-one",
        '{"by":"provider"}',
    )


def test_no_account_is_made(honest: tuple[House, Provider]) -> None:
    house, provider = honest
    provider.person = {"preferred_username": "somebody-new"}
    before = len(house.audit())
    assert refused(house, sign_in(house)) == "no open account"
    assert len(house.audit()) == before + 1
    assert "somebody-new" not in str(house.audit())
    assert "somebody-new" not in str(house.services.register.everyone())


def test_locked_accounts_and_services_stay_out(honest: tuple[House, Provider]) -> None:
    house, provider = honest
    provider.person = {"preferred_username": "pipeline-one"}
    assert refused(house, sign_in(house)) == "no open account"
    provider.person = {"preferred_username": "manager-two"}
    house.services.register.lock("manager-two", "left the study")
    assert refused(house, sign_in(house)) == "no open account"
    house.services.register.unlock("manager-two")
    assert sign_in(house).headers["location"] == "/"


def _claim(**changed: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda _header, claims: claims.update(changed)


BENT: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], None], str]] = {
    "another nonce": (_claim(nonce="x"), "ID token: nonce"),
    "another audience": (_claim(aud="other"), "ID token: audience"),
    "another issuer": (_claim(iss="http://127.0.0.1:1"), "ID token: issuer"),
    "expired": (_claim(exp=1), "ID token: expired"),
    "kept": (_claim(iat=1), "ID token: issued at another time"),
    "no name": (_claim(preferred_username=None), "no claim preferred_username"),
    "unsigned": (lambda header, _: header.update(alg="none"), "provider: ID token: ValueError"),
    "keyed hash": (lambda header, _: header.update(alg="HS256"), "provider: ID token: ValueError"),
    "another key's name": (lambda header, _: header.update(kid="x"), "provider: ID token: KeyError"),
}


@pytest.mark.parametrize("name", BENT)
def test_a_token_that_is_not_right_is_refused_and_recorded(honest: tuple[House, Provider], name: str) -> None:
    house, provider = honest
    provider.bend, reason = BENT[name]
    before = len(house.audit())
    assert refused(house, sign_in(house)) == reason
    assert len(house.audit()) == before + 1


def test_another_key_does_not_sign_for_the_provider(honest: tuple[House, Provider]) -> None:
    house, provider = honest
    provider.sign_with = provider.forger
    assert refused(house, sign_in(house)) == "provider: ID token: InvalidSignature"


def test_an_answer_belongs_to_the_browser_that_asked(honest: tuple[House, Provider]) -> None:
    house, _ = honest
    address, cookie = start(house)
    _, others = start(house)
    for held in ("", "planimeter_sign_in=nonsense", others):
        assert refused(house, come_back(house, address, held)) == "state"
    assert come_back(house, address, cookie).headers["location"] == "/"


def test_a_code_is_good_once_and_with_its_verifier_alone(honest: tuple[House, Provider]) -> None:
    house, _ = honest
    address, cookie = start(house)
    back = urlsplit(httpx.get(address, follow_redirects=False).headers["location"])
    assert get(house, f"{back.path}?{back.query}", cookie).headers["location"] == "/"
    assert refused(house, get(house, f"{back.path}?{back.query}", cookie)).startswith("provider")
    other = address.replace("code_challenge=", "code_challenge=x")
    assert refused(house, come_back(house, other, cookie)).startswith("provider")


def test_who_takes_too_long_begins_again(honest: tuple[House, Provider]) -> None:
    house, _ = honest
    address, cookie = start(house)
    house.clock.moment += timedelta(minutes=11)
    assert refused(house, come_back(house, address, cookie)) == "too late"


def test_the_sign_in_page_is_told_of_the_provider(honest: tuple[House, Provider]) -> None:
    house, _ = honest
    assert get(house, "/v1/me").json()["details"] == {"provider": "The hospital"}
