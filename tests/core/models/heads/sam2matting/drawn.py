"""Weights and inputs drawn from their names, so that two programs can agree without a file."""

from __future__ import annotations

import math
import zlib

import numpy as np
import torch
from torch import Tensor

from matting_core.models.heads.sam2matting.model import SAM2MattingHeads


def noise(name: str, *shape: int) -> Tensor:
    """Standard normal, float32, seeded by the name."""
    draw = np.random.Generator(np.random.PCG64([1, zlib.crc32(name.encode())]))
    return torch.from_numpy(np.asarray(draw.standard_normal(shape), np.float32))


def weight(key: str, shape: tuple[int, ...]) -> Tensor:
    values = noise(key, *shape)
    if key.endswith("running_var"):
        return 1 + 0.1 * values.abs()
    if len(shape) == 4:
        return values * math.sqrt(2 / math.prod(shape[1:]))
    if key.endswith(".weight"):
        return 1 + 0.1 * values
    return 0.1 * values


def checkpoint() -> dict[str, Tensor]:
    """All that the published shapes name, but for the counters."""
    shapes = SAM2MattingHeads.published_shapes().items()
    return {key: weight(key, shape) for key, shape in shapes if "num_batches" not in key}


def drawn_heads() -> SAM2MattingHeads:
    return SAM2MattingHeads.load_published(checkpoint())


def features(batch: int, *sizes: tuple[int, int]) -> tuple[Tensor, ...]:
    names = (("feat4", 32), ("feat8", 64), ("feat16", 256))
    pairs = zip(names, sizes, strict=True)
    return tuple(noise(name, batch, channels, *hw) for (name, channels), hw in pairs)
