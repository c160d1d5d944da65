from __future__ import annotations

import numpy as np
import torch
from sam2.utils import misc

from matting_core.models.trackers.sam2_video.frames import (
    LazyImages,
    normalise_frame,
    normalise_square,
)
from matting_core.models.trackers.video.display_clip import DisplayClip
from tests.core.factories import ArraySource
from tests.core.models.trackers.sam2_video.networks import CPU
from tests.core.models.trackers.sam2_video.parity import pictures

SIDE = 160


def test_frames_are_those_of_the_packages_loader(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(misc, "tqdm", lambda steps, **_: steps)
    rgb = pictures(tmp_path, 3)
    theirs, _, _ = misc.load_video_frames(str(tmp_path), SIDE, True, compute_device=CPU)
    images = LazyImages(DisplayClip(ArraySource(rgb)), SIDE)
    assert len(images) == 3
    for index in range(3):
        assert images[index].dtype == torch.float32
        assert torch.equal(images[index], theirs[index])


def test_a_square_picture_keeps_its_pixels() -> None:
    square = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    assert torch.equal(normalise_square(square), normalise_frame(square, SIDE))


def test_only_what_is_asked_for_is_read_and_the_last_frame_is_kept() -> None:
    source = ArraySource([np.full((24, 32, 3), value, np.uint8) for value in range(40)])
    images = LazyImages(DisplayClip(source), SIDE)
    for index in (5, 5, 6, 5, 7, 8, 5):
        images[index]
    assert source.reads == [5, 6, 7, 8, 5]
