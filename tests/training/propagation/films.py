"""Made-up props, clips and episodes: bright things before dark ones, as the stand-in model sees."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import torch

from matting_core.training.config import Clips, Examples, Optimisation, TrainConfig
from matting_core.training.datasets import Dataset
from matting_core.training.examples import example_path
from matting_core.training.propagation.clips import ClipStream
from matting_core.training.propagation.episodes import Episode
from matting_core.training.propagation.motion import Motion
from matting_core.training.propagation.moving_layers import Bend, MovingLayer, Rgba, make_opaque
from matting_core.training.propagation.rollouts import RecordingNetwork, roll_out
from matting_core.types import Frame8, Size
from tests.training.pairs import a_photograph, disc, write_image
from tests.training.pools import CPU, StubModel

CANVAS = Size(96, 72)
SIDE = 64
FRAMES = 4


class BrightProps:
    """Cut-outs are bright discs, photographs are dark."""

    def cutout(self, rng: np.random.Generator) -> Rgba:
        cover = np.rint(255 * disc((60, 60), 24)).astype(np.uint8)
        return np.dstack([np.full((60, 60, 3), rng.integers(200, 256), np.uint8), cover])

    def texture(self, rng: np.random.Generator, size: Size) -> Frame8:
        return a_photograph(int(rng.integers(1000)), size.hw) // 4


def still(places: list[tuple[float, float]]) -> Motion:
    """Neither turned nor scaled."""
    ones = np.ones(len(places))
    return Motion(np.array(places, np.float64), 0 * ones, ones, ones)


def a_block(size: Size, grey: int, places: list[tuple[float, float]]) -> MovingLayer:
    """An opaque rectangle whose middle is at the places given."""
    return MovingLayer.from_cutout(
        make_opaque(np.full((*size.hw, 3), grey, np.uint8)), still(places), Bend.none()
    )


def a_stream(seed: int = 0, frames: int = FRAMES) -> ClipStream:
    return ClipStream(BrightProps(), CANVAS, frames, seed)


def an_episode(seed: int, weights=None) -> Episode:
    """A short clip tracked with the stand-in model."""
    follower = RecordingNetwork(weights, CPU)
    rng = np.random.default_rng(seed)
    return roll_out(a_stream().clip(seed), StubModel(SIDE), follower, rng)


def write_episodes(folder: Path, count: int, first_seed: int = 0) -> None:
    """Fill a pool."""
    folder.mkdir(parents=True)
    for index in range(count):
        an_episode(first_seed + index).write(example_path(folder, index))


def write_photographs(folder: Path) -> None:
    """Two pairs and three backgrounds: bright discs before dark photographs."""
    for seed in range(2):
        alpha = disc((120, 160), 36)[..., None]
        picture = alpha * 240 + (1 - alpha) * (a_photograph(seed, (120, 160)) // 4)
        rgb = np.rint(picture).astype(np.uint8)
        write_image(folder / "pairs" / f"thing{seed}_image.png", rgb)
        cover = np.rint(255 * alpha[..., 0]).astype(np.uint8)
        write_image(folder / "pairs" / f"thing{seed}_alpha.png", cover)
    for seed in range(3):
        dark = a_photograph(20 + seed, (150, 200)) // 4
        write_image(folder / "backgrounds" / f"b{seed}.png", dark)


def a_config(folder: Path, **changes: object) -> TrainConfig:
    """A tiny run; `changes` are of the optimisation."""
    options = Optimisation(steps=6, batch=2, warmup=2, precision="fp32", learning_rate=2e-3)
    return TrainConfig(
        out=folder / "run",
        data=(Dataset("wisp", folder / "pairs"),),
        backgrounds=(folder / "backgrounds",),
        network="follower",
        pool=folder / "pool",
        every=3,
        examples=Examples(side=SIDE, first=3, capacity=3, validation=2),
        clips=Clips(CANVAS.width, CANVAS.height, FRAMES),
        optimisation=dataclasses.replace(options, **changes),
    )


def a_filled_config(folder: Path, **changes: object) -> TrainConfig:
    """Such a run, its pools filled."""
    config = a_config(folder, **changes)
    write_episodes(config.training_pool, config.examples.capacity)
    write_episodes(config.validation_pool, config.examples.validation, first_seed=100)
    return config


class SureModel(StubModel):
    """The stand-in model, sure of its answers."""

    def decode(self, encoded, hints, *, several: bool = False):
        answers = super().decode(encoded, hints, several=several)
        return [dataclasses.replace(answer, predicted_iou=0.9) for answer in answers]


def same(one: Episode, other: Episode) -> bool:
    names = [field.name for field in dataclasses.fields(Episode)]
    return all(torch.equal(getattr(one, name), getattr(other, name)) for name in names)


def share(mask: np.ndarray) -> float:
    return float(cv2.mean(mask.astype(np.float32))[0])
