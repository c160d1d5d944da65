"""Episodes on disk, and the moments that are read from them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError

from matting_core.training.propagation.episodes import (
    Episode,
    FrameSample,
    count_frames,
    recent_frames,
)
from tests.tables import table
from tests.training.pools import CPU
from tests.training.propagation.films import FRAMES, SIDE, an_episode, same

pytestmark = pytest.mark.usefixtures("steady")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "one.safetensors"
    an_episode(0).write(path)
    return path


def test_an_episode_is_read_as_it_was_written_and_leaves_one_file(path: Path) -> None:
    assert same(Episode.read(path), an_episode(0))
    assert count_frames(path) == FRAMES
    assert [each.name for each in path.parent.iterdir() if each.is_file()] == [path.name]


def test_half_a_file_is_no_episode(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(SafetensorError):
        Episode.read(path)


def test_a_moment_is_one_frame_with_the_pages_named(path: Path) -> None:
    episode, moment = Episode.read(path), FrameSample.read(path, 3, [1, 2, 2])
    assert torch.equal(moment.inputs.stride16[0], episode.stride16[3].float())
    assert torch.equal(moment.inputs.cues[0], episode.cues[3].float())
    assert moment.inputs.image.shape == (1, 3, SIDE // 4, SIDE // 4)
    assert float(moment.inputs.image.abs().max()) <= 0.5
    assert torch.equal(moment.anchor.mask[0, 0], episode.mask[0].float() / 255)
    for page, frame in zip(moment.later, (1, 2, 2), strict=True):
        assert torch.equal(page.stride16[0], episode.stride16[frame].float())
        assert torch.equal(page.mask[0, 0], episode.mask[frame].float() / 255)
    assert torch.equal(moment.truth[0, 0], episode.truth[3].float() / 255)


def test_a_mirror_image_of_a_mirror_image_is_the_moment(path: Path) -> None:
    moment = FrameSample.read(path, 2, [1, 1, 1])
    flipped = moment.mirror()
    assert torch.equal(flipped.truth, moment.truth.flip(-1))
    assert torch.equal(flipped.later[2].mask, moment.later[2].mask.flip(-1))
    again = flipped.mirror()
    assert torch.equal(again.inputs.cues, moment.inputs.cues)
    assert torch.equal(again.anchor.stride16, moment.anchor.stride16)


def test_moments_are_stacked_along_the_first_axis(path: Path) -> None:
    moments = [FrameSample.read(path, 1, [0] * 3), FrameSample.read(path, 3, [0, 1, 2])]
    batch = FrameSample.stack(moments, CPU)
    assert batch.truth.shape == (2, 1, SIDE // 4, SIDE // 4)
    assert len(batch.later) == 3
    assert torch.equal(batch.later[1].mask[1], moments[1].later[1].mask[0])


@table(
    ("frame", "wanted"),
    [(1, [0, 0, 0]), (2, [1, 1, 1]), (3, [1, 1, 2]), (4, [1, 2, 3]), (7, [4, 5, 6])],
)
def test_the_most_recent_pages_are_shown(frame: int, wanted: list[int]) -> None:
    assert recent_frames(frame) == wanted
