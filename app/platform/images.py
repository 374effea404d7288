"""Photographs from bytes, opened in a child process with limited memory and time; PNG without metadata."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import CodedError
from app.platform.picture_check import HEADER, HeaderFacts
from calibration.photo import UNTOLD, Optics, Photo

WALL_SECONDS = 30.0
"""A 60-megapixel photo opens in 3 s on a slow core; after ten times that the child is not coming back."""

CHILDREN = 2
"""While one unpacks a photograph to be measured, the other looks at the next that arrives."""

PIPE_BYTES = 1 << 20
"""What lies in a pipe at once, Linux's most without privileges: at its usual 64 KiB parent and child wait for
each other sixty times a photograph, on a busy machine for longer than the picture takes to open."""

CHECKER = Path(__file__).with_name("picture_check.py")
PNG_COMPRESSION = 6
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class PictureFacts:
    """What the check of a picture found.

    Attributes
    ----------
    media_type : str
        `image/jpeg` or `image/png`, by content.
    shape : tuple of int
        Height, width, 3, as the pixels are stored: they may lie on their side.
    """

    media_type: str
    shape: tuple[int, int, int]


class PictureChild:
    """One child process that opens pictures; a new one takes its place when it crashes or hangs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def ask(
        self, data: bytes, *, pixels: bool, orientation: int | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Open a picture in the child; its report, and the upright pixels when they are asked for.

        Raises
        ------
        CodedError
            With the code of the refusal; `decoding_failed` when the child hit its limits.
        """
        with self._lock:
            try:
                report, content = self._exchange(data, {"pixels": pixels, "orientation": orientation})
            except (OSError, EOFError, TimeoutError, ValueError):
                self._stop()
                raise CodedError("decoding_failed") from None
        if "error" in report:
            raise CodedError(report["error"])
        return report, content

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def _exchange(self, data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        process = self._running()
        deadline = time.monotonic() + WALL_SECONDS
        killer = threading.Timer(WALL_SECONDS, process.kill)
        killer.start()
        try:
            request = json.dumps(asked | {"size": len(data)}).encode()
            requests = _pipe(process.stdin)
            requests.write(HEADER.pack(len(request)) + request + data)
            requests.flush()
            head = self._read(process, HEADER.size, deadline)
            report = json.loads(self._read(process, HEADER.unpack(head)[0], deadline))
            return report, self._read(process, report["size"], deadline)
        finally:
            killer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # One thread of linear algebra: the limit on address space counts every thread's stack.
            environment = {"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, our own file)
                [sys.executable, "-I", str(CHECKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                pipesize=PIPE_BYTES,
            )
        return self._process

    @staticmethod
    def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        content = _pipe(process.stdout).read(size)
        if len(content) < size:
            raise TimeoutError if time.monotonic() >= deadline else EOFError
        return content

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self._process = None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError("the child has no such pipe")
    return pipe


class PictureChildren:
    """A few children, each opening one picture at a time; the first that is free is taken.

    Parameters
    ----------
    count : int
        How many; one that is never needed is never started.
    """

    def __init__(self, count: int) -> None:
        self.children = tuple(PictureChild() for _ in range(count))
        self._free: LifoQueue[PictureChild] = LifoQueue()
        for child in reversed(self.children):
            self._free.put(child)

    def ask(
        self, data: bytes, *, pixels: bool, orientation: int | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """As `PictureChild.ask` does, once one is free."""
        child = self._free.get()
        try:
            return child.ask(data, pixels=pixels, orientation=orientation)
        finally:
            self._free.put(child)


_children = PictureChildren(CHILDREN)


def check_photo(data: bytes) -> PictureFacts:
    """Whether the bytes are a photograph, to the last one.

    Raises
    ------
    CodedError
        With the code of the refusal.
    """
    report, _ = _children.ask(data, pixels=False)
    height, width, channels = report["shape"]
    return PictureFacts(report["media_type"], (height, width, channels))


def check_upload(data: bytes, digest: str, *, announced: tuple[str, str]) -> None:
    """Whether a sent file arrived as announced, and is a photograph to the last pixel.

    Parameters
    ----------
    data : bytes
        The file.
    digest : str
        Its SHA-256.
    announced : tuple of str
        Hash and media type as the sender gave them.

    Raises
    ------
    CodedError
        `empty_file`, `sha256_missing`, `sha256_mismatch`, `media_type_mismatch`, or as `check_photo`.
    """
    sha256, media_type = announced
    if not data:
        raise CodedError("empty_file")
    if not sha256:
        raise CodedError("sha256_missing")
    if sha256 != digest:
        raise CodedError("sha256_mismatch")
    found = check_photo(data).media_type
    if found != media_type:
        raise CodedError("media_type_mismatch", {"announced": media_type, "found": found})


def decode_photo(data: bytes, told: Optics = UNTOLD) -> Photo:
    """Open a photograph in the limited child process.

    Parameters
    ----------
    data : bytes
        A JPEG or PNG file.
    told : Optics
        What was told beside the file; taken where its header does not say.

    Returns
    -------
    Photo
        Upright pixels, and what the header tells of the lens; nothing else of it.

    Raises
    ------
    CodedError
        `empty_file`, `not_an_image`, `unsupported_format`, `animated_image`, `truncated_image`,
        `image_too_large`, `image_too_small` or `decoding_failed`.
    """
    report, content = _children.ask(data, pixels=True, orientation=told.orientation)
    header = HeaderFacts(**report["header"])
    known = Optics(header.focal_35mm, header.zoom).where_silent(told)
    return Photo(
        np.frombuffer(content, np.uint8).reshape(report["shape"]),
        focal_35mm=known.focal_35mm_mm,
        zoom=max(known.digital_zoom_ratio or 1.0, 1.0),
        size_differs=header.size_differs,
    )


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """PNG with the chunks that make a picture and no others: no time, no text, no profile.

    Parameters
    ----------
    pixels : NDArray[np.uint8], shape (height, width) or (height, width, 3)
        Grey or sRGB.

    Raises
    ------
    ValueError
        If the array is something else.
    """
    if pixels.dtype != np.uint8 or pixels.shape[2:] not in {(), (3,)}:
        raise ValueError(f"not a grey or RGB picture of bytes: {pixels.dtype} {pixels.shape}")
    height, width = pixels.shape[:2]
    colour_type = 0 if pixels.ndim == 2 else 2  # noqa: PLR2004  (PNG specification, table 11.1)
    rows = pixels.reshape(height, -1)
    lines = np.empty((height, rows.shape[1] + 1), np.uint8)
    # Filter 2 (difference to the line above) packs photographs about as well as a search among filters.
    lines[:, 0] = 2
    lines[0, 1:] = rows[0]
    lines[1:, 1:] = rows[1:] - rows[:-1]
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = size + bytes([8, colour_type, 0, 0, 0])
    packed = zlib.compress(lines.tobytes(), PNG_COMPRESSION)
    return PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
