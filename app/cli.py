"""The command line: planimeter demo, serve, worker, measure, segment, target, audit, studies, users."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
import webbrowser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli_measure import loaded, measure_command, target_command
from app.cli_segment import segment_command
from app.demo import Sender, read_samples
from app.main import create_app
from app.platform.telemetry import configure_logs
from app.services import Services, build
from app.settings import Settings
from app.studies.service import read_protocol

BROKEN_EXIT = 1
USAGE_EXIT = 2
LOOK_SECONDS = 0.3
PRIVATE = 0o077
"""Files that the service writes are for its own user: they are photographs of patients."""

DEMO_DIR = Path("planimeter-data/demo")

app = typer.Typer(
    help="Area and healing of digital ulcers, measured on a curved finger and read blind.",
    no_args_is_help=True,
    add_completion=False,
)
audit = typer.Typer(help="The audit trail.", no_args_is_help=True)
studies = typer.Typer(help="Studies and their protocols.", no_args_is_help=True)
users = typer.Typer(help="Accounts and service tokens.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(studies, name="studies")
app.add_typer(users, name="users")
app.command("measure")(measure_command)
app.command("segment")(segment_command)
app.command("target")(target_command)

screen = Console(stderr=True)


def main() -> None:
    """Entry point of the `planimeter` command."""
    app()


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on, on this machine only.")] = 8000,
    data_dir: Annotated[Path, typer.Option(help="Folder of the demo's data.")] = DEMO_DIR,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the pages.")] = True,
) -> None:
    """Start a demo study on SQLite: rendered photographs, measured by the real pipeline while you watch."""
    os.umask(PRIVATE)
    settings = _settings(demo=True, data_dir=data_dir, port=port, log_level="warning")
    configure_logs(settings.log_level)
    services = build(settings)
    loaded(services.measuring.warm_up)
    server = _server(settings, services)
    filler = threading.Thread(target=_fill_demo, args=(server, services, browser), daemon=True)
    filler.start()
    server.run()


@app.command()
def serve() -> None:
    """Start the service; every setting is an environment variable PLANIMETER_…"""
    os.umask(PRIVATE)
    settings = _settings()
    configure_logs(settings.log_level)
    services = build(settings)
    if settings.measure_in_server:
        loaded(services.measuring.warm_up)
    _server(settings, services).run()


@app.command()
def worker() -> None:
    """Measure photographs for a service on PostgreSQL; as many workers as you like, on any machine."""
    os.umask(PRIVATE)
    settings = _settings()
    configure_logs(settings.log_level)
    services = build(settings)
    if services.database.is_sqlite:
        _stop("Workers need PostgreSQL (PLANIMETER_DATABASE_URL); with SQLite the server measures itself.")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    loaded(services.measuring.warm_up)
    services.open()
    services.measure_here()
    stopping.wait()
    services.close()


@audit.command("verify")
def verify_audit() -> None:
    """Walk the audit trail's chain; name the first event at which it does not hold."""
    report = _opened().trail.verify()
    if report.ok:
        typer.echo(f"The audit trail holds: {report.checked} events.")
        return
    typer.echo(f"The audit trail is broken at event {report.first_broken}; {report.checked} hold before it.")
    raise typer.Exit(BROKEN_EXIT)


@studies.command("install")
def install_study(
    protocol: Annotated[Path, typer.Argument(help="Protocol as TOML; a changed one becomes a new version.")],
) -> None:
    """Install a study from its protocol."""
    try:
        plan = read_protocol(protocol.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _stop(f"{protocol}: {error}")
    typer.echo(f"{plan.code}: {_opened().studies.install(plan)}")


@users.command("add")
def add_user(
    username: str,
    role: Annotated[str, typer.Option(help="site_staff, reader, adjudicator, data_manager or pipeline.")],
    study: Annotated[str, typer.Option(help="Code of the study the account belongs to.")],
    site: Annotated[
        list[str] | None, typer.Option(help="Code of a site (site staff; may be repeated).")
    ] = None,
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input.")] = False,
) -> None:
    """Make an account; the password is asked for."""
    services = _opened()
    password = None
    if role != "pipeline":
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked_password()
    try:
        study_id, sites = services.studies.site_ids(study)
        unknown = set(site or ()) - set(sites)
        if unknown:
            raise ValueError(f"the study has no site {', '.join(sorted(unknown))}")
        reach = tuple((study_id, sites[code]) for code in site) if site else ((study_id, None),)
        services.register.add(username, role, password=password, reach=reach)
    except ValueError as error:
        _stop(str(error))
    typer.echo(f"{username}: {role}")


@users.command("list")
def list_users() -> None:
    """List accounts and roles."""
    for username, role in _opened().register.everyone():
        typer.echo(f"{username}\t{role}")


@users.command("token")
def issue_token(
    username: str,
    scope: Annotated[list[str], typer.Option(help="series:read or assessments:read; may be repeated.")],
    days: Annotated[float, typer.Option(min=0.01, max=400, help="Days until it expires.")] = 90,
) -> None:
    """Make a service token for a pipeline account; it is shown this once."""
    try:
        typer.echo(_opened().register.issue_token(username, scope, timedelta(days=days)))
    except ValueError as error:
        _stop(str(error))


def _settings(**chosen: object) -> Settings:
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            screen.print(f"{place or 'settings'}: {problem['msg']}", markup=False)
        raise typer.Exit(USAGE_EXIT) from None


def _opened() -> Services:
    """Services for a command that makes no use of the secret: it does not need to be set."""
    secret = os.environ.get("PLANIMETER_SECRET_KEY") or secrets.token_hex(32)
    settings = _settings(secret_key=secret)
    configure_logs("warning")
    services = build(settings)
    services.open()
    return services


def _stop(sentence: str) -> NoReturn:
    screen.print(sentence, markup=False)
    raise typer.Exit(USAGE_EXIT)


def _asked_password() -> str:
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _server(settings: Settings, services: Services) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(settings, services),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
    )
    return uvicorn.Server(config)


def _fill_demo(server: uvicorn.Server, services: Services, browser: bool) -> None:
    """Once the server answers: open the pages, send the photographs in, and show how measuring goes."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(LOOK_SECONDS)
    address = f"http://{services.settings.host}:{services.settings.port}"
    screen.print(f"Planimeter: [bold]{address}[/bold]  (Ctrl+C ends it)")
    if browser:
        webbrowser.open(address)
    samples = read_samples()
    sender = Sender(services, samples, datetime.now(UTC).date())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        sending = progress.add_task("Photographs received", total=len(samples))
        measuring = progress.add_task("Photographs measured", total=len(samples))
        for sample in samples:
            sender.send(sample)
            progress.advance(sending)
            progress.update(measuring, completed=progress.tasks[0].completed - services.measuring.waiting())
        while (waiting := services.measuring.waiting()) and not server.should_exit:
            progress.update(measuring, completed=len(samples) - waiting)
            time.sleep(LOOK_SECONDS)
        progress.update(measuring, completed=len(samples) - services.measuring.waiting())
