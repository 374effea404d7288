"""Files by their hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from app.platform.blobs import AlteredBlobError, LocalBlobs, MissingBlobError


def test_content_comes_back(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    name = blobs.put(b"photograph")
    assert name == hashlib.sha256(b"photograph").hexdigest()
    assert blobs.put(b"photograph") == name
    assert blobs.get(name) == b"photograph"
    assert [path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == [name]


def test_altered_and_missing(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    name = blobs.put(b"photograph")
    (tmp_path / name[:2] / name).write_bytes(b"another")
    with pytest.raises(AlteredBlobError):
        blobs.get(name)
    with pytest.raises(MissingBlobError):
        blobs.get("0" * 64)


def test_file_and_folder_are_synced_before_the_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds: list[str] = []
    sync, rename = os.fsync, Path.rename

    def told_sync(descriptor: int) -> None:
        place = os.readlink(f"/proc/self/fd/{descriptor}")
        deeds.append("folder" if os.path.isdir(place) else "file")
        sync(descriptor)

    def told_rename(self: Path, target: Path) -> Path:
        deeds.append("rename")
        return rename(self, target)

    blobs = LocalBlobs(tmp_path)
    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(Path, "rename", told_rename)
    blobs.put(b"photograph")
    assert deeds == ["folder", "file", "rename", "folder"]


def test_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    blobs = LocalBlobs(tmp_path)
    (tmp_path / hashlib.sha256(b"photograph").hexdigest()[:2]).mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        blobs.put(b"photograph")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
