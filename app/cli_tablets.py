"""planimeter tablets: the sites' enrolled tablets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli_opened import opened, stop

tablets = typer.Typer(help="Tablets of the sites.", no_args_is_help=True)


@tablets.command("list")
def list_tablets(study: Annotated[str, typer.Argument(help="Code of the study.")]) -> None:
    """List a study's tablets: site, name, state, when they were last there."""
    try:
        lines = opened().tablets.listed(study)
    except ValueError as error:
        stop(str(error))
    table = Table("id", "site", "name", "enrolled", "last seen", "revoked")
    for line in lines:
        moments = (line.enrolled_at, line.last_seen_at, line.revoked_at)
        table.add_row(line.id, line.site_code, line.name, *(_told(moment) for moment in moments))
    Console().print(table)


@tablets.command("enrol")
def enrol_tablet(
    study: Annotated[str, typer.Argument(help="Code of the study.")],
    site: Annotated[str, typer.Option(help="Code of the tablet's site.")],
    name: Annotated[str, typer.Option(help="As its label says, for people.")],
) -> None:
    """Make a place for a tablet; the code that enrols it is shown this once, and good for an hour."""
    try:
        made = opened().tablets.announce_by_command(study, site, name)
    except ValueError as error:
        stop(str(error))
    typer.echo(made.enrolment_code)


@tablets.command("revoke")
def revoke_tablet(
    tablet_id: Annotated[str, typer.Argument(help="As `planimeter tablets list` tells it.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the audit trail.")],
) -> None:
    """End a tablet: every session opened on it and every PIN, at once."""
    try:
        ended = opened().tablets.revoke_by_command(tablet_id, reason)
    except ValueError as error:
        stop(str(error))
    typer.echo(f"{ended.site_code} {ended.name}: revoked.")


def _told(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else ""
