"""Small real photographs: of a finger on the card, rendered, and of nothing in particular."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image

from calibration.phantom import Camera, Header, Scene, UlcerShape, encode_jpeg, render


@lru_cache(maxsize=4)
def finger(advance_mm: float = 0.0) -> bytes:
    """A rendered finger with an ulcer of about 15 mm² that heals as its margin advances."""
    scene = Scene(
        camera=Camera(width_px=1280, height_px=960, distance_mm=90.0),
        ulcers=(UlcerShape(s_mm=16.0, phi_deg=0.0, mean_radius_mm=2.2, advance_mm=advance_mm),),
    )
    return encode_jpeg(render(scene).rgb, 85, Header(focal_35mm=26.0))


def plain(number: int) -> bytes:
    """A photograph without a card: the pipeline refuses it at once. Another number, another photograph."""
    noise = np.random.default_rng(number).integers(60, 200, (30, 40, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize((640, 480)).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
