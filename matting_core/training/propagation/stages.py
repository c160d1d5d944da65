"""A run in two stages: on clips tracked by the untrained network, then by what that made of it."""

from __future__ import annotations

import dataclasses

from matting_core.training.config import TrainConfig
from matting_core.training.trainer import BEST


def stages_of(config: TrainConfig) -> tuple[TrainConfig, ...]:
    """The runs that a configuration asks for, in order; the last one is its own.

    A network meets its own mistakes only on clips that it has tracked itself, so there are two
    where `first_steps` asks for a first one and no weights are named that would stand for it.
    """
    wanted = config.clips.first_steps
    if config.network != "follower" or config.rollout_weights is not None or not wanted:
        return (config,)
    pool = config.pool or config.out / "examples"
    first = dataclasses.replace(
        config,
        out=config.out / "first",
        pool=pool / "first",
        cutouts=config.cutout_folder,
        optimisation=dataclasses.replace(config.optimisation, steps=wanted),
    )
    return first, dataclasses.replace(config, rollout_weights=first.out / BEST)
