"""Producer of a run's examples, in a process of its own so that a kill loses little."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from matting_core.errors import InputError
from matting_core.media.stills import IMAGE_SUFFIXES
from matting_core.models.devices import wait_passively
from matting_core.training.config import TrainConfig
from matting_core.training.datasets import ImagePair, gather_pairs
from matting_core.training.render.samples import Mix, SampleStream
from matting_core.types import DeviceChoice, Size

if TYPE_CHECKING:
    from matting_core.training.examples import Example

VALIDATION_SEED = 1_000_003
"""Seed of the validation pictures, whatever the seed of the training."""

_GUIDES = 7


class StoredExample(Protocol):
    """Example of some kind that can be written to disk."""

    def write(self, path: Path) -> None:
        """Save to a file, whole or not at all."""
        ...


def start_producer(config: TrainConfig, device: DeviceChoice) -> BaseProcess:
    """Start making examples; the process ends with its parent, or when it has made them all.

    Raises:
        InputError: a folder of backgrounds holds no photographs.
    """
    background_files(config)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_choose_producer(config), args=(config, device), daemon=True)
    process.start()
    return process


def produce(config: TrainConfig, device: DeviceChoice = DeviceChoice.AUTO) -> None:
    """Make what is missing of both pools, validation first. What is there already is kept.

    An example depends on the seed and its number only.
    """
    wait_passively()
    limit_threads(config.examples.threads)
    seen, held_out = split_pairs(config)
    wanted = config.examples
    cache = config.training_pool.parent / "foregrounds"
    for folder, count, source in (
        (
            config.validation_pool,
            wanted.validation,
            (held_out or seen, wanted.validation_mix, VALIDATION_SEED),
        ),
        (config.training_pool, wanted.capacity, (seen, wanted.mix, config.seed)),
    ):
        fill(folder, count, partial(_make_example_maker, config, source, cache, device))


def limit_threads(threads: int) -> None:
    """Let torch and OpenCV use so many threads in this process; 0 leaves their own choice."""
    import cv2
    import torch

    if threads:
        torch.set_num_threads(threads)
        cv2.setNumThreads(threads)


def fill(
    folder: Path, count: int, make_maker: Callable[[], Callable[[int], StoredExample]]
) -> None:
    """Make what is missing of a pool; stops where the process that started this one is gone.

    Args:
        folder: of the pool.
        count: how many examples belong into it.
        make_maker: gives what makes an example by its number; not asked if none is missing.
    """
    from matting_core.training.examples import example_path

    folder.mkdir(parents=True, exist_ok=True)
    missing = [index for index in range(count) if not example_path(folder, index).exists()]
    if not missing:
        return
    make = make_maker()
    parent = os.getppid()
    for index in missing:
        if os.getppid() != parent:
            return
        make(index).write(example_path(folder, index))


def split_pairs(config: TrainConfig) -> tuple[tuple[ImagePair, ...], tuple[ImagePair, ...]]:
    """Split the pairs into the ones to train on and the ones held out.

    Raises:
        InputError: a name in `hold_out` fits no pair.
    """
    pairs = gather_pairs(config.data)
    for part in config.hold_out:
        if not any(part in pair.image.name for pair in pairs):
            raise InputError(f"No image has '{part}', which is to be held out, in its name.")
    held_out = tuple(
        pair for pair in pairs if any(part in pair.image.name for part in config.hold_out)
    )
    left_out = set(held_out)
    return tuple(pair for pair in pairs if pair not in left_out), held_out


def background_files(config: TrainConfig) -> tuple[Path, ...]:
    """List the photographs in the configuration's background folders, by name.

    Raises:
        InputError: a folder holds none, or none is named.
    """
    if not config.backgrounds:
        raise InputError("There is no folder of backgrounds; name at least one of photographs.")
    found: list[Path] = []
    for folder in config.backgrounds:
        photographs = [one for one in folder.glob("*") if one.suffix.lower() in IMAGE_SUFFIXES]
        if not photographs:
            raise InputError(f"{folder} holds no photographs; name another folder of backgrounds.")
        found += sorted(photographs)
    return tuple(found)


def _choose_producer(config: TrainConfig) -> Callable[[TrainConfig, DeviceChoice], None]:
    """Choose the function that makes the examples of a configuration's network."""
    if config.network == "follower":
        from matting_core.training.propagation.producer import produce_episodes

        return produce_episodes
    return produce


def _make_example_maker(
    config: TrainConfig,
    source: tuple[tuple[ImagePair, ...], Mix, int],
    cache: Path,
    device: DeviceChoice,
) -> Callable[[int], Example]:
    from matting_core.models.devices import choose_device
    from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel
    from matting_core.training.examples import make_example

    (pairs, mix, seed), wanted = source, config.examples
    picture = Size(wanted.picture, wanted.picture)
    stream = SampleStream(pairs, background_files(config), picture, seed, mix, cache)
    model = ImageModel(wanted.side, choose_device(device))

    def make(index: int) -> Example:
        sample = stream.sample(index)
        rng = np.random.default_rng((seed, index, _GUIDES))
        return make_example(sample.rgb, sample.alpha, model, rng, wanted.damage)

    return make
