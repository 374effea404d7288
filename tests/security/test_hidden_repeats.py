"""Nothing that a response weighs or is called tells a repeat, nor the queue's order a date or a site."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

from app.domain.blinding import queue_position
from app.domain.case_assembly import crop_of, is_repeated
from app.platform.images import encode_png

SECRET = b"of this test alone, and long enough"
TIMEPOINTS = 1600
FOLDS = 5
RIDGE = 1.0

AUC_LIMIT = 0.55
RHO_LIMIT = 0.05


CODES = random.Random(2)
"""Codes as random as the service's, but the same in every run."""


def _code() -> str:
    return f"{CODES.getrandbits(128):032x}"


def _picture(number: int) -> NDArray[np.uint8]:
    """A digit's picture, each of another size and texture."""
    rng = np.random.default_rng(number)
    height, width = rng.integers(90, 130), rng.integers(60, 90)
    noise = rng.normal(140, 25, (height // 4, width // 4, 3)).astype(np.float32)
    smooth = cv2.resize(noise, (int(width), int(height)), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 255).astype(np.uint8)


def _seen(picture: NDArray[np.uint8], code: str) -> list[float]:
    """What the network sees of a case: sizes, lengths, and the bytes that begin and end its picture."""
    height, width = picture.shape[:2]
    crop = crop_of(SECRET, code, height, width)
    part = picture[crop.top : height - crop.bottom, crop.left : width - crop.right]
    png = encode_png(np.ascontiguousarray(part))
    place = int(queue_position(SECRET, "reader", code)[:8], 16) / 2**32
    ends = [*png[16:24], *png[41:57], *png[-32:-12]]
    return [part.shape[0], part.shape[1], len(png), len(png) % 64, place, int(code[:8], 16) / 2**32, *ends]


def _auc(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    ranks = rankdata(scores)
    positive, negative = int(truth.sum()), int((~truth).sum())
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / positive / negative)


def _classified(features: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Scores of each case by a classifier that was fitted to the others (ridge, features and squares)."""
    scaled = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(scaled)), scaled, scaled**2])
    fold = np.random.default_rng(5).integers(FOLDS, size=len(truth))
    scores = np.zeros(len(truth))
    for number in range(FOLDS):
        rest = fold != number
        normal = design[rest].T @ design[rest] + RIDGE * np.eye(design.shape[1])
        weights = np.linalg.solve(normal, design[rest].T @ truth[rest].astype(float))
        scores[~rest] = design[~rest] @ weights
    return scores


def test_no_classifier_tells_a_repeat() -> None:
    rows, repeats = [], []
    for number in range(TIMEPOINTS):
        picture = _picture(number)
        kinds = (False, True) if is_repeated(SECRET, "reader", f"{number:032x}", 50.0) else (False,)
        for repeat in kinds:
            rows.append(_seen(picture, _code()))
            repeats.append(repeat)
    features, truth = np.array(rows, float), np.array(repeats)
    assert truth.sum() > 0.4 * TIMEPOINTS
    assert _auc(_classified(features, truth), truth) <= AUC_LIMIT
    # The classifier does find what is there to be found.
    given_away = np.column_stack([features, features[:, 2] + 40.0 * truth])
    given_away[:, -1] -= features[:, 2]
    assert _auc(_classified(given_away, truth), truth) > 0.95


def test_the_queue_follows_neither_date_nor_site_nor_upload() -> None:
    rng = np.random.default_rng(3)
    codes = [_code() for _ in range(2000)]
    places = rankdata([queue_position(SECRET, "reader", code) for code in codes])
    known = {
        "upload": np.arange(2000),
        "date": np.sort(rng.integers(0, 112, 2000)),
        "site": np.repeat(np.arange(20), 100),
    }
    for name, values in known.items():
        assert abs(spearmanr(values, places).statistic) < RHO_LIMIT, name
