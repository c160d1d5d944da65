"""Scores on held-out examples and the page of pictures."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import cv2
import pytest
import torch
from torch import nn

from matting_core.training.config import LossWeights
from matting_core.training.examples import Batch
from matting_core.training.experiments import MattingScores, measure_matting, write_validation_sheet
from matting_core.training.tasks import WispTask, mask_alpha
from tests.training.pools import CPU, SIDE, an_example


class Knowing:
    """A task whose alpha is the truth, moved by `wrong` where it is given."""

    def __init__(self, wrong: float = 0.0) -> None:
        self.wrong = wrong
        self.sizes: list[int] = []

    def alpha(self, net: nn.Module, batch: Batch) -> torch.Tensor:
        assert not net.training
        self.sizes.append(len(batch.alpha))
        return nn.functional.avg_pool2d(batch.alpha, 2) + self.wrong


class Masked(Knowing):
    """A task whose alpha is the guide mask."""

    def alpha(self, net: nn.Module, batch: Batch) -> torch.Tensor:
        return mask_alpha(batch) + self.wrong


def scores(task: Knowing, count: int = 3) -> MattingScores:
    examples = [an_example(seed) for seed in range(count)]
    return measure_matting(task, nn.Identity(), examples, CPU, contextlib.nullcontext)


def test_the_truth_scores_0_and_what_is_off_by_a_hundredth_scores_10() -> None:
    assert scores(Knowing()).mad == 0
    found = scores(Knowing(0.01))
    assert found.mad == pytest.approx(10, rel=1e-4)
    assert found.median == pytest.approx(10, rel=1e-4)
    assert found.mask_mad > 10
    assert found.spoiled == 0


def test_the_mask_scores_as_the_mask_and_what_is_much_worse_is_spoiled() -> None:
    found = scores(Masked())
    assert found.mad == found.mask_mad > 0
    assert found.median == found.mask_median
    assert found.spoiled == 0
    assert scores(Masked(0.5)).spoiled == 1


def test_mean_and_median_are_over_examples() -> None:
    each = [scores_of_one(seed) for seed in range(3)]
    found = scores(Masked())
    assert found.mad == pytest.approx(sum(each) / 3, rel=1e-5)
    assert found.median == pytest.approx(sorted(each)[1], rel=1e-5)


def scores_of_one(seed: int) -> float:
    return measure_matting(
        Masked(), nn.Identity(), [an_example(seed)], CPU, contextlib.nullcontext
    ).mad


def test_many_examples_are_measured_a_few_at_once() -> None:
    task = Knowing()
    scores(task, 10)
    assert task.sizes == [8, 2]


def test_scores_can_be_written_as_json() -> None:
    found = MattingScores(1.23456, 1.0, 2.0, 3.0, 0.5).as_dict()
    assert json.loads(json.dumps(found)) == {
        "mad": 1.2346,
        "median": 1.0,
        "mask_mad": 2.0,
        "mask_median": 3.0,
        "spoiled": 0.5,
    }


def test_a_page_shows_mask_and_network_of_each_example(tmp_path: Path) -> None:
    task = WispTask(LossWeights())
    net = task.build()
    write_validation_sheet(tmp_path / "one.png", task, net, [an_example(0)], CPU)
    write_validation_sheet(
        tmp_path / "many.png", task, net, [an_example(k) for k in range(14)], CPU
    )
    one, many = (cv2.imread(str(tmp_path / name)) for name in ("one.png", "many.png"))
    # two tiles of picture, alpha and cut-out side by side; twelve examples at most, two a row
    assert one.shape[1] > 6 * SIDE // 2
    assert one.shape[0] < 2 * SIDE
    assert many.shape[1] == pytest.approx(2 * one.shape[1], abs=8)
    assert many.shape[0] == pytest.approx(6 * one.shape[0], abs=24)
    assert sorted(each.name for each in tmp_path.glob("*.png")) == ["many.png", "one.png"]
