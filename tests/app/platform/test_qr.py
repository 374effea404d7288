"""QR codes are read back by an independent reader."""

from __future__ import annotations

import cv2
import numpy as np

from app.platform.qr import qr_blocks, qr_modules, qr_svg

TEXT = "otpauth://totp/Planimeter:nurse-lyon?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Planimeter"


def test_opencv_reads_the_code() -> None:
    dark = np.array(qr_modules(TEXT))
    picture = np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((8, 8), np.uint8))
    text, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert text == TEXT


def test_picture_and_blocks_hold_the_same_modules() -> None:
    modules = qr_modules(TEXT)
    assert qr_svg(TEXT).count("M") == sum(map(sum, modules)) + 1
    lines = qr_blocks(TEXT).split("\n")
    assert {len(line) for line in lines} == {len(modules)}
    assert len(lines) == -(-len(modules) // 2)
