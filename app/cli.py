"""The command line: planimeter demo, serve, worker, measure, segment, target, audit, studies, tablets …"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli_audit import audit
from app.cli_measure import loaded, measure_command, target_command
from app.cli_opened import opened, read_settings, screen, stop
from app.cli_segment import segment_command
from app.cli_tablets import tablets
from app.cli_users import users
from app.demo import Sender, read_samples
from app.demo_sites import SiteWork
from app.main import SWITCH_SECONDS, create_app
from app.platform.jobs import AlreadyMeasuredError
from app.platform.telemetry import SHARED_FIGURES, configure_logs
from app.services import Services, build
from app.settings import Settings
from app.studies.service import read_protocol

LOOK_SECONDS = 0.3
PRIVATE = 0o077
"""Files that the service writes are for its own user: they are photographs of patients."""

DEMO_DIR = Path("planimeter-data/demo")

app = typer.Typer(
    help="Area and healing of digital ulcers, measured on a curved finger and read blind.",
    no_args_is_help=True,
    add_completion=False,
)
studies = typer.Typer(help="Studies and their protocols.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(studies, name="studies")
app.add_typer(tablets, name="tablets")
app.add_typer(users, name="users")
app.command("measure")(measure_command)
app.command("segment")(segment_command)
app.command("target")(target_command)


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
    settings = read_settings(demo=True, data_dir=data_dir, port=port, log_level="warning")
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
    settings = read_settings()
    configure_logs(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    services = build(settings)
    if settings.workers > 1:
        _serve_many(settings, services)
        return
    if settings.measure_in_server:
        loaded(services.measuring.warm_up)
    _server(settings, services).run()


@app.command()
def worker() -> None:
    """Measure photographs: on PostgreSQL as many workers as you like, on SQLite one, beside the server."""
    os.umask(PRIVATE)
    settings = read_settings()
    configure_logs(settings.log_level)
    services = build(settings)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    loaded(services.measuring.warm_up)
    services.open()
    try:
        services.measure_here()
    except AlreadyMeasuredError:
        services.close()
        stop("Another process measures on this SQLite file already; several workers need PostgreSQL.")
    stopping.wait()
    services.close()


@studies.command("install")
def install_study(
    protocol: Annotated[Path, typer.Argument(help="Protocol as TOML; a changed one becomes a new version.")],
) -> None:
    """Install a study from its protocol."""
    try:
        plan = read_protocol(protocol.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        stop(f"{protocol}: {error}")
    typer.echo(f"{plan.code}: {opened().studies.install(plan)}")


def _server(settings: Settings, services: Services) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(create_app(settings, services), **_listening(settings)))


def _serve_many(settings: Settings, services: Services) -> None:
    """Several processes on one port, over tables that are brought to their form before any starts."""
    services.open()
    services.close()
    with tempfile.TemporaryDirectory() as figures:
        os.environ[SHARED_FIGURES] = figures
        uvicorn.run("app.main:served", factory=True, workers=settings.workers, **_listening(settings))


def _listening(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host, "port": settings.port, "log_config": None, "access_log": False,
        "server_header": False, "date_header": True,
    }  # fmt: skip


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
    today = datetime.now(UTC).date()
    sender = Sender(services, samples, today)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        sending = progress.add_task("Photographs received", total=len(samples))
        measuring = progress.add_task("Photographs measured", total=len(samples))
        for sample in samples:
            sender.send(sample)
            progress.advance(sending)
            progress.update(measuring, completed=progress.tasks[0].completed - services.measuring.waiting())
        SiteWork(services, today).enter(sender.study_id)
        while (waiting := services.measuring.waiting()) and not server.should_exit:
            progress.update(measuring, completed=len(samples) - waiting)
            time.sleep(LOOK_SECONDS)
        progress.update(measuring, completed=len(samples) - services.measuring.waiting())
