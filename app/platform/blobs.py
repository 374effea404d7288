"""Files by the hash of their content, on disk before anything refers to them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol


class MissingBlobError(LookupError):
    """No file of that hash."""


class AlteredBlobError(RuntimeError):
    """The file's content is no longer the one it is named after."""


class BlobStore(Protocol):
    """Whatever keeps files by their hash."""

    def put(self, content: bytes) -> str:
        """Keep the content for good and return its SHA-256 in hexadecimal."""

    def get(self, sha256: str) -> bytes:
        """The content of that hash, verified."""


class LocalBlobs:
    """A folder: `ab/abcdef…`, each file written beside its place, synced, renamed, and its folder synced.

    Parameters
    ----------
    folder : Path
        Made when it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Keep the content; when this returns, it survives a loss of power."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            # Another request may have renamed it a moment ago without having synced the folder yet.
            _sync_folder(path.parent)
            return sha256
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            _sync_folder(self._folder)
        temporary = path.parent / f".{secrets.token_hex(8)}"
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Read a file and check it.

        Raises
        ------
        MissingBlobError, AlteredBlobError
            If there is none, or if it is no longer itself.
        """
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise MissingBlobError(sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise AlteredBlobError(sha256)
        return content

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
