import numpy as np
import pytest
from onnx import TensorProto, helper

from models.architecture import CHANNELS, Architecture, Description
from models.runtime import OnnxRuntime, UnsuitableWeightsError


def _sigmoid(*, described: bool = True) -> bytes:
    """A network that is nothing but a sigmoid."""
    entry, result = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 3, "h", "w"]) for name in ("rgb", "p")
    )
    graph = helper.make_graph([helper.make_node("Sigmoid", ["rgb"], ["p"])], "sigmoid", [entry], [result])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    if described:
        helper.set_model_props(model, Description(CHANNELS[:2], Architecture()).metadata())
    return bytes(model.SerializeToString())


def test_probabilities_end_at_0_and_1() -> None:
    logits = np.linspace(17.5, 18, 3 * 512 * 512, dtype=np.float32).reshape(1, 3, 512, 512)
    probabilities = OnnxRuntime(_sigmoid(), threads=1).run(np.concatenate([logits, -logits]))
    assert probabilities.dtype == np.float32
    assert float(probabilities.max()) == 1
    assert float(probabilities.min()) >= 0
    assert np.isclose(probabilities[0].min(), 1, atol=1e-6)


def test_a_file_that_does_not_say_what_it_is_is_refused() -> None:
    with pytest.raises(UnsuitableWeightsError, match="does not say"):
        OnnxRuntime(_sigmoid(described=False), threads=1)
