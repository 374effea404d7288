"""Lets torchvision be imported beside a torch build that its compiled operators do not match.

torchvision registers fake implementations of two detection operators on import. Where its compiled library
does not load, the operators were never declared and the import fails, although segmentation needs neither of
them.
"""

from __future__ import annotations

import importlib.util

import torch

OPERATOR_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
"""The detection operators that torchvision's Python part refers to while it is imported."""

_declared: list[torch.library.Library] = []


def declare_torchvision_operators() -> tuple[str, ...]:
    """Declare the schemas of torchvision's detection operators where its compiled library is missing.

    Call before anything imports torchvision. Where the compiled library loads, nothing is declared.

    Returns
    -------
    tuple of str
        Names of the operators declared by this call; empty where they exist.
    """
    if _declared or _compiled_operators_load():
        return ()
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for schema in OPERATOR_SCHEMAS.values():
        library.define(schema)  # type: ignore[no-untyped-call]
    _declared.append(library)
    return tuple(OPERATOR_SCHEMAS)


def _compiled_operators_load() -> bool:
    """Whether torchvision's compiled library can be loaded, or torchvision is absent altogether."""
    if hasattr(torch.ops.torchvision, "nms"):
        return True
    package = importlib.util.find_spec("torchvision")
    if package is None or package.origin is None:
        return True
    library_path = package.origin.replace("__init__.py", "_C.so")
    try:
        torch.ops.load_library(library_path)  # type: ignore[no-untyped-call]
    except (OSError, RuntimeError):
        return False
    return hasattr(torch.ops.torchvision, "nms")
