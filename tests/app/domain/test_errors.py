"""Every refusal has a status and a sentence in French and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.errors import KINDS, CodedError

APP = Path(__file__).resolve().parents[3] / "app"


@pytest.mark.parametrize("code", sorted(KINDS))
def test_sentences(code: str) -> None:
    kind = KINDS[code]
    assert 400 <= kind.status <= 500
    assert kind.fr != kind.en
    assert kind.fr.rstrip().endswith(".")
    assert kind.en.rstrip().endswith(".")
    assert CodedError(code).body() == {"code": code, "message_fr": kind.fr, "message_en": kind.en}


def test_every_code_that_is_raised_is_known_and_every_known_code_is_used() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in APP.rglob("*.py") if path.name != "errors.py"
    )
    raised = set(re.findall(r'(?:CodedError|PictureError)\(\s*"(\w+)"', text))
    assert raised <= set(KINDS)
    assert {code for code in KINDS if f'"{code}"' not in text} == set()
