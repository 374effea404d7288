"""QR codes are read back by an independent reader."""

from __future__ import annotations

import cv2
import numpy as np

from app.platform.qr import qr_modules, qr_svg

TEXT = "otpauth://totp/Planimeter:nurse-lyon?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Planimeter"


def test_opencv_reads_the_code() -> None:
    dark = np.array(qr_modules(TEXT))
    picture = np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((8, 8), np.uint8))
    text, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert text == TEXT


def test_the_picture_holds_every_dark_module() -> None:
    assert qr_svg(TEXT).count("M") == sum(map(sum, qr_modules(TEXT))) + 1  # and the white ground
