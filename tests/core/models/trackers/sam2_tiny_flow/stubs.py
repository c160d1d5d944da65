"""An encoder, a decoder and a network that need no weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    DecodedMask,
    DecoderPrompt,
    EncodedPicture,
)
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import NetworkAnswer
from matting_core.windows import Window

SIDE = 64
GRID = SIDE // 16


def encoded(seed: int = 0, side: int = SIDE) -> EncodedPicture:
    """Random features of the true shapes."""
    draw = torch.Generator().manual_seed(seed)

    def level(channels: int, stride: int) -> torch.Tensor:
        return torch.randn(1, channels, side // stride, side // stride, generator=draw)

    stride16 = level(256, 16)
    keys = torch.nn.functional.normalize(stride16[0].flatten(1), dim=0)
    thumbnail = np.full((side // 4, side // 4, 3), 100, np.uint8)
    return EncodedPicture(side, level(32, 4), level(64, 8), stride16, keys, thumbnail)


def encode(frame: int, window: Window) -> EncodedPicture:
    """Every window of a frame has features of its own."""
    return encoded(hash((frame, window)) % 1000)


class Echo:
    """A decoder that answers the mask it was given, or a full square without one."""

    side = SIDE

    def __init__(self) -> None:
        self.asked: list[DecoderPrompt] = []

    def decode(
        self, seen: EncodedPicture, hints: DecoderPrompt, *, several: bool = False
    ) -> list[DecodedMask]:
        self.asked.append(hints)
        side = seen.side // 4
        logits = np.full((side, side), 5, np.float32) if hints.logits is None else hints.logits
        return [DecodedMask(logits, 0.9 - 0.1 * i) for i in range(3 if several else 1)]

    def decode_each(
        self, seen: EncodedPicture, asked: Sequence[DecoderPrompt], *, several: bool = False
    ) -> list[list[DecodedMask]]:
        return [self.decode(seen, hints, several=several) for hints in asked]


class Says:
    """A network that always says the same."""

    def __init__(self, told: NetworkAnswer) -> None:
        self.told = told
        self.cues: list[np.ndarray] = []

    def predict(
        self, seen: EncodedPicture, cues: np.ndarray, memory: object, encode: object
    ) -> NetworkAnswer:
        self.cues.append(cues)
        return self.told


def square(side: int, inside: Sequence[int] | None = None) -> np.ndarray:
    """Logits 8 inside [first, last) of both axes, -8 elsewhere."""
    logits = np.full((side, side), -8, np.float32)
    if inside is not None:
        logits[inside[0] : inside[1], inside[0] : inside[1]] = 8
    return logits
