"""Producer of a run's episodes, in a process of its own so that a kill loses little."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from matting_core.models.devices import wait_passively
from matting_core.training.config import TrainConfig
from matting_core.training.producer import VALIDATION_SEED, fill, limit_threads
from matting_core.types import DeviceChoice, Size

if TYPE_CHECKING:
    from matting_core.training.propagation.episodes import Episode

_ROLLOUT = 5


def produce_episodes(config: TrainConfig, device: DeviceChoice = DeviceChoice.AUTO) -> None:
    """Make what is missing of both pools, validation first. What is there already is kept.

    An episode depends on the seed, its number and `rollout_weights` only.

    Raises:
        InputError: the configuration's data or weights cannot be found.
        MediaError: a picture is damaged.
    """
    wait_passively()
    limit_threads(config.examples.threads)
    wanted = config.examples
    for folder, count, held_out in (
        (config.validation_pool, wanted.validation, True),
        (config.training_pool, wanted.capacity, False),
    ):
        fill(folder, count, partial(_make_episode_maker, config, device, held_out=held_out))


def _make_episode_maker(
    config: TrainConfig, device: DeviceChoice, *, held_out: bool
) -> Callable[[int], Episode]:
    """Load what makes an episode by its number."""
    from matting_core.models.devices import choose_device
    from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel
    from matting_core.training.propagation.clips import ClipStream
    from matting_core.training.propagation.object_source import make_object_source
    from matting_core.training.propagation.rollouts import RecordingNetwork, roll_out
    from matting_core.training.propagation.task import read_weights

    seed = VALIDATION_SEED if held_out else config.seed
    chosen, weights = choose_device(device), config.rollout_weights
    image = ImageModel(config.examples.side, chosen)
    network = RecordingNetwork(None if weights is None else read_weights(weights), chosen)
    size = Size(config.clips.width, config.clips.height)
    source = make_object_source(config, image, held_out=held_out)
    stream = ClipStream(source, size, config.clips.frames, seed)

    def make(index: int) -> Episode:
        rng = np.random.default_rng((seed, index, _ROLLOUT))
        return roll_out(stream.clip(index), image, network, rng)

    return make
