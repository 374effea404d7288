"""Accounts on the wire."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from app.domain.permissions import Role


class Credentials(BaseModel):
    """What a person signs in with."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=80, examples=["nurse-lyon"])
    password: str = Field(max_length=200, examples=["correct horse battery staple"])


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
