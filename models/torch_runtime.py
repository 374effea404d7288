"""Runs an exported network in torch: on a graphics card where there is one, else on the processor."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from models.architecture import Description
from models.folded import OtherArchitectureError, folded_network, read_folded
from models.runtime import UnsuitableWeightsError
from models.unet import Probabilities


class TorchRuntime:
    """The exported file's convolutions, laid back into the torch network; in fp32.

    Parameters
    ----------
    content : bytes
        The ONNX file, the same that `OnnxRuntime` runs.
    threads : int, optional
        Threads of torch on the processor, for the whole process; its own choice if left out.

    Raises
    ------
    UnsuitableWeightsError
        If the file does not say of what network it is (versions up to 0.4.0) or is quantised.

    Notes
    -----
    Differs from `OnnxRuntime` by less than 1e-3 in probability. The same picture gives the same bytes on the
    same machine; in company it may differ in the last digit, since kernels depend on the size of a batch.
    """

    def __init__(self, content: bytes, *, threads: int | None = None) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._description, folded = read_folded(content)
            network = folded_network(self._description, folded)
        except OtherArchitectureError as error:
            told = f"torch cannot run these weights, ONNX Runtime can: {error}"
            raise UnsuitableWeightsError(told) from error
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = Probabilities(network).eval().to(self._device)

    @property
    def description(self) -> Description:
        """What the file says of itself."""
        return self._description

    @torch.inference_mode()
    def run(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (N, channels, H, W), of pictures (N, 3, H, W) in 0–1."""
        # fixed kernels in full precision: results repeat, and are those of the processor to 1e-3
        with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
            probabilities = self._model(torch.from_numpy(rgb).to(self._device))
        return np.asarray(probabilities.cpu().numpy(), dtype=np.float32)
