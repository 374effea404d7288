"""Whether an ulcer may enter the trial, and why not."""

from __future__ import annotations

from dataclasses import dataclass

STANDARD_CARE_WEEKS = 10.0
STANDARD_CARE_TOLERANCE_WEEKS = 2.0
"""Refractory means not healed after 10 ± 2 weeks of standard care (the trial's protocol)."""


@dataclass(frozen=True)
class Answers:
    """The investigator's answers at inclusion.

    Attributes
    ----------
    ischaemic : bool
        Of ischaemic origin.
    distal_to_pip : bool
        Distal to the proximal interphalangeal joint.
    over_calcification, over_bone_relief : bool
        Over calcinosis; over a bony prominence.
    infected : bool
        Clinically infected.
    weeks_of_standard_care : float
        Weeks of standard care without healing.
    """

    ischaemic: bool
    distal_to_pip: bool
    over_calcification: bool
    over_bone_relief: bool
    infected: bool
    weeks_of_standard_care: float


@dataclass(frozen=True)
class Reason:
    """One criterion that is not met, in words."""

    code: str
    fr: str
    en: str


REASONS = {
    "not_ischaemic": ("L'ulcère n'est pas ischémique.", "The ulcer is not ischaemic."),
    "proximal_to_pip": (
        "L'ulcère n'est pas distal à l'articulation interphalangienne proximale.",
        "The ulcer is not distal to the proximal interphalangeal joint.",
    ),
    "over_calcification": ("L'ulcère est sur une calcinose.", "The ulcer lies over a calcification."),
    "over_bone_relief": ("L'ulcère est sur un relief osseux.", "The ulcer lies over a bone relief."),
    "infected": ("L'ulcère est infecté.", "The ulcer is infected."),
    "standard_care_duration": (
        "L'ulcère n'est pas réfractaire à 10 ± 2 semaines de soins standards.",
        "The ulcer is not refractory after 10 ± 2 weeks of standard care.",
    ),
}


def reasons_against(answers: Answers, phalanx: str) -> tuple[Reason, ...]:
    """The criteria that the ulcer does not meet; none when it is eligible.

    Parameters
    ----------
    answers : Answers
        The investigator's.
    phalanx : {"distal", "middle", "proximal"}
        Where the ulcer was drawn: a proximal phalanx contradicts an answer that says distal to the joint.
    """
    waited = abs(answers.weeks_of_standard_care - STANDARD_CARE_WEEKS)
    unmet = {
        "not_ischaemic": not answers.ischaemic,
        "proximal_to_pip": not answers.distal_to_pip or phalanx == "proximal",
        "over_calcification": answers.over_calcification,
        "over_bone_relief": answers.over_bone_relief,
        "infected": answers.infected,
        "standard_care_duration": waited > STANDARD_CARE_TOLERANCE_WEEKS,
    }
    return tuple(Reason(code, *REASONS[code]) for code, found in unmet.items() if found)
