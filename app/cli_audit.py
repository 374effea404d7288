"""planimeter audit: verify the trail, sign it, write it out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.audit.checkpoints import BrokenTrailError, marks_in, verify_file
from app.audit.files import FileProblemError
from app.cli_opened import SECRET_NAME, opened, read_settings, screen, stop
from app.domain.audit_chain import CHECKPOINT_PURPOSE, ChainReport
from app.platform.keys import KEY_BYTES, Keys, key_id

BROKEN_EXIT = 1

audit = typer.Typer(help="The audit trail.", no_args_is_help=True)

PublicKey = Annotated[
    str, typer.Option(help="As `audit public-key` prints it; default: of this installation's secret.")
]


@audit.command("verify")
def verify_audit(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="Checkpoints or an export kept outside, to compare with; may be repeated."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Verify this export, offline, instead of the database.")
    ] = None,
    public_key: PublicKey = "",
) -> None:
    """Walk the audit trail's chain; name the first event at which it does not hold, and leave with 1."""
    key = _public_key(public_key)
    try:
        if file is not None:
            _tell_file(file, key)
            return
        marks: dict[int, str] = {}
        for path in checkpoint or ():
            if key is None:
                stop(f"Checking a signature needs --public-key, or {SECRET_NAME}.")
            marks |= marks_in(path, key)
    except FileProblemError as problem:
        typer.echo(str(problem))
        raise typer.Exit(BROKEN_EXIT) from None
    _tell(opened().trail.verify(marks))


@audit.command("checkpoint")
def sign_checkpoint(
    out: Annotated[
        Path, typer.Option(help="File to add it to; keep it where the service and its database cannot write.")
    ],
) -> None:
    """Verify the trail and sign number, hash and count of its events, with the time."""
    services = opened(secret_needed=True)
    with _whole_trail(out):
        made = services.checkpoints.append(out)
    screen.print(f"Event {made.seq}, {made.hash}, signed by the key {made.key_id}.", markup=False)


@audit.command("export")
def export_audit(
    out: Annotated[Path, typer.Option(help="File of JSON lines; `audit verify --file` verifies it.")],
) -> None:
    """Write all events and a signed checkpoint of them; the export is itself recorded."""
    services = opened(secret_needed=True)
    with _whole_trail(out):
        made = services.checkpoints.export(out)
    screen.print(f"{made.count} events, signed by the key {made.key_id}.", markup=False)


@audit.command("public-key")
def print_public_key() -> None:
    """Print the key that checks this installation's signatures; it is no secret."""
    secret = read_settings().secret_bytes
    typer.echo(Keys(secret).signer(CHECKPOINT_PURPOSE).public_key.hex())


@contextmanager
def _whole_trail(out: Path) -> Iterator[None]:
    """Say where the trail is broken, or why the file cannot be written, in place of an exception."""
    try:
        yield
    except BrokenTrailError as broken:
        _tell(broken.report)
    except OSError as error:
        stop(f"{out}: {error}")


def _tell(report: ChainReport) -> None:
    typer.echo(report.sentence)
    if not report.ok:
        raise typer.Exit(BROKEN_EXIT)


def _tell_file(path: Path, key: bytes | None) -> None:
    report, checkpoint = verify_file(path, key)
    _tell(report)
    if checkpoint is None:
        typer.echo("The file ends without a checkpoint: whether events were cut off its end cannot be told.")
        raise typer.Exit(BROKEN_EXIT)
    if key is None:
        typer.echo(f"Its signature was not checked: that needs --public-key, or {SECRET_NAME}.")
    else:
        typer.echo(f"Signed at {checkpoint.at} by the key {key_id(key)}.")


def _public_key(given: str) -> bytes | None:
    if given:
        try:
            key = bytes.fromhex(given)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            stop("A public key has 64 hexadecimal digits, as `planimeter audit public-key` prints it.")
        return key
    secret = os.environ.get(SECRET_NAME)
    return Keys(secret.encode()).signer(CHECKPOINT_PURPOSE).public_key if secret else None
