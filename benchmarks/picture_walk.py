"""One phantom's photograph, taken through every step of the measurement for its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from app.digit import Digit, find_digit
from app.measuring import Measurement, measure_photo
from calibration.camera import Camera, estimate_camera
from calibration.colour import estimate_colour
from calibration.find_card import MarkerCorners, find_markers
from calibration.phantom import Camera as PhantomCamera
from calibration.phantom import DigitShape, Light, Look, Scene, Table, render
from calibration.phantom.ulcer import random_outline, scaled_to_area
from calibration.photo import Photo
from calibration.pose import FLAT
from calibration.rectify import ReadingImage, rectify
from models.registry import load_segmenter
from models.segmenter import Segmentation, Segmenter

FloatArray = NDArray[np.float64]

SEED = 3
ULCER_MM2 = 14.0
PHOTO_PX = (2592, 1944)


def scene(photo_px: tuple[int, int]) -> Scene:
    """A digit of 16 mm in the slot, an ulcer beside its ridge, the camera a little tilted."""
    digit = DigitShape()
    ulcer = scaled_to_area(digit, random_outline(default_rng(SEED), 17.0, 18.0), ULCER_MM2)
    return Scene(
        digit=digit,
        ulcers=(ulcer,),
        look=Look(tone=2, view="pulp"),
        light=Light(key_share=0.45),
        table=Table(material="cloth"),
        camera=PhantomCamera(*photo_px, distance_mm=130.0, tilt_deg=8.0, azimuth_deg=130.0, aim_y_mm=34.0),
    )


@dataclass(frozen=True)
class Walk:
    """One photograph through the steps of `app.measuring`, with what each step found."""

    photo: Photo
    segmenter: Segmenter

    @cached_property
    def corners(self) -> MarkerCorners:
        """Of the markers."""
        return find_markers(self.photo)

    @cached_property
    def camera(self) -> Camera:
        """Over the card."""
        return estimate_camera(self.photo, self.corners)

    @cached_property
    def reading(self) -> ReadingImage:
        """The card's plane in the card's colours."""
        raw, colour = rectify(self.photo, self.camera), estimate_colour(self.photo, self.camera)
        return ReadingImage(colour.corrected(raw.rgb), raw.scale_px_per_mm, raw.origin_mm)

    @cached_property
    def segmentation(self) -> Segmentation:
        """What the network sees."""
        return self.segmenter.segment(self.reading.rgb)

    @cached_property
    def digit(self) -> Digit:
        """Outline and surface."""
        return find_digit(self.reading, self.segmentation, self.camera.centre_mm, FLAT)

    @cached_property
    def measurement(self) -> Measurement:
        """Area and budget."""
        found = measure_photo(self.photo, self.segmenter).measurement
        if found is None:
            raise ValueError("the gate refuses the photograph")
        return found

    def ulcer_lines_mm(self) -> list[FloatArray]:
        """Border of the network's ulcer on the card."""
        mask = self.segmentation.open_ulcer(self.segmenter.weights.counting).astype(np.uint8)
        lines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        return [self.reading.to_card_mm(line.reshape(-1, 2).astype(np.float64)) for line in lines]


def walk_of(photo_px: tuple[int, int]) -> Walk:
    """Render the photograph in this size (width, height)."""
    return Walk(Photo(render(scene(photo_px), SEED).rgb, 26.0), load_segmenter(threads=1))
