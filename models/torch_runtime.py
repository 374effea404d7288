"""Runs an exported network in torch: on a graphics card where there is one, else on the processor."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from models.architecture import Description
from models.runtime import UnsuitableWeightsError, described
from models.served import served
from models.unet import Probabilities, UNet

REFUSED = "torch cannot run these weights, ONNX Runtime can:"


class TorchRuntime:
    """The exported file's weights, laid back into the torch network; in fp32.

    Parameters
    ----------
    content : bytes
        The ONNX file, the same that `OnnxRuntime` runs.
    threads : int, optional
        Threads of torch on the processor, for the whole process; its own choice if left out.

    Raises
    ------
    UnsuitableWeightsError
        If the file does not say of what network it is or is quantised.

    Notes
    -----
    Differs from `OnnxRuntime` by less than 1e-3 in probability. The same picture gives the same bytes on the
    same machine; in company it may differ in the last digit, since kernels depend on the size of a batch.
    """

    def __init__(self, content: bytes, *, threads: int | None = None) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        model = onnx.load_from_string(content)
        self._description = described({item.key: item.value for item in model.metadata_props})
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = _laid_back(model, self._description).to(self._device)

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


def _laid_back(model: onnx.ModelProto, description: Description) -> Probabilities:
    """The file's network in torch: the export keeps the names of its weights."""
    network = Probabilities(served(UNet(description.architecture, description.channels)))
    stored = {item.name: item for item in model.graph.initializer}
    names = {name: description.stored_as(name) for name in network.state_dict()}
    if not all(name in stored for name in names.values()):
        raise UnsuitableWeightsError(
            f"{REFUSED} the exported file does not hold its weights in floating point"
        )
    weights = {
        name: torch.from_numpy(numpy_helper.to_array(stored[kept]).copy()) for name, kept in names.items()
    }
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        told = f"{REFUSED} the exported file belongs to a network of another architecture"
        raise UnsuitableWeightsError(told) from error
    return network.train().eval()  # so that nothing is left of what attention made of other weights
