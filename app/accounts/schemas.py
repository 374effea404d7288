"""Accounts on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.domain.permissions import Role

Password = Annotated[str, Field(max_length=200, examples=["correct horse battery staple"])]
Code = Annotated[str, Field(max_length=40, examples=["287082"])]


class Credentials(BaseModel):
    """What a person signs in with."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=80, examples=["nurse-lyon"])
    password: Password
    code: Code | None = Field(None, description="Of the second factor, where the account has one.")


class PasswordChange(BaseModel):
    """A new password, and the proof that it is asked for by the account's holder."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code | None = None
    new_password: Password


class PasswordAgain(BaseModel):
    """The password again, before a change."""

    model_config = ConfigDict(extra="forbid")

    password: Password


class FirstCode(BaseModel):
    """The first code of an authenticator app."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class FactorRemoval(BaseModel):
    """Password and code, the last of this second factor."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code


class Revocation(BaseModel):
    """Which of one's own sessions to end."""

    model_config = ConfigDict(extra="forbid")

    keep_current: bool = Field(description="End all but the session that asks.")


class Revoked(BaseModel):
    """How many sessions ended."""

    revoked: int


class SessionOut(BaseModel):
    """One of the account's own sessions; in minutes, not by the clock: readers are shown no dates."""

    id: str
    device: str | None = Field(description="What the browser called itself at sign-in.")
    opened_minutes_ago: int
    ends_in_minutes: int
    current: bool


class SecondFactorOut(BaseModel):
    """Whether the account has a second factor."""

    enabled: bool
    recovery_codes_left: int


class Enrolment(BaseModel):
    """The secret for an authenticator app, shown this once."""

    secret: str = Field(description="In base32, to type.")
    otpauth_uri: str
    qr_svg: str = Field(description="The same as a QR code.")


class RecoveryCodes(BaseModel):
    """Codes for a lost telephone, each good once, shown this once."""

    recovery_codes: list[str]


class DemoChoice(BaseModel):
    """Whose eyes to look through in the demo."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=80, examples=["reader-1"])


class SiteOut(BaseModel):
    """An investigating centre."""

    code: str = Field(examples=["LYO"])
    name: str = Field(examples=["Lyon"])


class DemoAccount(BaseModel):
    """One of the demo's accounts."""

    username: str = Field(examples=["reader-1"])
    role: Role
    label_fr: str
    label_en: str


class Me(BaseModel):
    """The account that asks."""

    username: str = Field(examples=["nurse-lyon"])
    role: Role
    sites: list[SiteOut]
    demo: bool
    demo_accounts: list[DemoAccount]
    demo_password: str | None = Field(description="With which the demo's accounts sign; null elsewhere.")
