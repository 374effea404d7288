"""What is known of weights: their names, their file, and what they count as ulcer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from models.counting import Counting

CARDS_FOLDER = Path(__file__).with_name("cards")

QUANTISED = "-int8"
"""What the version of quantised weights ends in; they share the card of those that they were made from."""


@dataclass(frozen=True)
class WeightsInfo:
    """What a measurement says of the weights that made it.

    Attributes
    ----------
    name, version : str
        The registry's key.
    sha256 : str
        SHA-256 of the file, 64 hexadecimal digits.
    path : Path
        The ONNX file.
    counting : Counting
        Which pixels count as open ulcer; chosen on the selection part of the split.
    digit_certainty : float, optional
        The counting's certainty where only a digit is looked at; the same as everywhere if left out.
    """

    name: str
    version: str
    sha256: str
    path: Path
    counting: Counting
    digit_certainty: float | None = None

    @property
    def digit_counting(self) -> Counting:
        """What counts on a digit that was found on the card: nothing behind a hand can be taken for an ulcer
        there, so that a part needs less certainty than in any picture."""
        if self.digit_certainty is None:
            return self.counting
        return replace(self.counting, certainty=self.digit_certainty)

    @property
    def label(self) -> str:
        """Name and version as one word."""
        return f"{self.name}-{self.version}"

    @property
    def card_path(self) -> Path:
        """The model card of these weights."""
        return CARDS_FOLDER / f"{self.label.removesuffix(QUANTISED)}.md"
