"""/v1/studies/{study_id}/tablets and /v1/tablets for the data manager; /v1/tablet for whoever holds one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.accounts.schemas import Me
from app.http import (
    REFUSALS,
    SESSION_COOKIE,
    TABLET_COOKIE,
    Device,
    Refusal,
    SignedIn,
    TabletToken,
    Wired,
    keep_session,
)
from app.tablets.schemas import (
    EnrolmentCode,
    NewTablet,
    NewTabletOut,
    PinChoice,
    PinEntry,
    TabletHere,
    TabletOut,
    TabletRevocation,
    VaultKey,
)

router = APIRouter(prefix="/v1", tags=["tablets"], responses=REFUSALS)

TabletId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]

COOKIE_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie (RFC 6265bis §5.5); each look at /v1/tablet renews it."""

NOT_ENROLLED: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "The browser is no enrolled tablet, or no longer"}
}


def _keep_tablet(response: Response, services: Wired, token: str) -> None:
    response.set_cookie(
        TABLET_COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="strict",
        secure=services.settings.cookies_secure,
        path="/",
    )


@router.post("/studies/{study_id}/tablets", status_code=201)
def announce_tablet(study_id: str, new: NewTablet, services: Wired, identity: SignedIn) -> NewTabletOut:
    """Make a place for a tablet at a site; answers the code that enrols it, once, good for an hour."""
    return services.tablets.announce(identity, study_id, new)


@router.get("/studies/{study_id}/tablets")
def list_tablets(study_id: str, services: Wired, identity: SignedIn) -> list[TabletOut]:
    """The study's tablets by site and name, revoked ones too."""
    return services.tablets.tablets(identity, study_id)


@router.post("/tablets/{tablet_id}/revocation")
def revoke_tablet(
    tablet_id: TabletId, revocation: TabletRevocation, services: Wired, identity: SignedIn
) -> TabletOut:
    """End a tablet: every session opened on it and every PIN, at once; again changes nothing."""
    return services.tablets.revoke(identity, tablet_id, revocation.reason)


@router.post("/tablets/enrolment", status_code=201)
def enrol_tablet(given: EnrolmentCode, services: Wired, response: Response) -> TabletHere:
    """Enrol the browser that asks, by the data manager's code alone: sets the tablet's cookie."""
    token, here = services.tablet_enrolment.enrol(given.code)
    _keep_tablet(response, services, token)
    return here


@router.get("/tablet", responses=NOT_ENROLLED)
def read_tablet(services: Wired, response: Response, tablet: TabletToken) -> TabletHere:
    """The tablet that asks, and whoever signed in fully on it this shift."""
    tablet_id, here = services.pins.here(tablet)
    services.tablets.note_seen(tablet_id)
    _keep_tablet(response, services, tablet)
    return here


@router.put("/tablet/pin", status_code=204, responses=NOT_ENROLLED)
def choose_pin(choice: PinChoice, services: Wired, identity: SignedIn) -> None:
    """Give oneself a PIN on this tablet: six digits, not too easily guessed."""
    services.pins.choose(identity, choice.password, choice.pin)


@router.post("/tablet/sessions", status_code=201, responses=NOT_ENROLLED)
def enter_by_pin(
    entry: PinEntry, services: Wired, response: Response, tablet: TabletToken, device: Device = ""
) -> Me:
    """Sign in by PIN on this tablet, within twelve hours of a full sign-in on it; sets the session cookie.

    Refusals: `wrong_pin` with `tries_left`, `pin_blocked`, `shift_over`.
    """
    token, me = services.pins.enter(tablet, entry.username, entry.pin, device)
    keep_session(response, services, token)
    return me


@router.post("/tablet/lock", status_code=204)
def lock_tablet(services: Wired, identity: SignedIn, response: Response) -> None:
    """End this session but not the shift: on an enrolled tablet a PIN opens the next."""
    services.sessions.lock(identity)
    response.delete_cookie(SESSION_COOKIE, path="/")


@router.get("/tablet/vault-key")
def read_vault_key(services: Wired, identity: SignedIn) -> VaultKey:
    """The key under which the account's photographs lie on this tablet until they are sent."""
    return services.pins.vault_key(identity)
