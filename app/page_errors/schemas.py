"""An error of a page, as far as it may be told: where, never what was said."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Class = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,39}$")]
Place = Annotated[str, Field(pattern=r"^[A-Za-z0-9_./-]{1,120}:[0-9]{1,7}:[0-9]{1,7}$")]
Page = Annotated[str, Field(pattern=r"^/[a-z_-]{0,20}$")]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,40}$")]


class PageError(BaseModel):
    """Without the message and the trace, which may hold what a person typed."""

    model_config = ConfigDict(extra="forbid")

    name: Class = Field(description="Class of the error.", examples=["TypeError"])
    where: Place = Field(
        description="File of the pages, line, column.", examples=["assets/index-4f2a.js:1:90210"]
    )
    page: Page = Field(description="First part of the page's address.", examples=["/capture"])
    version: Version = Field(description="Of the pages.", examples=["0.1.0"])
