"""Checkpoints and exports: what is kept where the service cannot write, and comparing with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from app.audit import store
from app.audit.files import FileProblemError, checkpoint_line, event_line, read_lines
from app.audit.service import Trail
from app.domain.audit_chain import GENESIS, ChainReport, Checkpoint, Event, verify
from app.domain.identity import SYSTEM
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.keys import Signer, is_signed, key_id


class BrokenTrailError(ValueError):
    """The trail does not hold: it is not signed, and not exported as if it did."""

    def __init__(self, report: ChainReport) -> None:
        super().__init__(report.sentence)
        self.report = report


class Checkpoints:
    """Signs what the trail is now, and writes it out.

    Parameters
    ----------
    database, clock, trail
        As everywhere.
    signer : Signer
        Made of the settings' secret.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, signer: Signer) -> None:
        self._database, self._clock, self._trail, self._signer = database, clock, trail, signer

    @property
    def public_key(self) -> bytes:
        """With which anybody checks the signatures."""
        return self._signer.public_key

    def append(self, path: Path) -> Checkpoint:
        """Sign the trail as it is, and add the checkpoint to a file; the file may hold earlier ones.

        Raises
        ------
        BrokenTrailError
            If the trail does not hold.
        """
        report, last_hash = self._verified()
        checkpoint = self._signed(report.checked, last_hash)
        with path.open("a", encoding="utf-8") as file:
            file.write(checkpoint_line(checkpoint))
        self._note("audit.checkpoint_signed", checkpoint)
        return checkpoint

    def export(self, path: Path) -> Checkpoint:
        """Write all events and a checkpoint of them.

        Raises
        ------
        BrokenTrailError
            If the trail does not hold; the file is then written all the same, without a checkpoint.
        """
        with self._database.read() as connection, path.open("w", encoding="utf-8") as file:
            store.hold_still(connection)
            seq, last_hash = store.head(connection)
            report = verify(_written(store.events(connection), file.write), seq, last_hash)
            if not report.ok:
                raise BrokenTrailError(report)
            checkpoint = self._signed(report.checked, last_hash)
            file.write(checkpoint_line(checkpoint))
        self._note("audit.exported", checkpoint)
        return checkpoint

    def _verified(self) -> tuple[ChainReport, str]:
        with self._database.read() as connection:
            store.hold_still(connection)
            seq, last_hash = store.head(connection)
            report = verify(store.events(connection), seq, last_hash)
        if not report.ok:
            raise BrokenTrailError(report)
        return report, last_hash

    def _signed(self, count: int, last_hash: str) -> Checkpoint:
        at = self._clock.now().isoformat(timespec="microseconds")
        unsigned = Checkpoint(count, last_hash, count, at, key_id(self._signer.public_key), "")
        return Checkpoint(**{**vars(unsigned), "signature": self._signer.sign(unsigned.message)})

    def _note(self, action: str, checkpoint: Checkpoint) -> None:
        after = {"seq": checkpoint.seq, "hash": checkpoint.hash, "key_id": checkpoint.key_id}
        with self._database.write() as connection:
            self._trail.record(connection, SYSTEM, action, ("trail", checkpoint.hash), after=after)


def _written(events: Iterator[Event], write: Callable[[str], object]) -> Iterator[Event]:
    for event in events:
        write(event_line(event))
        yield event


def marks_in(path: Path, public_key: bytes) -> dict[int, str]:
    """Hashes by number that a file of checkpoints, or an export, vouches for.

    Parameters
    ----------
    path : Path
        Checkpoints alone, one or more; or an export, whose events all count once its checkpoint is good.
    public_key : bytes
        Whose signatures count.

    Raises
    ------
    FileProblemError
        If a signature is not that key's, the file holds no checkpoint, or an export does not hold by itself.
    """
    marks: dict[int, str] = {}
    events: dict[int, str] = {}
    report, checkpoints = _walked(path, events)
    for checkpoint in checkpoints:
        check_signature(checkpoint, public_key, path)
        marks[checkpoint.seq] = checkpoint.hash
    if not checkpoints:
        raise FileProblemError(f"{path} holds no checkpoint")
    if events and not report.ok:
        raise FileProblemError(f"{path} does not hold by itself. {report.sentence}")
    return {seq: mark for seq, mark in (events | marks).items() if seq > 0}


def verify_file(path: Path, public_key: bytes | None) -> tuple[ChainReport, Checkpoint | None]:
    """Verify an export by itself, offline.

    Parameters
    ----------
    path : Path
        An export.
    public_key : bytes, optional
        To check its checkpoint's signature with; without one only the chain is checked.

    Returns
    -------
    report : ChainReport
        Of its events up to its checkpoint.
    checkpoint : Checkpoint or None
        None when it has none: nothing then says where the trail ends.

    Raises
    ------
    FileProblemError
        If it cannot be read, or its signature is not that key's.
    """
    report, checkpoints = _walked(path, {})
    last = checkpoints[-1] if checkpoints else None
    if last is not None and public_key is not None:
        check_signature(last, public_key, path)
    return report, last


def check_signature(checkpoint: Checkpoint, public_key: bytes, path: Path) -> None:
    """Make sure of a checkpoint.

    Raises
    ------
    FileProblemError
        If it is not signed by that key, or counts otherwise than it numbers.
    """
    if not is_signed(checkpoint.message, checkpoint.signature, public_key):
        raise FileProblemError(
            f"{path}: the checkpoint of event {checkpoint.seq} is not signed by the key {key_id(public_key)} "
            f"(it names the key {checkpoint.key_id})"
        )
    if checkpoint.count != checkpoint.seq:
        raise FileProblemError(f"{path}: the checkpoint of event {checkpoint.seq} counts {checkpoint.count}")


def _walked(path: Path, hashes: dict[int, str]) -> tuple[ChainReport, list[Checkpoint]]:
    """Verify a file's events against its last checkpoint, or their own last; notes their hashes."""
    checkpoints: list[Checkpoint] = []
    events: list[Event] = []
    for line in read_lines(path):
        if isinstance(line, Checkpoint):
            checkpoints.append(line)
        else:
            events.append(line)
            hashes[line.seq] = line.hash
    if checkpoints:
        seq, last_hash = checkpoints[-1].seq, checkpoints[-1].hash
    else:
        seq, last_hash = (events[-1].seq, events[-1].hash) if events else (0, GENESIS)
    return verify(events, seq, last_hash), checkpoints
