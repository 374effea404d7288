"""Photographs of a digit on the card with ulcers of known area: truth for tests, samples and training."""

from __future__ import annotations

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.draw import random_reading, random_scene
from calibration.phantom.light import Light
from calibration.phantom.look import Look
from calibration.phantom.outline import UlcerShape
from calibration.phantom.photograph import Render, render
from calibration.phantom.ranges import Ranges
from calibration.phantom.scene import Scene, Truth, truth_of
from calibration.phantom.sensor import Header, Sensor, encode_jpeg
from calibration.phantom.table import Table

__all__ = [
    "Camera",
    "DigitShape",
    "Header",
    "Light",
    "Look",
    "Ranges",
    "Render",
    "Scene",
    "Sensor",
    "Table",
    "Truth",
    "UlcerShape",
    "encode_jpeg",
    "random_reading",
    "random_scene",
    "render",
    "truth_of",
]
