"""What runs the exported network: ONNX Runtime here, torch in `models.torch_runtime`; both run one file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.architecture import Description

RuntimeName = Literal["onnx", "torch"]
"""Runtimes that can be chosen; ONNX Runtime measures unless another is asked for."""


class RuntimeUnavailableError(RuntimeError):
    """The runtime that was asked for is not installed; the message says what to install."""


class UnsuitableWeightsError(RuntimeError):
    """The weights cannot be run by the runtime that was asked for; the message says why."""


def described(metadata: Mapping[str, str]) -> Description:
    """What an ONNX file says of itself in its metadata.

    Raises
    ------
    UnsuitableWeightsError
        If it does not say what it is.
    """
    try:
        return Description.read(metadata)
    except ValueError as error:
        raise UnsuitableWeightsError(f"the exported file cannot be used: {error}") from error


class Runtime(Protocol):
    """Whatever turns pictures into probabilities. May be called from several threads."""

    @property
    def description(self) -> Description:
        """What the file says of itself."""

    def run(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (N, channels, H, W), of pictures (N, 3, H, W) in 0–1"""


class OnnxRuntime:
    """ONNX Runtime on the processor.

    Parameters
    ----------
    content : bytes
        The ONNX file.
    threads : int, optional
        Threads of one run; the number of cores if left out.

    Raises
    ------
    UnsuitableWeightsError
        If the file does not say what it is.

    Notes
    -----
    The session is made once. The same picture gives the same bytes on the same machine, alone or in company,
    with any number of threads: no sum is shared between threads.
    """

    def __init__(self, content: bytes, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._description = described(self._session.get_modelmeta().custom_metadata_map)

    @property
    def description(self) -> Description:
        """What the file says of itself."""
        return self._description

    def run(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (N, channels, H, W), of pictures (N, 3, H, W) in 0–1."""
        (probabilities,) = self._session.run(None, {self._input: rgb})
        # its sigmoid ends one rounding above 1 for some logits near 17.83
        return np.asarray(np.minimum(probabilities, 1, out=probabilities), dtype=np.float32)
