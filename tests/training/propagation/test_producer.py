"""The producer of episodes: both pools, nothing twice, nothing lost by a kill."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import cv2
import pytest
import torch
from safetensors.torch import save_file

from matting_core.errors import InputError
from matting_core.models.trackers.sam2_tiny_flow import image_model
from matting_core.models.trackers.sam2_tiny_flow.network import PropagationNet
from matting_core.training import producer
from matting_core.training.examples import example_path, pool_files
from matting_core.training.previews import write_preview
from matting_core.training.propagation.producer import produce_episodes
from matting_core.types import DeviceChoice
from tests.training.propagation.films import SureModel, a_config, write_photographs

DEVICE = DeviceChoice.CPU


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steady):
    """Photographs on disk, and a stand-in for the image model."""
    write_photographs(tmp_path)
    monkeypatch.setattr(image_model, "ImageModel", SureModel)
    threads = cv2.getNumThreads()
    yield a_config(tmp_path)
    cv2.setNumThreads(threads)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pool_files(folder)}


def test_both_pools_are_filled_and_what_a_kill_lost_is_made_as_it_was(config) -> None:
    produce_episodes(config, DEVICE)
    whole = contents(config.training_pool)
    assert (len(whole), len(contents(config.validation_pool))) == (3, 2)
    assert len(set(whole.values())) == 3
    example_path(config.training_pool, 1).unlink()
    example_path(config.training_pool, 1).with_suffix(".part").write_bytes(b"half")
    produce_episodes(config, DEVICE)
    assert contents(config.training_pool) == whole
    times = {path: path.stat().st_mtime_ns for path in config.training_pool.parent.rglob("*.s*")}
    produce_episodes(config, DEVICE)
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_clips_are_tracked_by_the_weights_that_are_named(config, tmp_path: Path) -> None:
    weights = PropagationNet().state_dict()
    weights["correction.bias"] = torch.full_like(weights["correction.bias"], 3.0)
    save_file(weights, tmp_path / "w.safetensors")
    produce_episodes(config, DEVICE)
    other = dataclasses.replace(
        config, pool=tmp_path / "other", rollout_weights=tmp_path / "w.safetensors"
    )
    produce_episodes(other, DEVICE)
    assert contents(other.training_pool) != contents(config.training_pool)
    gone = dataclasses.replace(other, pool=tmp_path / "third", rollout_weights=tmp_path / "gone")
    with pytest.raises(InputError, match="holds no weights"):
        produce_episodes(gone, DEVICE)


def test_an_orphan_stops(config, monkeypatch) -> None:
    parents = iter([1, 1, 2, 3, 4])
    monkeypatch.setattr(producer.os, "getppid", lambda: next(parents))
    produce_episodes(config, DEVICE)
    assert len(pool_files(config.validation_pool)) == 1
    assert not pool_files(config.training_pool)


def test_the_process_of_such_a_run_makes_episodes(config) -> None:
    target = producer._choose_producer(config)
    assert target is produce_episodes
    assert pickle.loads(pickle.dumps(target)) is target
    assert (
        producer._choose_producer(dataclasses.replace(config, network="head")) is producer.produce
    )


def test_the_preview_shows_clips(config, tmp_path: Path) -> None:
    write_preview(config, tmp_path / "sheet.png")
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet.shape == (8 * 240, 4 * 320, 3)
    assert sheet.std() > 5
