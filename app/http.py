"""What every route shares: the wired services, who asks, and how refusals look in OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, Field

from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.services import Services

SESSION_COOKIE = "planimeter_session"
TABLET_COOKIE = "planimeter_tablet"
CHANGE_HEADER = "X-Planimeter"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Refusal(BaseModel):
    """How the service says no."""

    code: str = Field(examples=["not_found"])
    message_fr: str = Field(examples=["Cela n'existe pas ici."])
    message_en: str = Field(examples=["There is no such thing here."])
    details: dict[str, Any] | None = None


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "Not signed in"},
    403: {"model": Refusal, "description": "The role or the token's scopes do not allow it"},
    404: {"model": Refusal, "description": "Not there, or not within this account's reach"},
    422: {"model": Refusal, "description": "Incomplete or malformed"},
}
"""Responses that any route may give."""


async def wired(request: Request) -> Services:
    """The services that `create_app` wired."""
    # Asynchronous, though it waits for nothing: FastAPI would send it to a thread and back, at every request.
    services: Services = request.app.state.services
    return services


def tablet_token(request: Request) -> str:
    """The cookie of an enrolled tablet; empty in any other browser."""
    return request.cookies.get(TABLET_COOKIE, "")


def signed_in(request: Request, services: Annotated[Services, Depends(wired)]) -> Identity:
    """Who asks: a service token in the Authorization header, else the session cookie.

    Raises
    ------
    CodedError
        `not_signed_in`, or `change_header_missing` when a page of another site could have sent the request.
    """
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        identity = services.accounts.by_service_token(token.strip()) if scheme.lower() == "bearer" else None
    else:
        token = request.cookies.get(SESSION_COOKIE, "")
        identity = services.accounts.by_session(token, tablet_token(request)) if token else None
        if identity and request.method not in SAFE_METHODS and CHANGE_HEADER not in request.headers:
            request.state.identity = identity
            raise CodedError("change_header_missing")
    if identity is None:
        raise CodedError("not_signed_in", services.accounts.doorway())
    request.state.identity = identity
    if identity.tablet is not None:
        services.tablets.note_seen(identity.tablet.id)
    return identity


Wired = Annotated[Services, Depends(wired)]
SignedIn = Annotated[Identity, Depends(signed_in)]
TabletToken = Annotated[str, Depends(tablet_token)]
Device = Annotated[str, Header(alias="User-Agent", include_in_schema=False)]


def keep_session(response: Response, services: Services, token: str) -> None:
    """Give the browser its session's cookie."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=services.settings.cookies_secure,
        path="/",
    )


def png(content: bytes) -> Response:
    """A picture that says nothing of itself but its size: no name, no date, no tag to recognise it by."""
    return Response(content, media_type="image/png")
