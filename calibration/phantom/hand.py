"""The rest of the hand: folded neighbours, the hand's back and the forearm, bodies of revolution too."""

from __future__ import annotations

from calibration.phantom.digit import MIDDLE_OF_SLOT_MM, DigitShape

FOLDED_MM = 47.0
"""Folded neighbours begin at the middle joint's distance from the tip: clear of the card's lower edge."""

PALM_MM = 84.0
"""Distance of the hand's front edge from the tip: a middle finger's length."""

PALM_DEPTH_MM = 90.0
PALM_WIDTH_MM = 88.0
PALM_THICKNESS_MM = 26.0
"""Size of an adult's hand without fingers, rounded (own choice)."""

PALM_RADIUS_MM = (PALM_DEPTH_MM**2 / 4 + PALM_THICKNESS_MM**2) / (2 * PALM_THICKNESS_MM)
"""Radius of the circle whose cap above the table is as deep and as thick as the hand."""

WRIST_RADIUS_MM = 32.0
WRIST_SUNK_MM = 24.0


def hand_of(digit: DigitShape, place: int = 2) -> tuple[DigitShape, ...]:
    """What else of the hand lies on the table when one digit is stretched into the slot.

    Parameters
    ----------
    digit : DigitShape
        The stretched digit.
    place : int
        Number of neighbours to its left, 0–3; the others of the three lie to its right.

    Returns
    -------
    tuple of DigitShape
        Folded neighbours, hand, forearm.
    """
    folded = tuple(_folded(digit, step) for step in range(-place, 4 - place) if step)
    shift = (1.5 - place) * 2.0 * digit.radius_mm
    return (*folded, _palm(digit, shift), _forearm(digit, shift))


def _folded(digit: DigitShape, step: int) -> DigitShape:
    radius = digit.radius_mm * 1.02
    back = FOLDED_MM + 4.0 * (abs(step) - 1) + (2.0 if step > 0 else 0.0)
    root = MIDDLE_OF_SLOT_MM + digit.lateral_mm + digit.across[0] * 2.06 * radius * step
    return DigitShape(
        radius_mm=radius,
        taper=0.02,
        joint_bulge=0.0,
        tip_length_mm=1.1 * radius,
        tip_exponent=2.3,
        tip_y_mm=digit.tip_y_mm + back,
        lateral_mm=root + digit.axis[0] * back - MIDDLE_OF_SLOT_MM,
        yaw_deg=digit.yaw_deg - 2.0 * step,
        length_mm=60.0,
    )


def _palm(digit: DigitShape, shift_mm: float) -> DigitShape:
    """The hand's back or palm: a long dome whose axis runs across, sunk below the table."""
    middle_y = digit.tip_y_mm + PALM_MM + PALM_DEPTH_MM / 2
    middle = digit.lateral_mm + digit.axis[0] * (PALM_MM + PALM_DEPTH_MM / 2) + shift_mm
    return DigitShape(
        radius_mm=PALM_RADIUS_MM,
        taper=0.0,
        joint_bulge=0.0,
        tip_length_mm=PALM_WIDTH_MM / 2,
        tip_exponent=3.5,
        tip_y_mm=middle_y,
        lateral_mm=middle - PALM_WIDTH_MM / 2,
        yaw_deg=90.0,
        length_mm=PALM_WIDTH_MM,
        end_length_mm=PALM_WIDTH_MM / 2,
        sunk_mm=2 * PALM_RADIUS_MM - PALM_THICKNESS_MM,
    )


def _forearm(digit: DigitShape, shift_mm: float) -> DigitShape:
    begins = PALM_MM + 0.55 * PALM_DEPTH_MM
    return DigitShape(
        radius_mm=WRIST_RADIUS_MM,
        taper=0.1,
        joint_bulge=0.0,
        tip_length_mm=40.0,
        tip_exponent=2.0,
        tip_y_mm=digit.tip_y_mm + begins,
        lateral_mm=digit.lateral_mm + digit.axis[0] * begins + shift_mm,
        length_mm=220.0,
        sunk_mm=WRIST_SUNK_MM,
    )
