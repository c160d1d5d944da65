"""An encoder, a decoder and a network that need no weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from matting_core.models.trackers.sam2_tiny_flow.follower import Told
from matting_core.models.trackers.sam2_tiny_flow.image_model import Decoded, Encoded, Hints
from matting_core.windows import Window

SIDE = 64
GRID = SIDE // 16


def encoded(seed: int = 0, side: int = SIDE) -> Encoded:
    """Random features of the true shapes."""
    draw = torch.Generator().manual_seed(seed)

    def level(channels: int, stride: int) -> torch.Tensor:
        return torch.randn(1, channels, side // stride, side // stride, generator=draw)

    stride16 = level(256, 16)
    keys = torch.nn.functional.normalize(stride16[0].flatten(1), dim=0)
    thumbnail = np.full((side // 4, side // 4, 3), 100, np.uint8)
    return Encoded(side, level(32, 4), level(64, 8), stride16, keys, thumbnail)


def encode(frame: int, window: Window) -> Encoded:
    """Every window of a frame has features of its own."""
    return encoded(hash((frame, window)) % 1000)


class Echo:
    """A decoder that answers the mask it was given, or a full square without one."""

    side = SIDE

    def __init__(self) -> None:
        self.asked: list[Hints] = []

    def decode(self, seen: Encoded, hints: Hints, *, several: bool = False) -> list[Decoded]:
        self.asked.append(hints)
        side = seen.side // 4
        logits = np.full((side, side), 5, np.float32) if hints.logits is None else hints.logits
        return [Decoded(logits, 0.9 - 0.1 * i) for i in range(3 if several else 1)]

    def decode_each(
        self, seen: Encoded, asked: Sequence[Hints], *, several: bool = False
    ) -> list[list[Decoded]]:
        return [self.decode(seen, hints, several=several) for hints in asked]


class Says:
    """A network that always says the same."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.cues: list[np.ndarray] = []

    def ask(self, seen: Encoded, cues: np.ndarray, memory: object, encode: object) -> Told:
        self.cues.append(cues)
        return self.told


def square(side: int, inside: Sequence[int] | None = None) -> np.ndarray:
    """Logits 8 inside [first, last) of both axes, -8 elsewhere."""
    logits = np.full((side, side), -8, np.float32)
    if inside is not None:
        logits[inside[0] : inside[1], inside[0] : inside[1]] = 8
    return logits
