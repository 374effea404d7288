"""How one visit's skin is found again on another's: displacement, turn, and a slight change of shape.

The skin round the baseline's ulcer is looked for by its correlation at every displacement and, where a tip is
seen from its end, at every turn; the best places are then fitted to a fraction of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import GRID_PX_PER_MM, Footprint
from app.domain.skin_detail import STEP, Detail, skin_detail

SEARCH_MM = 4.0
"""Displacement between visits within which a match is looked for: the tip is found within 1 mm; a finger laid
down again 16° turned has its skin 2.5 mm aside."""

SEARCH_TURNS_DEG = tuple(range(-24, 25, 4))
"""Turns of a standing tip that are tried: a hand held up again comes back within 20° or so (own choice)."""

WINDOW_MM = 7.0
"""Margin of skin round the baseline footprint whose texture is matched."""

CANDIDATES = 3
"""Best places of the search that are refined: the true one is not always the first."""

LEAST_OVERLAP = 0.3
"""Share of the window's trusted skin that both visits must show."""

REFINING_STEPS = 10
SETTLED_CELLS = 0.02
"""Steps of the fit at most, and the step from which it has arrived: 4 µm."""

SHAPE_SD = 0.04
"""Standard deviation of stretch and shear between two visits' frames: what two fits of the same digit differ
by (own phantoms)."""

SHIFT_WEIGHT = 1e-3
"""Of staying where one is, against thousands of cells: skin without any detail has no place of its own."""

GRAIN_CELLS = 9.0
"""Cells that vary together, so that the prior weighs against independent ones."""

MATCH_QUALITY = 0.45
"""Correlation from which a match is believed. On six series of phantoms the same skin gave 0.60 and more,
other fingers' 0.31 and less (benchmarks/healing_truth.py measures both on other series)."""


