"""Made-up examples whose features hold the answer, a stand-in for the encoder, and small runs."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional

from matting_core.training.config import Examples, Optimisation, TrainConfig
from matting_core.training.examples import Example, example_path

SIDE = 64
CPU = torch.device("cpu")


def blob(side: int, seed: int) -> np.ndarray:
    """A soft disc somewhere, (side, side) float32 in [0, 1]."""
    rng = np.random.default_rng(seed)
    cx, cy = rng.uniform(0.35, 0.65, 2) * side
    radius, soft = rng.uniform(0.15, 0.28) * side, rng.uniform(0.03, 0.12) * side
    y, x = np.mgrid[:side, :side] + 0.5
    return np.clip((radius - np.hypot(x - cx, y - cy)) / soft + 0.5, 0, 1).astype(np.float32)


def an_example(seed: int, side: int = SIDE) -> Example:
    """An example with noise for features, but for two channels of each scale that hold alpha."""
    rng = np.random.default_rng((seed, 1))
    alpha = blob(side, seed)
    plane = torch.from_numpy(alpha)[None, None]

    def level(channels: int, stride: int) -> torch.Tensor:
        cells = side // stride
        noise = rng.normal(0, 0.3, (channels, cells, cells)).astype(np.float32)
        small = functional.avg_pool2d(plane, stride)[0, 0]
        values = torch.from_numpy(noise)
        values[0], values[1] = 2 * small - 1, 4 * small * (1 - small)
        return values.half()

    rough = functional.avg_pool2d(functional.avg_pool2d(plane, 4), 3, 1, 1)[0, 0]
    colours = alpha[..., None] * (230, 90, 40) + (1 - alpha[..., None]) * (40, 120, 160)
    noisy = np.clip(colours + rng.normal(0, 8, colours.shape), 0, 255)
    return Example(
        stride4=level(32, 4),
        stride8=level(64, 8),
        stride16=level(256, 16),
        rgb=torch.from_numpy(noisy.astype(np.uint8)),
        alpha=torch.from_numpy(np.rint(alpha * 255).astype(np.uint8)),
        logits=(16 * rough - 8).half(),
    )


def write_pool(folder: Path, count: int, first_seed: int = 0) -> None:
    """Fill a pool."""
    folder.mkdir(parents=True)
    for index in range(count):
        an_example(first_seed + index).write(example_path(folder, index))


def a_config(folder: Path, **changes: object) -> TrainConfig:
    """A run on a pool of `folder`/pool, single precision; `changes` are of the optimisation."""
    options = Optimisation(steps=6, batch=2, warmup=2, precision="fp32", learning_rate=3e-3)
    return TrainConfig(
        out=folder / "run",
        data=(),
        backgrounds=(),
        pool=folder / "pool",
        every=3,
        examples=Examples(first=8, capacity=8, validation=2),
        optimisation=dataclasses.replace(options, **changes),
    )


def a_filled_config(folder: Path, **changes: object) -> TrainConfig:
    """Such a run, its pools filled."""
    config = a_config(folder, **changes)
    write_pool(config.training_pool, config.examples.capacity)
    write_pool(config.validation_pool, config.examples.validation, first_seed=1000)
    return config


class StubModel:
    """Takes the place of the image model: "encodes" to constants and finds what is bright.

    `asked` keeps the hints of every question.
    """

    def __init__(self, side: int, device: torch.device = CPU) -> None:
        self.side, self.asked = side, []

    def encode(self, rgb: np.ndarray):
        from matting_core.models.trackers.sam2_tiny_flow.image_model import EncodedPicture

        assert rgb.shape == (self.side, self.side, 3)
        bright = torch.from_numpy(rgb.astype(np.float32).mean(2))[None, None] / 255
        levels = []
        for channels, stride in ((32, 4), (64, 8), (256, 16)):
            levels.append(functional.avg_pool2d(bright, stride).expand(1, channels, -1, -1).clone())
        small = cv2.resize(rgb, (self.side // 4,) * 2, interpolation=cv2.INTER_AREA)
        keys = functional.normalize(levels[2][0].flatten(1), dim=0)
        return EncodedPicture(self.side, *levels, keys=keys, thumbnail=small)

    def decode(self, encoded, hints, *, several: bool = False):
        from matting_core.models.trackers.sam2_tiny_flow.image_model import DecodedMask

        self.asked.append(hints)
        whole = 40 * encoded.stride4[0, 0].numpy() - 20
        if not several:
            return [DecodedMask(whole, 0.9)]
        # a click's three readings are alike: what is near it and, like it, bright or dark
        (x, y), inside = np.divide(hints.points[0][0], 4), whole > 0
        rows, columns = np.mgrid[: whole.shape[0], : whole.shape[1]] + 0.5
        near = np.hypot(columns - x, rows - y) < 0.4 * np.sqrt(inside.sum())
        part = np.where(near & (inside == inside[int(y), int(x)]), 6.0, -9.0)
        return [DecodedMask(part.astype(np.float32), 0.5)] * 3

    def decode_each(self, encoded, asked, *, several: bool = False):
        return [self.decode(encoded, hints, several=several) for hints in asked]
