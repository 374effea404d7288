"""The floor of a network's time: its multiply-adds over the rate at which the machine multiplies matrices."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch.utils.flop_counter import FlopCounterMode

SIDES = (512, 1024, 2048)
"""Sides of the square matrices: 1 to 16 MB each, from what second-level caches nearly hold to what they do
not, so that whatever blocking a library uses finds its best size among them."""

SECONDS_PER_SIZE = 0.5
LEAST_RUNS = 5


def multiply_adds(content: bytes, height: int, width: int) -> int:
    """Multiply-adds of all convolutions of an exported network for one picture.

    Parameters
    ----------
    content : bytes
        ONNX file in floating point.
    height, width : int
        Of the picture, px, multiples of 32.

    Notes
    -----
    The network is run once with the convolutions' outputs and weights laid open: their sizes are measured,
    not derived, since some weights are made of others.
    """
    model = onnx.load_from_string(content)
    shapes = {item.name: tuple(item.dims) for item in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type == "Conv"]
    made = {node.input[1] for node in nodes} - set(shapes)
    names = [*(node.output[0] for node in nodes), *made]
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    values = session.run(None, {"rgb": np.zeros((1, 3, height, width), np.float32)})
    shapes |= {name: value.shape for name, value in zip(names, values, strict=True)}
    # a weight has the shape (outputs, inputs of the group, rows, columns)
    return sum(
        int(np.prod(shapes[node.output[0]])) * int(np.prod(shapes[node.input[1]][1:])) for node in nodes
    )


def torch_multiply_adds(build: Callable[[], torch.nn.Module], height: int, width: int) -> int:
    """The same of a torch network, counted without computing anything."""
    with torch.device("meta"):
        network = build().eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            network(torch.empty(1, 3, height, width))
    return int(counter.get_total_flops()) // 2


def matrix_rate(threads: int) -> tuple[float, str]:
    """Multiply-adds a second in fp32 matrix products, and which library and size gave the best.

    Median over runs of half a second, by torch and by ONNX Runtime, on square matrices of `SIDES`.

    Parameters
    ----------
    threads : int
        As the networks have.
    """
    torch.set_num_threads(threads)
    rates: dict[str, float] = {}
    for side in SIDES:
        factors = np.random.default_rng(0).random((2, side, side), dtype=np.float32)
        for library, product in (("torch", _torch_product), ("ONNX Runtime", _onnx_product)):
            seconds = _median_s(product(factors, threads))
            rates[f"{library}, {side} × {side}"] = side**3 / seconds
    best = max(rates, key=lambda name: rates[name])
    return rates[best], best


def _torch_product(factors: NDArray[np.float32], _threads: int) -> Callable[[], object]:
    left, right = torch.from_numpy(factors[0]), torch.from_numpy(factors[1])
    result = torch.empty_like(left)
    return lambda: torch.mm(left, right, out=result)


def _onnx_product(factors: NDArray[np.float32], threads: int) -> Callable[[], object]:
    side = factors.shape[1]
    left, result = (helper.make_tensor_value_info(name, TensorProto.FLOAT, (side, side)) for name in "ac")
    # the right factor is a constant, as a layer's weights are, and may be packed beforehand
    right = helper.make_tensor("b", TensorProto.FLOAT, (side, side), factors[1].tobytes(), raw=True)
    node = helper.make_node("MatMul", ["a", "b"], ["c"])
    graph = helper.make_graph([node], "product", [left], [result], [right])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"a": factors[0]})


def _median_s(work: Callable[[], object]) -> float:
    work()
    times: list[float] = []
    while len(times) < LEAST_RUNS or sum(times) < SECONDS_PER_SIZE:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)
