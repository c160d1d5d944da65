"""The producer: which pairs and photographs it takes, and how it fills the pools."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from matting_core.errors import InputError
from matting_core.models.trackers.sam2_tiny_flow import image_model
from matting_core.training import producer
from matting_core.training.config import Examples, TrainConfig
from matting_core.training.datasets import Dataset
from matting_core.training.examples import Example, example_path, pool_files
from matting_core.training.producer import (
    background_files,
    produce,
    split_pairs,
    start_producer,
)
from matting_core.training.render.samples import Mix
from matting_core.types import DeviceChoice
from tests.training.pairs import write_backgrounds, write_pair
from tests.training.pools import StubModel

CPU = DeviceChoice.CPU
NAMES = ("cat_1", "cat_2", "dog_1")


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    """Three pairs, one held out, three photographs, tiny pictures."""
    for seed, name in enumerate(NAMES):
        write_pair(tmp_path / "pairs", name, seed)
    write_backgrounds(tmp_path / "backgrounds")
    mix = Mix(natural=0.5, composite=0.5, rendered=0)
    return TrainConfig(
        out=tmp_path / "run",
        data=(Dataset("wisp", tmp_path / "pairs"),),
        backgrounds=(tmp_path / "backgrounds",),
        hold_out=("dog_",),
        examples=Examples(
            picture=96, first=1, capacity=4, validation=2, mix=mix, validation_mix=mix
        ),
    )


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch, steady):
    """The image model replaced by one that needs no weights; those made, in order."""
    made: list[StubModel] = []

    def make(side: int, device: torch.device) -> StubModel:
        made.append(StubModel(side, device))
        return made[-1]

    monkeypatch.setattr(image_model, "ImageModel", make)
    threads = cv2.getNumThreads()
    yield made
    cv2.setNumThreads(threads)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pool_files(folder)}


def test_pairs_held_out_are_not_trained_on(config: TrainConfig) -> None:
    seen, held_out = split_pairs(config)
    assert [pair.image.name for pair in seen] == ["cat_1_image.png", "cat_2_image.png"]
    assert [pair.image.name for pair in held_out] == ["dog_1_image.png"]
    everything = dataclasses.replace(config, hold_out=())
    assert split_pairs(everything)[1] == ()
    assert len(split_pairs(everything)[0]) == 3


def test_a_name_to_hold_out_that_fits_nothing_is_told(config: TrainConfig) -> None:
    with pytest.raises(InputError, match="No image has 'dgo_', which is to be held out"):
        split_pairs(dataclasses.replace(config, hold_out=("dog_", "dgo_")))


def test_photographs_come_by_folder_and_name(config: TrainConfig, tmp_path: Path) -> None:
    (tmp_path / "backgrounds" / "notes.txt").write_text("no photograph")
    write_backgrounds(tmp_path / "a second", 1)
    more = (*config.backgrounds, tmp_path / "a second")
    found = background_files(dataclasses.replace(config, backgrounds=more))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "backgrounds/b0.png",
        "backgrounds/b1.png",
        "backgrounds/b2.png",
        "a second/b0.png",
    ]


def test_a_folder_without_photographs_is_named_before_a_process_is_started(
    config: TrainConfig, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "gone"):
        wrong = dataclasses.replace(config, backgrounds=(*config.backgrounds, tmp_path / name))
        for use in (background_files, lambda one: start_producer(one, CPU)):
            with pytest.raises(InputError, match=f"{name} holds no photographs"):
                use(wrong)
    with pytest.raises(InputError, match="name at least one"):
        background_files(dataclasses.replace(config, backgrounds=()))


def test_both_pools_are_filled_and_nothing_is_made_twice(config, models) -> None:
    produce(config, CPU)
    folders = (config.validation_pool, config.training_pool)
    assert [len(pool_files(folder)) for folder in folders] == [2, 4]
    assert [model.side for model in models] == [512, 512]
    for path in (path for folder in folders for path in pool_files(folder)):
        example = Example.read(path)
        assert example.rgb.shape == (512, 512, 3)
        assert (example.alpha > 127).any()
        assert torch.isfinite(example.logits).all()
    before = {path: path.stat().st_mtime_ns for path in config.out.rglob("*.safetensors")}
    produce(config, CPU)
    assert {path: path.stat().st_mtime_ns for path in config.out.rglob("*.safetensors")} == before
    assert len(models) == 2


def test_an_example_depends_on_seed_and_number_only(config, models, tmp_path: Path) -> None:
    produce(config, CPU)
    whole = contents(config.training_pool)
    assert len(set(whole.values())) == 4
    # what a killed producer has lost is made again, just as it was
    for index in (1, 3):
        example_path(config.training_pool, index).unlink()
    example_path(config.training_pool, 3).with_suffix(".part").write_bytes(b"half")
    produce(config, CPU)
    assert contents(config.training_pool) == whole
    other = dataclasses.replace(config, out=tmp_path / "other", seed=1)
    produce(other, CPU)
    assert contents(other.validation_pool) == contents(config.validation_pool)
    assert contents(other.training_pool) != whole


def test_validation_shows_the_pairs_held_out(config, models, monkeypatch) -> None:
    taken: dict[int, tuple[str, ...]] = {}

    class Stream(producer.SampleStream):
        def __init__(self, pairs, backgrounds, size, seed, mix, cache) -> None:
            taken[seed] = tuple(pair.image.name for pair in pairs)
            super().__init__(pairs, backgrounds, size, seed, mix, cache)

    monkeypatch.setattr(producer, "SampleStream", Stream)
    produce(config, CPU)
    assert taken == {
        1_000_003: ("dog_1_image.png",),
        0: ("cat_1_image.png", "cat_2_image.png"),
    }
    rgb = Example.read(pool_files(config.validation_pool)[0]).rgb.numpy()
    assert np.ptp(rgb) > 50


def test_an_orphaned_producer_stops(config, models, monkeypatch) -> None:
    parents = iter([1, 1, 2, 3, 3, 4])
    monkeypatch.setattr(producer.os, "getppid", lambda: next(parents))
    produce(config, CPU)
    assert len(pool_files(config.validation_pool)) == 1
    assert len(pool_files(config.training_pool)) == 1


def test_a_producer_runs_in_a_process_of_its_own_and_ends(config: TrainConfig) -> None:
    for folder, count in ((config.validation_pool, 2), (config.training_pool, 4)):
        folder.mkdir(parents=True)
        for index in range(count):
            example_path(folder, index).touch()
    process = start_producer(config, CPU)
    process.join(60)
    assert process.exitcode == 0
