"""/v1/sessions, /v1/me and the demo's switch between roles."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.accounts.schemas import Credentials, DemoChoice, Me
from app.http import REFUSALS, SESSION_COOKIE, SignedIn, Wired

router = APIRouter(prefix="/v1", tags=["accounts"], responses=REFUSALS)


def _set_cookie(response: Response, services: Wired, token: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=services.settings.cookie_secure and not services.settings.demo,
        path="/",
    )


@router.post("/sessions", status_code=201)
def sign_in(credentials: Credentials, services: Wired, response: Response) -> Me:
    """Sign in: sets the session cookie."""
    token, me = services.accounts.sign_in(credentials.username, credentials.password)
    _set_cookie(response, services, token)
    return me


@router.delete("/sessions/current", status_code=204)
def sign_out(request: Request, services: Wired, identity: SignedIn, response: Response) -> None:
    """Sign out: the session is revoked on the server."""
    services.accounts.sign_out(request.cookies.get(SESSION_COOKIE, ""), identity)
    response.delete_cookie(SESSION_COOKIE, path="/")


@router.get("/me")
def read_me(services: Wired, identity: SignedIn) -> Me:
    """The account that asks."""
    return services.accounts.me(identity)


@router.post("/demo/session")
def switch_role(choice: DemoChoice, services: Wired, response: Response) -> Me:
    """Look through another account's eyes; 404 unless this is a demo."""
    token, me = services.accounts.demo_session(choice.username)
    _set_cookie(response, services, token)
    return me
