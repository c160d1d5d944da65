"""The tracker's network as a task: what it starts from, and its losses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from matting_core.errors import InputError
from matting_core.models.trackers.sam2_tiny_flow.network import PropagationNet
from matting_core.training.propagation.episodes import FrameSample
from matting_core.training.propagation.experiment import draw_frame_sample
from matting_core.training.propagation.task import PropagationTask, read_weights
from tests.training.pools import CPU
from tests.training.propagation.films import an_episode

pytestmark = pytest.mark.usefixtures("steady")


def test_training_starts_from_the_weights_that_are_named(tmp_path: Path) -> None:
    torch.manual_seed(5)
    weights = PropagationNet().state_dict()
    save_file(weights, tmp_path / "w.safetensors")
    found = PropagationTask(tmp_path / "w.safetensors").build().state_dict()
    assert all(torch.equal(found[name], value) for name, value in weights.items())


def test_weights_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no weights")
    save_file({"a": torch.zeros(2)}, tmp_path / "other")
    for name, said in (("gone", "holds no"), ("text", "holds no"), ("other", "another network")):
        with pytest.raises(InputError, match=said) as caught:
            read_weights(tmp_path / name)
        assert "rollout_weights" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_all_losses_are_positive_and_reach_the_whole_network(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    an_episode(0).write(path)
    draws = [draw_frame_sample([path], _rng(seed)) for seed in range(2)]
    task = PropagationTask()
    net = task.build()
    for parameter in net.parameters():
        parameter.data += 0.01
    terms = task.losses(net, FrameSample.stack(draws, CPU))
    assert list(terms) == ["outline", "iou", "belief"]
    assert all(float(term.detach()) > 0 for term in terms.values())
    torch.stack(list(terms.values())).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
