"""Tablets on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.accounts.schemas import Password

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Pin = Annotated[str, Field(max_length=40, description="Six digits.", examples=["730915"])]


class NewTablet(BaseModel):
    """A tablet about to be enrolled."""

    model_config = ConfigDict(extra="forbid")

    site_code: str = Field(max_length=40, examples=["LYO"])
    name: Name = Field(description="As its label says, for people.", examples=["Tablet 1"])


class TabletOut(BaseModel):
    """A tablet, for the data manager."""

    id: str
    site_code: str
    name: str
    code_expires_at: datetime | None = Field(
        description="Until when its enrolment code is good; null once that is used up or void."
    )
    enrolled_at: datetime | None
    last_seen_at: datetime | None = Field(description="To a quarter of an hour.")
    revoked_at: datetime | None


class NewTabletOut(TabletOut):
    """A tablet with the code that enrols it, shown this once."""

    enrolment_code: str = Field(examples=["7K2M-9Q4T-XW3E"])


class TabletRevocation(BaseModel):
    """Why a tablet is revoked; kept in the audit trail."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class EnrolmentCode(BaseModel):
    """What is typed on the tablet."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40, examples=["7K2M-9Q4T-XW3E"])


class TabletPerson(BaseModel):
    """Somebody whose shift on this tablet is under way."""

    username: str
    label_fr: str
    label_en: str
    has_pin: bool
    shift_ends_at: datetime


class TabletHere(BaseModel):
    """The tablet that asks."""

    name: str
    site_code: str
    people: list[TabletPerson]


class PinChoice(BaseModel):
    """A new PIN, and the password again."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    pin: Pin


class PinEntry(BaseModel):
    """Who, by PIN."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=80)
    pin: Pin


class VaultKey(BaseModel):
    """The key under which photographs lie on this tablet until they are sent."""

    key: str = Field(description="32 bytes in base64; the same each time for the same account and tablet.")
