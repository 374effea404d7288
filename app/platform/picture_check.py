"""What runs in the child process: is it a photograph, and if so, its upright pixels.

Imports Pillow and numpy only: the child starts quickly and stays small.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import warnings
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image

MAXIMUM_PIXELS = 60_000_000
"""The largest phone sensors in their default mode have 50 megapixels."""

MINIMUM_SIDE_PX = 32
"""Smaller pictures hold nothing that could be measured."""

FORMATS = ("JPEG", "PNG")
MPO = "MPO"
"""Several JPEGs in one file, as many phones write them: the first is the photograph."""

RGB = "RGB"
JPEG_BLOCK_PX = 8
"""Side of the blocks that a JPEG is made of (ITU-T T.81, A.3)."""

MEDIA_TYPES = {"JPEG": "image/jpeg", MPO: "image/jpeg", "PNG": "image/png"}

KNOWN_FORMATS = (b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM", b"%PDF", b"<svg", b"<?xml")
"""Openings of pictures that are not accepted, to say so rather than "not an image"."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings the stored pixels upright, by EXIF's orientation (Exif 2.32, 4.6.4)."""

HEADER = struct.Struct(">I")
CPU_SECONDS = 20
MEMORY_BYTES = 3 << 29
"""1.5 GiB: 60 megapixels with transparency take 240 MB, then 180 MB without it, turned, handed over."""


@dataclass(frozen=True)
class HeaderFacts:
    """What is kept of a header.

    Attributes
    ----------
    focal_35mm : float or None
        35 mm equivalent in mm.
    zoom : float or None
        Digital zoom; 1 when there was none, None when the header is silent.
    size_differs : bool
        Whether it states another size than the picture has.
    """

    focal_35mm: float | None = None
    zoom: float | None = None
    size_differs: bool = False


class PictureError(Exception):
    """A refusal by its code."""


def open_picture(data: bytes) -> Image.Image:
    """Check the header, before any pixel is unpacked.

    Raises
    ------
    PictureError
        With the code of the refusal.
    """
    if not data:
        raise PictureError("empty_file")
    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureError("image_too_large") from None
    except Exception:  # (Pillow's parsers raise anything from SyntaxError to struct.error)
        raise PictureError(_why_unknown(data)) from None
    if picture.format != MPO and getattr(picture, "n_frames", 1) > 1:
        raise PictureError("animated_image")
    if min(picture.size) < MINIMUM_SIDE_PX:
        raise PictureError("image_too_small")
    return picture


def _why_unknown(data: bytes) -> str:
    opening = data[:512].lstrip()
    if opening.startswith(b"GIF8"):
        return "animated_image" if data.count(b"\x21\xf9\x04", 0, 1 << 20) > 1 else "unsupported_format"
    if (
        opening.lower().startswith(KNOWN_FORMATS[1:])
        or data[4:8] == b"ftyp"
        or opening.startswith(KNOWN_FORMATS)
    ):
        return "unsupported_format"
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return "truncated_image"
    return "not_an_image"


def upright_pixels(
    picture: Image.Image, told_orientation: int | None = None
) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], HeaderFacts]:
    """Unpack the pixels, turn them upright and read what the header tells of the lens, and nothing else.

    Parameters
    ----------
    picture : Image.Image
        From `open_picture`.
    told_orientation : int or None
        As EXIF numbers it, told beside the file; taken where the header does not say.

    Returns
    -------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        Upright.
    facts : HeaderFacts

    Raises
    ------
    PictureError
        `truncated_image` when pixels are missing or broken.
    """
    _unpack(picture)
    facts = _header_facts(picture)
    return np.asarray(_upright(picture, told_orientation).convert(RGB), dtype=np.uint8), facts


def checked_size(picture: Image.Image) -> tuple[int, int]:
    """Read a picture to its last byte without making its pixels; its width and height as they are stored.

    Raises
    ------
    PictureError
        As `upright_pixels` does.

    Notes
    -----
    A JPEG's coefficients are all unpacked, so that what is missing is missed; but of each block of 8 × 8
    pixels one is made. That takes a sixth of the time (34 instead of 198 ms for 12 megapixels in 4 MB).
    """
    size = picture.size
    picture.draft(None, (size[0] // JPEG_BLOCK_PX, size[1] // JPEG_BLOCK_PX))
    _unpack(picture)
    return size


def _unpack(picture: Image.Image) -> None:
    try:
        picture.load()
    except MemoryError:
        raise PictureError("decoding_failed") from None
    except Exception:  # (decoders raise OSError, SyntaxError, ValueError, zlib.error …)
        raise PictureError("truncated_image") from None


def _upright(picture: Image.Image, told_orientation: int | None) -> Image.Image:
    try:
        stated = picture.getexif().get(ExifTags.Base.Orientation)
        orientation = stated if stated in range(1, 9) else told_orientation
    except Exception:  # (a broken header is no reason to lose the pixels)
        orientation = told_orientation
    turn = TURNS.get(orientation) if orientation is not None else None
    return picture if turn is None else picture.transpose(turn)


def _header_facts(picture: Image.Image) -> HeaderFacts:
    try:
        header = dict(picture.getexif().get_ifd(ExifTags.IFD.Exif))
    except Exception:  # (a broken header means a silent one)
        return HeaderFacts()
    stated = {_number(header, tag) for tag in (ExifTags.Base.ExifImageWidth, ExifTags.Base.ExifImageHeight)}
    # Some software turns the pixels and leaves the stated sides as they were: either order will do.
    differs = None not in stated and stated != set(picture.size)
    zoom = _number(header, ExifTags.Base.DigitalZoomRatio)
    return HeaderFacts(_number(header, ExifTags.Base.FocalLengthIn35mmFilm), zoom, differs)


def _number(header: dict[int, Any], tag: int) -> float | None:
    """A tag's value when it is a positive number; 0 stands for unknown (Exif 2.32, 4.6.5)."""
    try:
        value = float(header.get(tag) or 0)
    except Exception:  # (text, several values, a fraction over zero …)
        return None
    return value if 0 < value < float("inf") else None


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """One request: `{"pixels": bool, "orientation": int or None}` and the file; its report, and the pixels
    when they were asked for."""
    try:
        picture = open_picture(data)
        report: dict[str, Any] = {"media_type": MEDIA_TYPES[str(picture.format)]}
        if not request["pixels"]:
            width, height = checked_size(picture)
            return report | {"shape": (height, width, len(RGB))}, b""
        rgb, facts = upright_pixels(picture, request["orientation"])
    except PictureError as refusal:
        return {"error": str(refusal)}, b""
    except MemoryError:
        return {"error": "decoding_failed"}, b""
    return report | {"shape": rgb.shape, "header": asdict(facts)}, rgb.tobytes()


def serve(requests: BinaryIO, reports: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe; limits are set before the first byte is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while (opening := requests.read(HEADER.size)) and len(opening) == HEADER.size:
        _allow_seconds(CPU_SECONDS)
        request = json.loads(requests.read(HEADER.unpack(opening)[0]))
        data = requests.read(request["size"])
        report, pixels = answer(request, data)
        head = json.dumps(report | {"size": len(pixels)}).encode()
        reports.write(HEADER.pack(len(head)) + head)
        reports.write(pixels)
        reports.flush()


def _allow_seconds(seconds: int) -> None:
    """The kernel counts a process's whole life: the soft limit moves on with every picture."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
