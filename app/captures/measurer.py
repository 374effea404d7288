"""The port through which photographs are measured, and its one adapter: app.measuring."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from app.artifacts import render_overlay
from app.domain.footprint import Footprint
from app.measuring import VERSION, PhotoReport, measure_photo
from app.platform.images import decode_photo, encode_png
from app.reader_picture import BLANK
from app.studies.schemas import GatePlan
from calibration.capture_gate import GateLimits
from calibration.digit_card import PrintLot
from calibration.photo import Optics
from calibration.pose import POSES, PoseName
from calibration.rectify import READING_AREA, READING_SCALE_PX_PER_MM
from models.registry import find_weights, load_segmenter
from models.runtime import RuntimeName
from models.segmenter import Segmenter

RING_STEP = 2
"""Every second corner of the machine's outline is kept: they stand a pixel (0.05 mm) apart, smoothed over
more."""


@dataclass(frozen=True)
class Pictures:
    """What is kept of a measured photograph beside its numbers."""

    reading_png: bytes
    overlay_png: bytes
    footprint: bytes
    skin_map: bytes


@dataclass(frozen=True)
class Outcome:
    """What measuring one photograph gave.

    Attributes
    ----------
    status : {"measured", "refused"}
        Whether there is a measurement.
    quality : list of dict
        Every criterion: code, value, limit, passed, fr, en.
    numbers : dict
        Columns of the measurement by name; empty when refused.
    pictures : Pictures or None
        None when refused.
    rings : list of list of (x, y)
        The machine's outline in pixels of the readers' picture.
    """

    status: str
    quality: list[dict[str, Any]]
    numbers: dict[str, Any]
    pictures: Pictures | None
    rings: list[list[tuple[float, float]]] = field(default_factory=list)


class Measurer(Protocol):
    """Whatever measures photographs."""

    @property
    def algorithm(self) -> str:
        """Name and version of all that a result depends on."""

    def warm_up(self) -> None:
        """Load now whatever the first photograph would wait for."""

    def measure(
        self, photo: bytes, gate: GatePlan, pose: PoseName, lot: PrintLot | None, told: Optics
    ) -> Outcome:
        """Measure one photograph of a digit that was to lie or to stand, on a card of a print lot; `told` is
        what the sender knew of the lens."""


class PipelineMeasurer:
    """The pipeline of app.measuring with the newest registered network.

    Parameters
    ----------
    threads : int
        Of the network.
    runtime : {"onnx", "torch"}
        What runs it.
    """

    def __init__(self, threads: int, runtime: RuntimeName = "onnx") -> None:
        self._threads, self._runtime = threads, runtime

    @cached_property
    def algorithm(self) -> str:
        """The software's version and the network's; the runtime, where it is not the default.

        Raises
        ------
        UnknownWeightsError
            If no network is registered.
        """
        runtime = "" if self._runtime == "onnx" else f"+{self._runtime}"
        return f"{VERSION}+{find_weights().label}{runtime}"

    def warm_up(self) -> None:
        """Load the network and show it an empty reading image.

        Raises
        ------
        UnknownWeightsError, AlteredWeightsError, RuntimeUnavailableError, UnsuitableWeightsError
            If the network cannot be had.
        """
        area, scale = READING_AREA, READING_SCALE_PX_PER_MM
        size = round((area.bottom - area.top) * scale), round((area.right - area.left) * scale)
        self._segmenter().segment(np.full((*size, 3), BLANK, dtype=np.uint8))

    def measure(
        self, photo: bytes, gate: GatePlan, pose: PoseName, lot: PrintLot | None, told: Optics
    ) -> Outcome:
        """Decode in the limited child process, then measure.

        Raises
        ------
        CodedError
            If the bytes are no photograph after all.
        """
        limits = GateLimits(**gate.model_dump())
        report = measure_photo(
            decode_photo(photo, told), self._segmenter(), limits=limits, pose=POSES[pose], lot=lot
        )
        quality = [asdict(criterion) for criterion in report.quality]
        numbers = asdict(report.measurement) if report.measurement else {}
        return Outcome(report.status, quality, numbers, _pictures(report), _rings(report))

    def _segmenter(self) -> Segmenter:
        return load_segmenter(threads=self._threads, runtime=self._runtime)


def _pictures(report: PhotoReport) -> Pictures | None:
    if report.reading is None:
        return None
    footprint: Footprint = report.reading.footprint
    return Pictures(
        encode_png(report.reading.rgb),
        encode_png(render_overlay(report.reading)),
        footprint.to_bytes(),
        report.reading.skin.to_bytes(),
    )


def _rings(report: PhotoReport) -> list[list[tuple[float, float]]]:
    """The counted outline, every corner to a twentieth of a pixel."""
    lines = report.reading.contours_px if report.reading is not None else ()
    return [[(round(float(x), 1), round(float(y), 1)) for x, y in line[::RING_STEP]] for line in lines]
