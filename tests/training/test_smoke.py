"""From made-up photographs to a trained network, with the real encoder, in a minute."""

from __future__ import annotations

import copy
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from matting_core.jobs import CancelToken
from matting_core.training import trainer
from matting_core.training.config import Examples, Optimisation, TrainConfig
from matting_core.training.datasets import Dataset
from matting_core.training.examples import Example, pool_files
from matting_core.training.experiments import measure_matting
from matting_core.training.guides import Damage
from matting_core.training.producer import produce
from matting_core.training.render.samples import Mix
from matting_core.training.trainer import StepReport, Trainer
from matting_core.types import DeviceChoice
from tests.training.pairs import a_photograph, disc, write_backgrounds, write_image

HW = (300, 360)


def hairy(seed: int) -> np.ndarray:
    """A disc with hairs, (H, W) float in [0, 1]."""
    rng = np.random.default_rng(seed)
    canvas = np.rint(255 * disc(HW, radius=80)).astype(np.uint8)
    centre = np.array([HW[1] / 2, HW[0] / 2])
    for angle in rng.uniform(0, 2 * np.pi, 150):
        way = np.array([np.cos(angle), np.sin(angle)])
        bend = np.array([-way[1], way[0]]) * rng.normal(0, 10)
        ends = centre + 76 * way, centre + rng.uniform(90, 112) * way + bend
        first, last = (tuple(int(v) for v in np.rint(16 * end)) for end in ends)
        cv2.line(canvas, first, last, 255, 1, cv2.LINE_AA, 4)
    return canvas / 255


def write_photographs(folder: Path) -> None:
    """Two discs and two hairy blobs, each of its own colour."""
    alphas = (disc(HW, radius=90), hairy(1), hairy(2), disc(HW, radius=70))
    colours = ((240, 60, 30), (60, 200, 60), (230, 220, 70), (190, 70, 220))
    for k, (alpha, colour) in enumerate(zip(alphas, colours, strict=True)):
        fur = np.random.default_rng(k).normal(0, 12, (*HW, 1))
        cover = alpha[..., None]
        picture = cover * (np.array(colour) + fur) + (1 - cover) * a_photograph(k, HW)
        picture = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
        write_image(folder / "pairs" / f"subject{k}_image.png", picture)
        write_image(folder / "pairs" / f"subject{k}_alpha.png", np.rint(255 * alpha).astype("u1"))
    write_backgrounds(folder / "backgrounds")


def a_small_run(folder: Path) -> TrainConfig:
    mix = Mix(natural=0.5, composite=0.5, rendered=0)
    examples = Examples(
        picture=256,
        first=12,
        capacity=12,
        validation=4,
        threads=0,
        mix=mix,
        validation_mix=mix,
        damage=Damage(neighbour=0, part=0, bitten=0, shifted=0, inverted=0, coarse=0),
    )
    return TrainConfig(
        out=folder / "run",
        data=(Dataset("wisp", folder / "pairs"),),
        backgrounds=(folder / "backgrounds",),
        every=20,
        examples=examples,
        optimisation=Optimisation(steps=40, batch=3, learning_rate=1e-2, warmup=5, ema=0.8),
    )


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.timeout(1800)  # ten minutes were seen, without bfloat16 and beside other work
def test_a_short_training_learns_to_matte(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    write_photographs(tmp_path)
    config = a_small_run(tmp_path)
    produce(config, DeviceChoice.CPU)
    learner = Trainer(config, torch.device("cpu"))
    untrained = copy.deepcopy(learner.average)
    reports: list[StepReport] = []
    scores = learner.run(CancelToken(), reports.append)
    held_out = [Example.read(path) for path in pool_files(config.validation_pool)]
    before = measure_matting(learner.task, untrained, held_out, learner.device, learner._precision)
    told = [report for report in reports if report.scores]
    assert [report.step for report in told] == [20, 40]
    assert sum(told[1].losses.values()) < 0.8 * sum(told[0].losses.values())
    assert scores.mad < 0.35 * before.mad
    assert scores.mad < told[0].scores.mad
