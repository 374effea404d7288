"""Files that are no photographs: a refusal in French and English, bounded memory, an event, nothing kept."""

from __future__ import annotations

import io
import os
import resource
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from app.platform import images
from app.platform.images import PictureChild
from app.platform.tables import captures
from tests.app.house import House, photo

GIGABYTE = 1_000_000_000


def bomb_png() -> bytes:
    """20,000 × 20,000 pixels in 48 kB."""
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 50_000
    return buffer.getvalue()


def forged_png() -> bytes:
    """A header that promises 6,000 × 6,000 pixels, and 2 GB of data after it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 6_000, 6_000, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    opening, packed = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # After a full flush the same bytes pack to the same again: one packed mebibyte stands for the others.
    adler32_of_zeros = (2_000 << 20) % 65_521 << 16 | 1
    data = opening + 1_999 * packed + packer.flush()[:-4] + adler32_of_zeros.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    buffer = io.BytesIO()
    pictures = [Image.new("P", (40, 40), number % 250) for number in range(frames)]
    for picture in pictures:
        picture.putpalette([value % 256 for value in range(768)])
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def animated_png() -> bytes:
    buffer = io.BytesIO()
    pictures = [Image.new("RGB", (40, 40), (number, 0, 0)) for number in range(5)]
    pictures[0].save(buffer, "PNG", save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def tiny_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (31, 400)).save(buffer, "PNG")
    return buffer.getvalue()


def jpeg() -> bytes:
    return photo(9, kind="JPEG")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'

BAD: dict[str, tuple[Callable[[], bytes], str, int, str]] = {
    "empty": (lambda: b"", "image/jpeg", 422, "empty_file"),
    "text": (lambda: b"not a photo at all", "image/jpeg", 422, "not_an_image"),
    "half a jpeg": (lambda: jpeg()[: len(jpeg()) // 2], "image/jpeg", 422, "truncated_image"),
    "three bytes of jpeg": (lambda: jpeg()[:3], "image/jpeg", 422, "truncated_image"),
    "half a png": (lambda: photo(9)[: len(photo(9)) // 2], "image/png", 422, "truncated_image"),
    "bomb": (bomb_png, "image/png", 422, "image_too_large"),
    "3,000 frames": (lambda: gif(3_000), "image/gif", 422, "animated_image"),
    "gif called jpeg": (lambda: gif(1), "image/jpeg", 415, "unsupported_format"),
    "animated png": (animated_png, "image/png", 422, "animated_image"),
    "svg": (lambda: SVG, "image/svg+xml", 415, "unsupported_format"),
    "svg called png": (lambda: SVG, "image/png", 415, "unsupported_format"),
    "heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(100), "image/heic", 415, "unsupported_format"),
    "pdf": (lambda: b"%PDF-1.7\n" + bytes(100), "image/jpeg", 415, "unsupported_format"),
    "png called jpeg": (lambda: photo(9), "image/jpeg", 415, "media_type_mismatch"),
    "jpeg called png": (jpeg, "image/png", 415, "media_type_mismatch"),
    "no type": (jpeg, "", 415, "media_type_mismatch"),
    "tiny": (tiny_png, "image/png", 422, "image_too_small"),
}


def _peak_bytes(process: subprocess.Popen[bytes]) -> int:
    """Largest resident memory of a living process since it became what it is.

    Asked while it lives: what the kernel tells of ended children includes their parent's own size, from
    before they became what they are.
    """
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def _living(child: PictureChild, name: str) -> subprocess.Popen[bytes]:
    """The process that opened a file; had it ended over it, nobody could say what it took."""
    assert child._process is not None, name
    assert child._process.poll() is None, name
    return child._process


def test_bad_files_are_refused_in_words(house: House, only_child: PictureChild) -> None:
    centre = house.centres[0]
    images.check_photo(jpeg())
    process = _living(only_child, "a good file")
    own_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for name, (make, media_type, status, code) in BAD.items():
        content = make()
        before = len(house.audit(action="capture.turned_away"))
        answer = house.put(centre.nurse, content, ulcer_id=centre.ulcer_id, media_type=media_type)
        body = answer.json()
        assert (answer.status_code, body["code"]) == (status, code), name
        assert body["message_fr"] != body["message_en"], name
        events = house.audit(action="capture.turned_away")
        assert len(events) == before + 1, name
        assert events[-1]["reason"] == code, name
        assert _living(only_child, name) is process, name
    assert house.count(captures) == 0
    # More data than its header promises: what is promised is read, no more.
    assert images.check_photo(forged_png()).shape == (6_000, 6_000, 3)
    assert _living(only_child, "forged") is process
    # One process opened them all, so its peak is the largest that any of them took.
    assert _peak_bytes(process) < GIGABYTE
    if os.uname().sysname == "Linux":
        # The test itself makes the bomb of 400 million pixels; the service must not unpack it again.
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - own_before < GIGABYTE
    good = house.measured(centre.nurse, photo(9), ulcer_id=centre.ulcer_id)
    assert good["state"] == "measured"


def test_hash_must_be_that_of_the_bytes(house: House) -> None:
    centre = house.centres[0]
    altered = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, sha256="0" * 64)
    assert (altered.status_code, altered.json()["code"]) == (400, "sha256_mismatch")
    silent = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, sha256=" ")
    assert (silent.status_code, silent.json()["code"]) == (400, "sha256_missing")
    assert house.count(captures) == 0


def test_photograph_beyond_the_size_limit(house: House) -> None:
    centre = house.centres[0]
    limit = int(house.services.settings.max_photo_mb * 1_000_000)
    answer = house.put(centre.nurse, bytes(limit + 1), ulcer_id=centre.ulcer_id)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert house.audit(action="access.refused")[-1]["reason"] == "body_too_large"


def test_other_bodies_are_small(house: House) -> None:
    answer = house.request(None, "POST", "/v1/sessions", json={"username": "x", "password": "y" * 100_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
