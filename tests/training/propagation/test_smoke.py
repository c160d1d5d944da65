"""From made-up photographs to a trained network of the tracker, with the real encoder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

from matting_core.jobs import CancelToken
from matting_core.training import trainer
from matting_core.training.config import Clips, Examples
from matting_core.training.examples import pool_files
from matting_core.training.propagation import producer
from matting_core.training.propagation.object_source import PhotographObjects
from matting_core.training.trainer import StepReport, Trainer
from matting_core.types import DeviceChoice
from tests.training.propagation.films import a_config, write_photographs


def a_small_run(folder: Path):
    write_photographs(folder)
    return dataclasses.replace(
        a_config(folder, steps=10, batch=2, warmup=2, learning_rate=3e-3, ema=0.7),
        every=10,
        examples=Examples(side=512, first=2, capacity=2, validation=1, threads=0),
        clips=Clips(160, 120, 3),
    )


@pytest.mark.slow
@pytest.mark.weights
def test_a_short_training_lowers_the_loss(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    # searching photographs for regions has tests of its own and takes seconds for each
    monkeypatch.setattr(PhotographObjects, "_region", lambda self, rng: None)
    config = a_small_run(tmp_path)
    producer.produce_episodes(config, DeviceChoice.CPU)
    learner = Trainer(config, torch.device("cpu"))
    batch = learner._batch(pool_files(config.training_pool))

    def loss(net: torch.nn.Module) -> float:
        with torch.inference_mode():
            return float(sum(learner.task.losses(net, batch).values()))

    before, reports = loss(learner.average), list[StepReport]()
    scores = learner.run(CancelToken(), reports.append)
    assert loss(learner.average) < 0.9 * before
    assert scores.region > 0.4
    assert reports[-1].scores == scores
