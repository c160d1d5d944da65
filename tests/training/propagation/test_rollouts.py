"""Rollouts: the real tracker over a clip, with what it was shown kept as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from matting_core.models.trackers.sam2_tiny_flow.network import PropagationNet
from matting_core.training.propagation import rollouts
from matting_core.training.propagation.clips import TrainingClip, render_clip
from matting_core.training.propagation.episodes import Episode
from matting_core.training.propagation.rollouts import RecordingNetwork, roll_out
from matting_core.training.propagation.scene import ClipScene
from matting_core.types import Size
from tests.training.pools import CPU, StubModel
from tests.training.propagation.films import (
    CANVAS,
    FRAMES,
    SIDE,
    a_block,
    an_episode,
    same,
)

pytestmark = pytest.mark.usefixtures("steady")


def a_clip(frames: int = FRAMES) -> TrainingClip:
    """A bright block that goes right by 3 pixels a frame."""
    backdrop = a_block(Size(200, 200), 20, [(48, 36)] * frames)
    block = a_block(Size(24, 20), 250, [(36 + 3 * k, 36) for k in range(frames)])
    return render_clip(
        ClipScene(backdrop, (), (block,), ()), CANVAS, frames, np.random.default_rng(0)
    )


def rolled(monkeypatch, mode: str, weights=None, forced: float = 0.0) -> Episode:
    monkeypatch.setattr(rollouts, "MODES", ((mode, 1.0),))
    monkeypatch.setattr(rollouts, "_FORCED", forced)
    follower = RecordingNetwork(weights, CPU)
    return roll_out(a_clip(), StubModel(SIDE), follower, np.random.default_rng(1))


def test_an_episode_has_every_frame_and_is_the_same_again() -> None:
    one = an_episode(3)
    assert one.stride16.shape == (FRAMES, 256, SIDE // 16, SIDE // 16)
    assert one.stride8.shape == (FRAMES, 64, SIDE // 8, SIDE // 8)
    assert one.stride4.shape == (FRAMES, 32, SIDE // 4, SIDE // 4)
    assert one.thumbnail.shape == (FRAMES, SIDE // 4, SIDE // 4, 3)
    assert one.cues.shape == (FRAMES, 7, SIDE // 4, SIDE // 4)
    assert one.truth.shape == one.mask.shape == (FRAMES, SIDE // 4, SIDE // 4)
    assert {one.stride4.dtype, one.stride8.dtype, one.stride16.dtype} == {torch.float16}
    assert (one.cues.dtype, one.truth.dtype) == (torch.float16, torch.uint8)
    assert same(one, an_episode(3))
    assert not same(one, an_episode(4))


def test_the_first_frame_has_its_truth_for_a_mask_and_no_cues(monkeypatch) -> None:
    episode = rolled(monkeypatch, "own")
    assert not episode.cues[0].any()
    assert (episode.mask[0].float() - episode.truth[0].float()).abs().mean() < 5
    assert (episode.truth[0] > 127).any()


def test_the_untrained_network_follows_what_the_decoder_finds(monkeypatch) -> None:
    episode = rolled(monkeypatch, "own")
    for frame in range(1, FRAMES):
        mask, truth = episode.mask[frame] > 127, episode.truth[frame] > 127
        assert (mask & truth).sum() > 0.7 * (mask | truth).sum()
        answer = episode.cues[frame, 4] > 0
        assert (answer & truth).sum() > 0.7 * (answer | truth).sum()


def test_the_truth_is_given_back_where_the_mode_says_so(monkeypatch) -> None:
    given = rolled(monkeypatch, "truth")
    difference = (given.mask.float() - given.truth.float()).abs().mean((1, 2))
    assert float(difference.max()) < 12
    spoiled = rolled(monkeypatch, "damaged")
    assert not torch.equal(spoiled.mask, given.mask)


def test_a_network_that_finds_nothing_is_set_right_by_the_truth(monkeypatch) -> None:
    weights = {name: torch.zeros_like(v) for name, v in PropagationNet().state_dict().items()}
    weights["correction.bias"] = torch.full_like(weights["correction.bias"], -30.0)
    episode = rolled(monkeypatch, "own", weights)
    for frame in range(1, FRAMES):
        assert (episode.mask[frame] > 127).any()


def test_a_forced_search_sees_the_whole_frame_and_no_flow(monkeypatch) -> None:
    episode = rolled(monkeypatch, "truth", forced=1.0)
    assert not episode.cues[1:, :2].any()
    share = (episode.truth[1] > 127).float().mean()
    assert float(share) == pytest.approx(24 * 20 / (96 * 72), abs=0.03)


def test_the_untrained_networks_belief_is_its_agreement(monkeypatch) -> None:
    told = []
    asked = RecordingNetwork.predict

    def listen(self, *args):
        told.append(asked(self, *args))
        return told[-1]

    monkeypatch.setattr(RecordingNetwork, "predict", listen)
    rolled(monkeypatch, "own")
    assert len(told) == FRAMES - 1
    assert all(one.expected_iou == one.right for one in told)
    assert min(one.expected_iou for one in told) > 0.4
