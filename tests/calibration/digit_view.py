"""One rendered digit on the card as the capture gate's measures take it, and what may be done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera, estimate_camera
from calibration.find_card import find_markers
from calibration.gate_light import PaperLight, paper_light
from calibration.phantom import Camera as PhantomCamera
from calibration.phantom import DigitShape, Light, Look, Scene, render
from calibration.photo import Photo
from calibration.rectify import ReadingImage, rectify, rectify_mask
from calibration.silhouette import Silhouette, find_silhouette
from calibration.srgb import SRGB_TO_LINEAR, encoded
from calibration.surface import Surface
from calibration.surface_fit import fit_surface


@dataclass(frozen=True)
class View:
    """A photograph and all that was found in it; `digit` is the true mask in the photograph."""

    photo: Photo
    camera: Camera
    markers: tuple[int, ...]
    skin: NDArray[np.float32]
    silhouette: Silhouette
    surface: Surface
    digit: NDArray[np.bool_]

    @cached_property
    def reading(self) -> ReadingImage:
        return rectify(self.photo, self.camera)

    @cached_property
    def paper(self) -> PaperLight:
        return paper_light(self.photo, self.camera, self.markers)

    def lit(self, factor: NDArray[np.float64]) -> View:
        """The same view with the photograph's light multiplied pixel by pixel."""
        codes = 255 * encoded(SRGB_TO_LINEAR[self.photo.rgb] * factor[..., None])
        return replace(self, photo=Photo(np.rint(codes).astype(np.uint8), 26.0))

    def card_mm(self) -> NDArray[np.float64]:
        """Where each pixel lies on the card's plane, shape (height, width, 2)."""
        card = np.array([[0, 0], [80, 0], [80, 60], [0, 60]], dtype=np.float32)
        seen = self.camera.project(np.column_stack([card, np.zeros(4)])).astype(np.float32)
        grid = np.stack(
            np.meshgrid(np.arange(self.photo.width_px), np.arange(self.photo.height_px)), axis=-1
        ).astype(np.float32)
        plane = cv2.getPerspectiveTransform(seen, card)
        return cv2.perspectiveTransform(grid.reshape(1, -1, 2), plane)[0].reshape(*grid.shape)


@lru_cache(maxsize=1)
def digit_view() -> View:
    """A digit lit from its side, so that its own hard shadow lies on the card."""
    scene = Scene(
        camera=PhantomCamera(width_px=1600, height_px=1200, distance_mm=140.0, tilt_deg=8.0),
        digit=DigitShape(),
        look=Look(),
        light=Light(azimuth_deg=180.0, elevation_deg=35.0, key_share=0.8, softness=0.05),
    )
    seen = render(scene, 1)
    photo = Photo(seen.rgb, 26.0)
    corners = find_markers(photo)
    camera = estimate_camera(photo, corners)
    skin = rectify_mask(seen.digit_mask, camera)
    silhouette = find_silhouette(rectify(photo, camera), skin, np.zeros_like(skin))
    surface = fit_surface(silhouette, camera.centre_mm)
    return View(photo, camera, corners.ids, skin, silhouette, surface, seen.digit_mask)
