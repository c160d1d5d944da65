"""What belongs into the files: names and shapes of the true networks, built without weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

Shapes = Mapping[str, tuple[int, ...]]

SAM21_SIZES = ("tiny", "small", "base-plus", "large")
_CONFIGS = dict(zip(SAM21_SIZES, ("t", "s", "b+", "l"), strict=True))


@cache
def sam21_shapes(size: str) -> Shapes:
    """Shapes of the official SAM 2.1 checkpoint of a size, by name (`sam2`'s own configuration)."""
    from sam2.build_sam import build_sam2

    with torch.device("meta"), _NumbersOnCpu():
        model = build_sam2(f"configs/sam2.1/sam2.1_hiera_{_CONFIGS[size]}.yaml", device="meta")
    return {name: tuple(value.shape) for name, value in model.state_dict().items()}


def head_shapes() -> Shapes:
    """Shapes of SAM2Matting's heads in a published checkpoint, by name."""
    from matting_core.heads.sam2matting import published_shapes

    return published_shapes()


class _NumbersOnCpu(TorchFunctionMode):
    """Keeps `linspace` off the meta device: Hiera reads drop rates out of it as Python numbers."""

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever torch's function returns
        given = dict(kwargs or {})
        if function is torch.linspace:
            given["device"] = "cpu"
        return function(*args, **given)
