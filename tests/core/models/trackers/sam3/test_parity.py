"""The same logits as the package's own session gives, with the same drawn weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from transformers import Sam3TrackerVideoProcessor
from transformers.models.sam2_video.video_processing_sam2_video import Sam2VideoVideoProcessor
from transformers.models.sam3.image_processing_sam3 import Sam3ImageProcessor
from transformers.models.sam3_tracker_video.modeling_sam3_tracker_video import (
    Sam3TrackerVideoInferenceSession,
)

from matting_core.models.trackers.sam3.network import normalise_frame
from matting_core.models.trackers.sam3.view import Sam3View
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.protocol import FramePrompt
from matting_core.types import Size
from tests.clips import moving_disc_pictures
from tests.core.factories import ArraySource
from tests.core.models.trackers.sam3.networks import SMALL_SIDE, official, small_network
from tests.tables import table

SIZE = Size(64, 56)  # scaled to the input by 1.75 and 2, which no rounding can change
FRAMES = 24
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
BOX = (14.0, 12.0, 46.0, 46.0)
INSIDE, OUTSIDE = ((27.0, 28.0), 1), ((15.0, 38.0), 0)
MASK = np.zeros(SIZE.hw, bool)
MASK[16:40, 14:40] = True
Logits = dict[int, np.ndarray]


@pytest.fixture(autouse=True)
def no_progress_bars(monkeypatch) -> None:
    """The package's bars leave a thread behind, even where they are not shown."""
    module = "transformers.models.sam3_tracker_video.modeling_sam3_tracker_video"
    monkeypatch.setattr(f"{module}.tqdm", lambda steps, **_: steps)


def _session(cues: FramePrompt, anchor: int) -> Any:
    """The package's session over the whole clip at once, prompted by its own processor."""
    side = {"height": SMALL_SIDE, "width": SMALL_SIDE}
    processor = Sam3TrackerVideoProcessor(
        Sam3ImageProcessor(size=side), Sam2VideoVideoProcessor(), target_size=SMALL_SIDE
    )
    video = torch.stack([normalise_frame(picture, SMALL_SIDE) for picture in PICTURES])
    session = Sam3TrackerVideoInferenceSession(video, *SIZE.hw, dtype=torch.float32)
    if cues.mask is not None:
        processor.process_new_mask_for_video_frame(session, anchor, [1], cues.mask)
    else:
        processor.process_new_points_or_boxes_for_video_frame(
            session,
            anchor,
            [1],
            input_points=[[[list(xy) for xy, _ in cues.points]]] if cues.points else None,
            input_labels=[[[label for _, label in cues.points]]] if cues.points else None,
            input_boxes=None if cues.box is None else [[list(cues.box)]],
        )
    return session


def _by_package(cues: FramePrompt, anchor: int, *, reverse: bool) -> Logits:
    session, model = _session(cues, anchor), official()
    model(session, frame_idx=anchor)
    outs = model.propagate_in_video_iterator(session, anchor, reverse=reverse)
    return {out.frame_idx: out.pred_masks[0, 0].numpy() for out in outs}


def _by_wisp(cues: FramePrompt, anchor: int, *, reverse: bool) -> Logits:
    view = Sam3View(small_network(), DisplayClip(ArraySource(PICTURES)))
    memory, seen = view.condition(anchor, cues)
    found = {anchor: seen.logits}
    for frame in range(anchor - 1, -1, -1) if reverse else range(anchor + 1, FRAMES):
        found[frame] = view.step(memory, frame).logits
    return found


def test_a_boxs_logits_are_those_of_the_package() -> None:
    _compare(FramePrompt(box=BOX, points=[INSIDE, OUTSIDE]), reverse=False)


@pytest.mark.slow
@table("reverse", [False, True])
@table(
    "cues",
    [
        FramePrompt(box=BOX, points=[INSIDE, OUTSIDE]),
        FramePrompt(points=[INSIDE]),
        FramePrompt(mask=MASK),
    ],
)
def test_logits_are_those_of_the_package(cues, reverse) -> None:
    _compare(cues, reverse=reverse)


def _compare(cues: FramePrompt, *, reverse: bool) -> None:
    anchor = FRAMES - 1 if reverse else 0
    ours, theirs = (by(cues, anchor, reverse=reverse) for by in (_by_wisp, _by_package))
    assert set(ours) == set(theirs) == set(range(FRAMES))
    worst = max(float(np.abs(ours[frame] - theirs[frame]).max()) for frame in ours)
    assert worst == 0
    assert any((logits > 0).any() for logits in ours.values())
    assert len({logits.tobytes() for logits in ours.values()}) == FRAMES


def test_frames_are_those_of_the_package_to_a_level() -> None:
    rng = np.random.default_rng(1)
    for size in (SIZE, Size(320, 200)):
        rgb = rng.integers(0, 256, (*size.hw, 3), np.uint8)
        side = {"height": SMALL_SIDE, "width": SMALL_SIDE}
        theirs = Sam3ImageProcessor(size=side)(rgb, return_tensors="pt")["pixel_values"][0]
        ours = normalise_frame(rgb, SMALL_SIDE)
        assert ours.dtype == torch.float32
        assert float((ours - theirs).abs().max()) <= 1.01 / 127.5