@dataclass(frozen=True)
class Registration:
    """Where the baseline's skin lies on the later visit's grid.

    Attributes
    ----------
    matrix : NDArray[np.float64], shape (2, 3)
        Takes a cell (column, row) of the baseline's grid to its place on the later visit's.
    quality : float
        Correlation of the skin there, −1 to 1.
    """

    matrix: NDArray[np.float64]
    quality: float

    @property
    def is_believed(self) -> bool:
        """Whether the skin was recognised."""
        return self.quality >= MATCH_QUALITY

    def moved_back(self, later: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Share of each of the baseline's cells that the later visit's mask covers; 0 beyond its grid."""
        rows, columns = later.shape
        return _laid_over(later.astype(np.float32), self.matrix, (rows, columns))

    def carried(self, baseline: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask of the baseline's grid as it lies on the later visit's."""
        rows, columns = baseline.shape
        moved = cv2.warpAffine(baseline.astype(np.float32), self.matrix, (columns, rows))
        return np.asarray(moved >= 0.5)  # noqa: PLR2004  (the border of a mask)


UNRECOGNISED = Registration(np.eye(2, 3), 0.0)
"""No registration: charts that cannot be compared, or too little skin in common."""


def register(baseline: Footprint, later: Footprint) -> Registration:
    """Find the skin round the baseline's ulcer again.

    Returns
    -------
    Registration
        The best there is; whether to believe it is its own to tell. `UNRECOGNISED` where one visit's
        photograph shows the digit lying and the other's its tip, or where an earlier version's grid was
        shorter.
    """
    alike = baseline.chart == later.chart and baseline.open.shape == later.open.shape
    if not alike or not baseline.open.any():
        return UNRECOGNISED
    first, second = skin_detail(baseline), skin_detail(later)
    window = _window(baseline)
    turns = SEARCH_TURNS_DEG if baseline.chart == "tip" else (0,)
    starts = _search(first, second, window, turns)
    if not starts:
        return UNRECOGNISED
    fits = [_refined(first, second, window, start) for start in starts]
    matrix, quality = max(fits, key=lambda fit: fit[1])
    return Registration(_on_grid(matrix), quality)


def _on_grid(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """From thinned cells to the grid's own: the middle of the first thinned cell is not that of the first."""
    shift = (STEP - 1) / 2
    place = STEP * matrix[:, 2] + shift - matrix[:, :2] @ np.full(2, shift)
    return np.column_stack([matrix[:, :2], place])


def _window(baseline: Footprint) -> tuple[slice, slice]:
    """The baseline's ulcer and the skin round it, in thinned cells."""
    margin = WINDOW_MM * GRID_PX_PER_MM
    spans = [np.flatnonzero(baseline.open.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (
        slice(int(max(span[0] - margin, 0) / STEP), int(min(span[-1] + margin + 1, size) / STEP))
        for span, size in zip(spans, baseline.open.shape, strict=True)
    )
    return rows, columns


def _search(
    first: Detail, second: Detail, window: tuple[slice, slice], turns: tuple[int, ...]
) -> list[NDArray[np.float64]]:
    """The most alike places, as matrices; those next to a better one left out."""
    reach = int(SEARCH_MM * GRID_PX_PER_MM / STEP)
    found: list[tuple[float, NDArray[np.float64]]] = []
    mine = [part[window] for part in first]
    rows, columns = first[0].shape
    for turn in turns:
        # Turned about the grid's middle, where a standing tip's top lies.
        middle = ((columns - 1) / 2, (rows - 1) / 2)
        matrix = np.asarray(cv2.getRotationMatrix2D(middle, float(turn), 1.0), np.float64)
        turned = [_laid_over(part, matrix, first[0].shape) for part in second] if turn else list(second)
        likeness = _correlations(mine, turned, (window[0].start, window[1].start), reach)
        for _ in range(CANDIDATES):
            row, column = np.unravel_index(int(likeness.argmax()), likeness.shape)
            if likeness[row, column] <= 0:
                break
            shift = np.array([column - reach, row - reach], float)
            found.append((float(likeness[row, column]), _shifted(matrix, shift)))
            likeness[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = -1.0
    found.sort(key=lambda one: -one[0])
    return [matrix for _, matrix in found[:CANDIDATES]]


def _laid_over(
    part: NDArray[np.float32], matrix: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.float32]:
    """The later visit's part as it lies on the baseline's grid."""
    return np.asarray(
        cv2.warpAffine(part, matrix, (size[1], size[0]), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    )


def _shifted(matrix: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """First the shift, then the matrix."""
    return np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ shift])


def _correlations(
    first: list[NDArray[np.float32]],
    second: list[NDArray[np.float32]],
    corner: tuple[int, int],
    reach: int,
) -> NDArray[np.float64]:
    """Correlation at every displacement up to `reach`, over what both show (Padfield 2012, by Fourier sums).

    Returns
    -------
    NDArray[np.float64], shape (2 reach + 1, 2 reach + 1)
        −1 where too little is shown.
    """
    rows, columns = first[0].shape
    frame = [np.zeros((rows + 2 * reach, columns + 2 * reach), np.float32) for _ in second]
    top, left = corner[0] - reach, corner[1] - reach
    for target, part in zip(frame, second, strict=True):
        r0, c0 = max(top, 0), max(left, 0)
        cut = part[r0 : top + target.shape[0], c0 : left + target.shape[1]]
        target[r0 - top : r0 - top + cut.shape[0], c0 - left : c0 - left + cut.shape[1]] = cut
    a, m = first[0] * first[1], first[1]
    b, n = frame[0] * frame[1], frame[1]
    size = (cv2.getOptimalDFTSize(frame[0].shape[0]), cv2.getOptimalDFTSize(frame[0].shape[1]))
    fa, fm, faa = (np.conj(np.fft.rfft2(part, size)) for part in (a, m, a * first[0]))
    fb, fn, fbb = (np.fft.rfft2(part, size) for part in (b, n, b * frame[0]))
    span = 2 * reach + 1
    products = (fa * fb, fm * fn, fa * fn, fm * fb, faa * fn, fm * fbb)
    ab, count, sum_a, sum_b, aa, bb = (np.fft.irfft2(one, size)[:span, :span] for one in products)
    count = np.maximum(count, 1.0)
    covariance = ab - sum_a * sum_b / count
    spread = np.maximum(aa - sum_a**2 / count, 1e-6) * np.maximum(bb - sum_b**2 / count, 1e-6)
    return np.where(count >= LEAST_OVERLAP * m.sum(), covariance / np.sqrt(spread), -1.0)


def _refined(
    first: Detail, second: Detail, window: tuple[slice, slice], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Gauss and Newton on the difference of the normalised details, stretch and shear held near none.

    Returns
    -------
    matrix, quality
        The best step's.
    """
    a, valid = first[0][window], first[1][window]
    rows, columns = np.mgrid[window]
    middle = np.array([columns.mean(), rows.mean()])
    # About the window's middle, so that shift and shape do not pull at each other.
    x, y = (columns - middle[0]).astype(np.float32), (rows - middle[1]).astype(np.float32)
    shape, place = start[:, :2], start[:, :2] @ middle + start[:, 2]
    best, best_quality = start, -1.0
    for _ in range(REFINING_STEPS):
        matrix = np.column_stack([shape, place - shape @ middle])
        b, both = _sampled(second, matrix, window)
        both = both * valid
        quality, difference, gain = _difference(a, b, both, float(valid.sum()))
        if quality > best_quality:
            best, best_quality = matrix, quality
        if gain <= 0:
            break
        gx, gy = (cv2.Scharr(b, cv2.CV_32F, *order, scale=gain / 32) for order in ((1, 0), (0, 1)))
        inside = both > 0
        moves = np.stack([part[inside] for part in (gx * x, gx * y, gx, gy * x, gy * y, gy)], axis=-1)
        weights, pull = _held(shape, start[:, :2], 1.0 - max(quality, 0.0) ** 2)
        step = np.linalg.solve(moves.T @ moves + np.diag(weights), moves.T @ difference[inside] - pull)
        # The step is taken in the baseline's grid, before the matrix so far.
        place = place + shape @ step[[2, 5]]
        shape = shape @ (np.eye(2) + step[[0, 1, 3, 4]].reshape(2, 2))
        if np.abs(step[[2, 5]]).max() < SETTLED_CELLS:
            break
    return best, best_quality


def _held(
    shape: NDArray[np.float64], prior: NDArray[np.float64], variance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the prior on stretch and shear, and its pull, in the order of the parameters."""
    weight = variance * GRAIN_CELLS / SHAPE_SD**2
    away = np.linalg.solve(prior, shape) - np.eye(2)
    weights = np.array([weight, weight, SHIFT_WEIGHT, weight, weight, SHIFT_WEIGHT])
    return weights, weights * np.array([away[0, 0], away[0, 1], 0.0, away[1, 0], away[1, 1], 0.0])


def _sampled(second: Detail, matrix: NDArray[np.float64], window: tuple[slice, slice]) -> Detail:
    """The later visit's detail and trust at the places of the window's cells."""
    corner = np.array([window[1].start, window[0].start], float)
    size = (window[1].stop - window[1].start, window[0].stop - window[0].start)
    moved = np.column_stack([matrix[:, :2], matrix[:, :2] @ corner + matrix[:, 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    detail, trust = (cv2.warpAffine(part, moved, size, flags=flags) for part in second)
    return np.asarray(detail), (trust > 0.99).astype(np.float32)  # noqa: PLR2004  (all four neighbours)


def _difference(
    a: NDArray[np.float32], b: NDArray[np.float32], both: NDArray[np.float32], trusted: float
) -> tuple[float, NDArray[np.float32], float]:
    """Correlation, difference of the normalised details, and the factor that normalises the second."""
    count = float(both.sum())
    if count < max(LEAST_OVERLAP * trusted, 1.0):
        return -1.0, a, 0.0
    za, zb = ((part - float((part * both).sum()) / count) * both for part in (a, b))
    sd_a, sd_b = (float(np.sqrt((part**2).sum() / count)) for part in (za, zb))
    if min(sd_a, sd_b) <= 0:
        return -1.0, a, 0.0
    quality = float((za * zb).sum()) / count / sd_a / sd_b
    return quality, za / sd_a - zb / sd_b, 1.0 / sd_b
