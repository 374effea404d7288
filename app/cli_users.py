"""planimeter users: accounts, their sessions and second factors, service tokens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli_opened import opened, stop

users = typer.Typer(help="Accounts and service tokens.", no_args_is_help=True)

PasswordStdin = Annotated[bool, typer.Option(help="Read the password from standard input.")]


@contextmanager
def _told() -> Iterator[None]:
    """Mistakes in a sentence."""
    try:
        yield
    except ValueError as error:
        stop(str(error))


@users.command("add")
def add_user(
    username: str,
    role: Annotated[str, typer.Option(help="site_staff, reader, adjudicator, data_manager or pipeline.")],
    study: Annotated[str, typer.Option(help="Code of the study the account belongs to.")],
    site: Annotated[
        list[str] | None, typer.Option(help="Code of a site (site staff; may be repeated).")
    ] = None,
    password_stdin: PasswordStdin = False,
    no_password: Annotated[
        bool, typer.Option(help="Signs in by the OpenID provider alone; cannot sign readings.")
    ] = False,
) -> None:
    """Make an account; the password is asked for."""
    services = opened()
    password = None if role == "pipeline" or no_password else _password(password_stdin)
    with _told():
        study_id, sites = services.studies.site_ids(study)
        unknown = set(site or ()) - set(sites)
        if unknown:
            raise ValueError(f"the study has no site {', '.join(sorted(unknown))}")
        reach = tuple((study_id, sites[code]) for code in site) if site else ((study_id, None),)
        services.register.add(username, role, password=password, reach=reach)
    typer.echo(f"{username}: {role}")


@users.command("list")
def list_users() -> None:
    """List accounts: role, where they belong, whether they are open, second factor, sessions."""
    table = Table("user", "role", "belongs to", "standing", "second factor", "sessions")
    for line in opened().register.lines():
        factor = "yes" if line.second_factor else "no"
        places, sessions = ", ".join(line.belongs_to), str(line.live_sessions)
        table.add_row(line.username, line.role, places, line.standing, factor, sessions)
    Console().print(table)


@users.command("password")
def set_password(username: str, password_stdin: PasswordStdin = False) -> None:
    """Give an account another password, asked for; its sessions end."""
    services = opened()
    with _told():
        services.register.known(username)
        services.register.set_password(username, _password(password_stdin))
    typer.echo(f"{username}: the password is set, and all sessions are ended.")


@users.command("lock")
def lock_user(
    username: str, reason: Annotated[str, typer.Option(help="Why; it is kept in the audit trail.")]
) -> None:
    """Close an account until it is unlocked; its sessions end, its tokens open nothing."""
    with _told():
        opened().register.lock(username, reason)
    typer.echo(f"{username}: locked.")


@users.command("unlock")
def unlock_user(username: str) -> None:
    """Open an account again, also one that too many refused log-ins locked."""
    with _told():
        opened().register.unlock(username)
    typer.echo(f"{username}: open.")


@users.command("revoke-sessions")
def revoke_sessions(username: str) -> None:
    """End all sessions of an account."""
    with _told():
        ended = opened().register.revoke_sessions(username)
    typer.echo(f"{username}: {ended} sessions ended.")


@users.command("second-factor")
def show_second_factor(
    username: str,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take it away: telephone and recovery codes are lost.")
    ] = False,
) -> None:
    """Say whether an account has a second factor, or take it away; it is set up on the account's own page."""
    register = opened().register
    with _told():
        if remove:
            register.remove_second_factor(username)
        register.known(username)
    (line,) = (line for line in register.lines() if line.username == username)
    typer.echo(f"{username}: {'has a' if line.second_factor else 'no'} second factor.")


@users.command("token")
def issue_token(
    username: str,
    scope: Annotated[list[str], typer.Option(help="series:read or assessments:read; may be repeated.")],
    days: Annotated[float, typer.Option(min=0.01, max=400, help="Days until it expires.")] = 90,
) -> None:
    """Make a service token for a pipeline account; it is shown this once."""
    with _told():
        typer.echo(opened().register.issue_token(username, scope, timedelta(days=days)))


@users.command("tokens")
def list_tokens() -> None:
    """List service tokens: whose, what they open, until when."""
    table = Table("token", "user", "scopes", "expires (UTC)", "standing")
    for line in opened().register.tokens():
        until = f"{line.expires_at:%Y-%m-%d %H:%M}"
        table.add_row(line.id, line.username, ", ".join(line.scopes), until, line.standing)
    Console().print(table)


@users.command("revoke-token")
def revoke_token(token: Annotated[str, typer.Argument(help="Its identifier, from `users tokens`.")]) -> None:
    """End a service token."""
    with _told():
        opened().register.revoke_token(token)
    typer.echo(f"{token}: revoked.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer
