"""What makes a digit's silhouette lie about its surface: each hazard laid on a scene that has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from calibration.phantom.digit import JOINT_MM, MIDDLE_OF_SLOT_MM, DigitShape
from calibration.phantom.relief import Relief
from calibration.phantom.scene import Scene

Side = Literal[-1, 1]
"""−1 the digit's left (towards smaller x), 1 its right."""

NEIGHBOUR_SHARE = 0.95
"""Radius of the neighbouring finger as a share of the digit's (own choice)."""


def with_relief(scene: Scene, height_mm: float, s_mm: float, side: Side, length_mm: float = 6.0) -> Scene:
    """A crust (`height_mm` > 0) or a crater (< 0) where the digit's outline is seen."""
    camera, digit = scene.camera.position, scene.digit
    sight = camera - digit.surface_point(s_mm, 0.0)
    towards = float(np.degrees(np.arctan2(sight @ digit.side, sight @ digit.up)))
    relief = Relief(s_mm, towards + 90.0 * side, height_mm, length_mm, length_mm)
    return replace(scene, digit=replace(digit, relief=relief))


def with_neighbour(scene: Scene, gap_mm: float, side: Side, ahead_mm: float = 0.0) -> Scene:
    """A stretched finger alongside the digit.

    Parameters
    ----------
    scene : Scene
    gap_mm : float
        Between the two at their widest; 0 touches.
    side : {-1, 1}
        On which it lies.
    ahead_mm : float
        How far its tip lies beyond the digit's.
    """
    digit = scene.digit
    radius = NEIGHBOUR_SHARE * digit.radius_mm
    aside = side * (digit.radius_mm + radius + gap_mm)
    place = digit.tip[:2] - ahead_mm * digit.axis[:2] + aside * digit.side[:2]
    neighbour = replace(
        digit,
        radius_mm=radius,
        tip_length_mm=NEIGHBOUR_SHARE * digit.tip_length_mm,
        lateral_mm=float(place[0]) - MIDDLE_OF_SLOT_MM,
        tip_y_mm=float(place[1]),
        relief=None,
    )
    return replace(scene, hand=(*scene.hand, neighbour))


def bent(scene: Scene, kink_deg: float, joint_mm: float = JOINT_MM) -> Scene:
    """The digit bent sideways at its distal joint: the part beyond the joint stays where it was.

    The two parts meet in a ball about the joint. Ulcers beyond the joint do not move.
    """
    digit = scene.digit
    ball = float(digit.profile.radius_at(np.array(joint_mm)))
    distal = replace(digit, length_mm=joint_mm + ball, end_length_mm=ball)
    yaw = digit.yaw_deg + kink_deg
    direction = np.array([np.sin(np.radians(yaw)), np.cos(np.radians(yaw))])
    begins = digit.tip[:2] + joint_mm * digit.axis[:2] - ball * direction
    proximal = DigitShape(
        radius_mm=digit.radius_mm,
        taper=0.0,
        joint_bulge=0.0,
        tip_length_mm=ball,
        tip_exponent=2.0,
        tip_y_mm=float(begins[1]),
        lateral_mm=float(begins[0]) - MIDDLE_OF_SLOT_MM,
        yaw_deg=yaw,
        length_mm=90.0,
    )
    return replace(scene, digit=distal, hand=(proximal, *scene.hand))


def with_long_nail(scene: Scene, beyond_mm: float) -> Scene:
    """A nail that reaches beyond the tip; it is seen from the back of the hand."""
    return replace(scene, look=replace(scene.look, view="dorsal"), nail_beyond_mm=beyond_mm)
