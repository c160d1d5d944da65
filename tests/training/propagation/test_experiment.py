"""Draws, scores and the page of the tracker's network, and a run that is killed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from matting_core.errors import CancelledError
from matting_core.jobs import CancelToken
from matting_core.training.examples import pool_files
from matting_core.training.propagation.experiment import (
    PropagationExperiment,
    PropagationScores,
    draw_frame_sample,
    drop_cues,
)
from matting_core.training.trainer import BEST, CHECKPOINT, LAST, LOG, StepReport, Trainer
from tests.training.pools import CPU
from tests.training.propagation.films import SIDE, a_config, a_filled_config, an_episode

pytestmark = pytest.mark.usefixtures("steady")


class Truthful(nn.Module):
    """Gives the logits and the belief it is told to, whatever it sees."""

    def __init__(self, answer: torch.Tensor | None, belief: float = 0.0) -> None:
        super().__init__()
        self.answer, self.belief = answer, belief

    def forward(self, inputs, anchor, later):
        answer = 10 * inputs.cues[:, 4:5] if self.answer is None else self.answer
        return answer, torch.tensor([[self.belief, 0.0]])


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{k}.safetensors" for k in range(2)]
    for seed, path in enumerate(paths):
        an_episode(seed).write(path)
    return paths


def test_draws_depend_on_the_generator_only_and_vary(files) -> None:
    draws = [
        draw_frame_sample(files, np.random.default_rng(seed)) for seed in (1, 1, *range(2, 12))
    ]
    assert torch.equal(draws[0].inputs.cues, draws[1].inputs.cues)
    assert len({float(draw.truth.mean()) for draw in draws}) > 2
    assert all(len(draw.later) == 3 for draw in draws)


def test_dropped_cues_are_gone_and_the_others_stay() -> None:
    whole = torch.rand(1, 7, 4, 4) + 0.1
    for kind, changed in ((0, [4]), (1, [4]), (2, [0, 1]), (3, [4, 5, 6])):
        cues = whole.clone()
        drop_cues(cues, kind)
        for plane in range(7):
            assert torch.equal(cues[:, plane], whole[:, plane]) != (plane in changed)
    cues = whole.clone()
    drop_cues(cues, 1)
    assert torch.equal(cues[:, 4], whole[:, 6])


def measured(net: nn.Module, files: list[Path], tmp_path: Path) -> PropagationScores:
    trainer = Trainer(a_config(tmp_path), CPU)
    return PropagationExperiment(trainer.config).measure(net, files, CPU, trainer._precision)


def test_the_decoders_answer_scores_as_the_decoder(files, tmp_path: Path) -> None:
    scores = measured(Truthful(None), files, tmp_path)
    assert scores.region == pytest.approx(scores.decoder)
    assert scores.belief == 0
    assert scores.ranking_error == pytest.approx(1 - scores.region)
    everything = torch.ones(1, 1, SIDE // 4, SIDE // 4)
    worse = measured(Truthful(everything), files, tmp_path)
    assert 0 < worse.region < scores.region
    assert worse.decoder == scores.decoder


def test_scores_are_told_in_words_and_numbers() -> None:
    scores = PropagationScores(0.81239, 0.75, 0.5, 0.6)
    assert json.loads(json.dumps(scores.as_dict()))["region"] == 0.8124
    assert scores.summary() == "J 0.8124  (decoder 0.7500, flow 0.5000)  belief 0.60"


def ignore(_report: StepReport) -> None:
    pass


def test_a_run_leaves_what_every_run_leaves(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path)
    reports: list[StepReport] = []
    scores = Trainer(config, CPU).run(CancelToken(), reports.append)
    assert sorted(each.name for each in config.out.iterdir()) == sorted(
        [BEST, CHECKPOINT, LOG, LAST, "validation_000003.png", "validation_000006.png"]
    )
    assert isinstance(scores, PropagationScores)
    lines = [json.loads(line) for line in (config.out / LOG).read_text().splitlines()]
    assert {"outline", "iou", "belief", "region", "decoder", "flow"} <= lines[1].keys()
    assert cv2.imread(str(config.out / "validation_000006.png")) is not None


def test_a_run_that_was_stopped_ends_with_the_same_weights(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path)
    whole, halved = (dataclasses.replace(config, out=tmp_path / name) for name in ("a", "b"))
    trainer = Trainer(whole, CPU)
    trainer.run(CancelToken(), ignore)
    token = CancelToken()

    def stop(report: StepReport) -> None:
        if report.step == 3:
            token.cancel()

    with pytest.raises(CancelledError):
        Trainer(halved, CPU).run(token, stop)
    resumed = Trainer(halved, CPU)
    resumed.run(CancelToken(), ignore)
    for name, value in trainer.net.state_dict().items():
        torch.testing.assert_close(resumed.net.state_dict()[name], value, rtol=1e-5, atol=1e-6)


def test_a_handful_of_clips_is_learnt(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path, steps=40, learning_rate=3e-3)
    trainer = Trainer(config, CPU)
    batch = trainer._batch(pool_files(config.training_pool))
    sums = [sum(trainer.advance(batch).values()) for _ in range(25)]
    assert sums[-1] < 0.7 * sums[0]
