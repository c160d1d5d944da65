"""Meta device of torch, on which networks are built without memory for their weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class NumbersOnCpu(TorchFunctionMode):
    """Mode that runs some functions on the CPU, inside `torch.device("meta")`.

    Args:
        functions: those whose results are read as numbers, or are tables that no file holds.
    """

    def __init__(self, *functions: Callable[..., torch.Tensor]) -> None:
        super().__init__()
        self._functions = frozenset(functions)

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever torch's function returns
        given = dict(kwargs or {})
        if function in self._functions:
            given["device"] = "cpu"
        return function(*args, **given)
