"""/v1/sessions, /v1/me, signing in by an OpenID provider, and the demo's switch between roles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Path, Response
from fastapi.responses import RedirectResponse

from app.accounts.proving import Proof
from app.accounts.schemas import (
    Credentials,
    DemoChoice,
    Enrolment,
    FactorRemoval,
    FirstCode,
    Me,
    PasswordAgain,
    PasswordChange,
    RecoveryCodes,
    Revocation,
    Revoked,
    SecondFactorOut,
    SessionOut,
)
from app.domain.errors import CodedError
from app.http import REFUSALS, SESSION_COOKIE, Device, SignedIn, TabletToken, Wired, keep_session

router = APIRouter(prefix="/v1", tags=["accounts"], responses=REFUSALS)

FLOW_COOKIE = "planimeter_sign_in"
FLOW_PATH = "/v1/provider"
AFTER_REFUSAL = "/sign-in?refused=provider"
SEE_OTHER = 303

SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.post("/sessions", status_code=201)
def sign_in(
    credentials: Credentials, services: Wired, response: Response, tablet: TabletToken, device: Device = ""
) -> Me:
    """Sign in: sets the session cookie. Answers `second_factor_needed` where a code must come along.

    On an enrolled tablet the person's shift begins: for twelve hours a PIN is enough there.
    """
    proof = Proof(credentials.username, credentials.password, credentials.code)
    token, me = services.accounts.sign_in(proof, device, tablet)
    keep_session(response, services, token)
    return me


@router.get("/sessions")
def list_sessions(services: Wired, identity: SignedIn) -> list[SessionOut]:
    """The account's own sessions that are good now, latest first."""
    return services.sessions.mine(identity)


@router.post("/sessions/revocation")
def revoke_sessions(which: Revocation, services: Wired, identity: SignedIn) -> Revoked:
    """End all of the account's own sessions, or all but this one."""
    return services.sessions.revoke_all(identity, keep_current=which.keep_current)


@router.delete("/sessions/current", status_code=204)
def sign_out(services: Wired, identity: SignedIn, response: Response) -> None:
    """Sign out: the session is revoked on the server."""
    services.sessions.sign_out(identity)
    response.delete_cookie(SESSION_COOKIE, path="/")


@router.delete("/sessions/{session_id}", status_code=204)
def revoke_session(session_id: SessionId, services: Wired, identity: SignedIn) -> None:
    """End one of the account's own sessions."""
    services.sessions.revoke(identity, session_id)


@router.get("/me")
def read_me(services: Wired, identity: SignedIn) -> Me:
    """The account that asks."""
    return services.accounts.me(identity)


@router.post("/me/password", status_code=204)
def change_password(change: PasswordChange, services: Wired, identity: SignedIn) -> None:
    """Replace the password; every other session of the account ends."""
    services.own_account.change_password(identity, change.password, change.code, change.new_password)


@router.get("/me/second-factor")
def read_second_factor(services: Wired, identity: SignedIn) -> SecondFactorOut:
    """Whether the account has a second factor."""
    return services.own_account.second_factor(identity)


@router.post("/me/second-factor", status_code=201)
def begin_second_factor(again: PasswordAgain, services: Wired, identity: SignedIn) -> Enrolment:
    """Make a secret for an authenticator app; it counts once its first code has come."""
    return services.own_account.begin_second_factor(identity, again.password)


@router.post("/me/second-factor/confirmation")
def enable_second_factor(first: FirstCode, services: Wired, identity: SignedIn) -> RecoveryCodes:
    """Enable the second factor by its first code; answers the recovery codes, once."""
    return services.own_account.enable_second_factor(identity, first.code)


@router.post("/me/second-factor/removal", status_code=204)
def remove_second_factor(proof: FactorRemoval, services: Wired, identity: SignedIn) -> None:
    """Remove the second factor."""
    services.own_account.remove_second_factor(identity, proof.password, proof.code)


# For browsers that are led from page to page, not for callers of the interface: not in its description.
@router.get("/provider/start", include_in_schema=False)
def start_at_provider(services: Wired) -> Response:
    """Lead the browser to the OpenID provider; 404 unless one is configured."""
    try:
        address, flow = services.provider_sign_in.start()
    except CodedError as refusal:
        if refusal.code != "provider_refused":
            raise
        return RedirectResponse(AFTER_REFUSAL, SEE_OTHER)
    response = RedirectResponse(address, SEE_OTHER)
    response.set_cookie(
        FLOW_COOKIE,
        flow,
        httponly=True,
        samesite="lax",  # the provider's page leads back here
        secure=services.settings.cookies_secure,
        path=FLOW_PATH,
    )
    return response


@router.get("/provider/callback", include_in_schema=False)
def return_from_provider(
    services: Wired,
    tablet: TabletToken,
    code: str = "",
    state: str = "",
    flow: Annotated[str, Cookie(alias=FLOW_COOKIE)] = "",
    device: Device = "",
) -> Response:
    """Where the provider leads back to: opens the session, or says on the sign-in page that it did not."""
    try:
        token = services.provider_sign_in.finish(code, state, flow, device, tablet)
    except CodedError as refusal:
        if refusal.code != "provider_refused":
            raise
        response = RedirectResponse(AFTER_REFUSAL, SEE_OTHER)
    else:
        response = RedirectResponse("/", SEE_OTHER)
        keep_session(response, services, token)
    response.delete_cookie(FLOW_COOKIE, path=FLOW_PATH)
    return response


@router.post("/demo/session")
def switch_role(
    choice: DemoChoice, services: Wired, response: Response, tablet: TabletToken, device: Device = ""
) -> Me:
    """Look through another account's eyes; 404 unless this is a demo."""
    token, me = services.accounts.demo_session(choice.username, device, tablet)
    keep_session(response, services, token)
    return me
