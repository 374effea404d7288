"""Opening photographs in the child process, and writing PNG that says nothing of itself."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.domain.errors import CodedError
from app.platform import images
from app.platform.images import PictureChild, check_photo, decode_photo, encode_png
from calibration.phantom import Header
from calibration.photo import Optics

ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8]


def corner_picture() -> Image.Image:
    """Red in the top left quarter, on blue, wider than high."""
    picture = Image.new("RGB", (120, 80), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 60, 40))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_pixels_come_back_upright(orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corner_picture()
    if orientation in turns:
        stored = stored.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb = decode_photo(saved(stored, quality=95, exif=exif)).rgb
    assert rgb.shape == (80, 120, 3)
    assert rgb[10, 10, 0] > 200
    assert rgb[10, 10, 2] < 60
    assert rgb[70, 110, 2] > 200


def test_only_what_tells_of_the_lens_is_kept_of_the_header() -> None:
    header = Header(focal_35mm=27, make="CANARY", taken_at="2026:01:05 10:00:00", gps=(45.7, 4.8))
    photo = decode_photo(saved(corner_picture(), exif=header.exif()))
    assert photo.focal_35mm == 27
    assert vars(photo).keys() == {"rgb", "focal_35mm", "zoom", "size_differs"}
    assert (photo.zoom, photo.size_differs) == (1.0, False)


def test_what_was_told_beside_the_file_is_taken_where_its_header_is_silent() -> None:
    told = Optics(28.0, 1.5, 6)
    bare = saved(corner_picture(), quality=95)
    photo = decode_photo(bare, told)
    assert (photo.focal_35mm, photo.zoom, photo.rgb.shape) == (28.0, 1.5, (120, 80, 3))
    speaking = Header(focal_35mm=26, zoom=2.0).exif()
    photo = decode_photo(saved(corner_picture(), exif=speaking), told)
    assert (photo.focal_35mm, photo.zoom, photo.rgb.shape) == (26.0, 2.0, (80, 120, 3))
    half = decode_photo(saved(corner_picture(), exif=Header(focal_35mm=26).exif()), told)
    assert (half.focal_35mm, half.zoom) == (26.0, 1.5)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_told_orientation_turns_as_the_headers_does(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    by_header = decode_photo(saved(corner_picture(), quality=95, exif=exif)).rgb
    assert np.array_equal(
        decode_photo(saved(corner_picture(), quality=95), Optics(orientation=orientation)).rgb, by_header
    )


def test_a_stated_zoom_is_kept() -> None:
    assert decode_photo(saved(corner_picture(), exif=Header(zoom=1.5).exif())).zoom == 1.5
    assert decode_photo(saved(corner_picture(), exif=Header(zoom=0).exif())).zoom == 1.0


@pytest.mark.parametrize(
    ("stated", "differs"), [((120, 80), False), ((80, 120), False), ((160, 80), True), ((240, 160), True)]
)
def test_a_picture_cut_or_resized_since_is_noticed(stated: tuple[int, int], differs: bool) -> None:
    header = Header(size_px=stated, orientation=6)
    assert decode_photo(saved(corner_picture(), exif=header.exif())).size_differs is differs


@pytest.mark.parametrize("focal", [0, None])
def test_silent_header(focal: float | None) -> None:
    assert decode_photo(saved(corner_picture(), exif=Header(focal_35mm=focal).exif())).focal_35mm is None


def test_broken_header_does_not_lose_the_pixels() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(range(200))
    assert decode_photo(saved(corner_picture(), exif=exif)).rgb.shape == (80, 120, 3)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert decode_photo(saved(corner_picture().convert(mode), kind)).rgb.shape == (80, 120, 3)


def test_sixty_megapixels_open_and_more_do_not() -> None:
    largest = Image.new("RGB", (8_944, 6_708))
    assert check_photo(saved(largest, quality=50)).shape == (6_708, 8_944, 3)
    with pytest.raises(CodedError, match="image_too_large"):
        check_photo(saved(Image.new("L", (10_000, 6_001)), quality=10))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_check_says_of_a_cut_or_spoilt_jpeg_what_unpacking_every_pixel_says(data: st.DataObject) -> None:
    noise = np.random.default_rng(data.draw(st.integers(0, 3))).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    kind = data.draw(
        st.sampled_from([{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
    )
    spoilt = bytearray(saved(Image.fromarray(noise), quality=90, **kind))
    if data.draw(st.booleans()):
        spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)))]
    else:
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    assert verdict(check_photo, bytes(spoilt)) == verdict(decode_photo, bytes(spoilt))


def verdict(look: Callable[[bytes], object], content: bytes) -> str:
    try:
        look(content)
    except CodedError as refusal:
        return refusal.code
    return "good"


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_the_check_tells_the_size_as_it_is_stored(mode: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert check_photo(saved(corner_picture().convert(mode), exif=exif)).shape == (80, 120, 3)


def test_child_that_dies_is_replaced(only_child: PictureChild) -> None:
    data = saved(corner_picture())
    check_photo(data)
    process = only_child._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert check_photo(data).media_type == "image/jpeg"


def test_child_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, only_child: PictureChild) -> None:
    data = saved(corner_picture())
    check_photo(data)
    process = only_child._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    started = time.monotonic()
    with monkeypatch.context() as hurried:
        hurried.setattr(images, "WALL_SECONDS", 0.3)
        with pytest.raises(CodedError, match="decoding_failed"):
            check_photo(data)
    assert time.monotonic() - started < 5
    assert check_photo(data).media_type == "image/jpeg"


def test_child_has_limits_and_no_secrets(only_child: PictureChild) -> None:
    check_photo(saved(corner_picture()))
    process = only_child._process
    assert process is not None
    limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
    assert str(3 << 29) in next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert next(line for line in limits.splitlines() if line.startswith("Max file size")).split()[3] == "0"
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"PLANIMETER" not in environment


@pytest.mark.parametrize("shape", [(1, 1), (37, 53), (37, 53, 3)])
def test_png_returns_the_same_pixels_and_has_no_other_chunk(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    png = encode_png(pixels)
    with Image.open(io.BytesIO(png)) as picture:
        assert np.array_equal(np.asarray(picture), pixels)
        assert not picture.info
    kinds, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        kinds.append(png[place + 4 : place + 8])
        place += length + 12
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_png_takes_pictures_only() -> None:
    with pytest.raises(ValueError, match="not a grey or RGB"):
        encode_png(np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(ValueError, match="not a grey or RGB"):
        encode_png(np.zeros((4, 4), np.float32))
