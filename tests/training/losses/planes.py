"""Planes that the tests of the losses share."""

from __future__ import annotations

import torch
from torch import Tensor


def plane(rows) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64)[None, None]


def random(seed: int, *shape: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.rand(shape, generator=draw, dtype=torch.float64) * 0.9 + 0.05


A = random(1, 2, 1, 5, 7)
B = random(2, 2, 1, 5, 7)
W = random(3, 2, 1, 5, 7)
IMAGE = random(4, 2, 3, 5, 7)
LOGITS = 4 * random(5, 2, 1, 5, 7) - 2
CLASS_LOGITS = 4 * random(6, 2, 3, 5, 7) - 2
CLASSES = (random(7, 2, 5, 7) * 3).long()
PYRAMID = [random(8, 2, 1, 2, 3), random(9, 2, 1, 4, 5), random(10, 2, 1, 5, 7)]
