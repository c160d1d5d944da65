"""Stages of a run: clips tracked by the untrained network, then by the trained one."""

from __future__ import annotations

import dataclasses

from matting_core.training.config import TrainConfig
from matting_core.training.trainer import BEST


def make_stage_configs(config: TrainConfig) -> tuple[TrainConfig, ...]:
    """Make the configurations of the runs that one configuration asks for; its own is the last.

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
