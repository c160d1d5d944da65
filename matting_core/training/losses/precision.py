"""Checks of shapes, full precision and weighted means, which all losses share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import torch
from torch import Tensor

P = ParamSpec("P")

_TINY = 1e-6


def full_precision(loss: Callable[P, Tensor]) -> Callable[P, Tensor]:
    """Keep autocast out of a loss: half precision loses the small differences it is made of."""

    @wraps(loss)
    def outside_autocast(*args: P.args, **kwargs: P.kwargs) -> Tensor:
        kinds = {value.device.type for value in (*args, *kwargs.values()) if torch.is_tensor(value)}
        with torch.autocast(next(iter(kinds), "cpu"), enabled=False):
            return loss(*args, **kwargs)

    return outside_autocast


def upcast(values: Tensor) -> Tensor:
    """Return `values` as float32, or untouched if they are float64."""
    return values if values.dtype == torch.float64 else values.float()


def check_planes(**planes: Tensor | None) -> None:
    """Check that all given tensors are floating (B, 1, h, w) of one and the same shape.

    Raises:
        ValueError: one is not, named by its keyword.
    """
    given = {name: plane for name, plane in planes.items() if plane is not None}
    shape = next(iter(given.values())).shape
    for name, plane in given.items():
        if plane.ndim != 4 or plane.shape[1] != 1 or not plane.numel():
            raise ValueError(f"{name} must be (B, 1, h, w), not {tuple(plane.shape)}")
        if not plane.is_floating_point():
            raise ValueError(f"{name} must be floating, not {plane.dtype}")
        if plane.shape != shape:
            raise ValueError(f"{name} is {tuple(plane.shape)}, the first is {tuple(shape)}")


def weighted_mean(values: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return sum(w v) / sum(w), a scalar; 0 where nothing has weight or there are no values."""
    if weight is None:
        return values.sum() / max(1, values.numel())
    weight = weight.to(values.dtype)
    return (values * weight).sum() / weight.sum().clamp_min(_TINY)
