"""The audit trail outside of the service: exports and checkpoints as files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from app.domain.audit_chain import Checkpoint, Event, canonical

CHECKPOINT = "checkpoint"
"""Key of a line that holds a checkpoint; every other line is an event."""

EVENT_FIELDS = {field.name for field in fields(Event)}
CHECKPOINT_FIELDS = {field.name for field in fields(Checkpoint)}
NUMBERS = {"seq", "count"}
MAY_BE_NONE = {"study_id", "reason"}


class FileProblemError(ValueError):
    """A file that is not what it should be, in a sentence."""


def event_line(event: Event) -> str:
    """An event as a line."""
    return canonical(asdict(event)) + "\n"


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """A checkpoint as a line."""
    return canonical({CHECKPOINT: asdict(checkpoint)}) + "\n"


def read_lines(path: Path) -> Iterator[Event | Checkpoint]:
    """The events and checkpoints in a file, in their order, one at a time.

    Raises
    ------
    FileProblemError
        If a line is neither, or the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _read(line, f"{path}, line {number}")
    except (OSError, UnicodeError) as error:
        raise FileProblemError(f"{path}: {error}") from None


def _read(line: str, place: str) -> Event | Checkpoint:
    try:
        content = json.loads(line)
    except ValueError:
        raise FileProblemError(f"{place} is not JSON") from None
    if isinstance(content, dict) and set(content) == {CHECKPOINT}:
        return Checkpoint(**_checked(content[CHECKPOINT], CHECKPOINT_FIELDS, place))
    return Event(**_checked(content, EVENT_FIELDS, place))


def _checked(content: Any, wanted: set[str], place: str) -> dict[str, Any]:
    if not isinstance(content, dict) or set(content) != wanted:
        raise FileProblemError(f"{place} is neither an event nor a checkpoint of an audit trail")
    for name, value in content.items():
        right = isinstance(value, int if name in NUMBERS else str) or (value is None and name in MAY_BE_NONE)
        if not right or isinstance(value, bool):
            raise FileProblemError(f"{place}: {name} is not what it should be")
    return content
