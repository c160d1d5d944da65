from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from matting_core.errors import OutOfMemoryError
from matting_core.models.trackers.sam2_video.view import Sam2View
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.protocol import FramePrompt
from matting_core.types import Size
from tests.clips import moving_disc_pictures
from tests.core.factories import ArraySource
from tests.core.models.trackers.sam2_video.networks import SMALL_SIDE, small_model
from tests.tables import table

SIZE = Size(96, 72)
FRAMES = 24
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
BOX = (20.0, 16.0, 70.0, 60.0)
INSIDE, OUTSIDE = ((40.0, 36.0), 1), ((22.0, 50.0), 0)
MASK = np.zeros(SIZE.hw, bool)
MASK[20:50, 20:60] = True


@pytest.fixture
def view() -> Sam2View:
    return Sam2View(small_model(), DisplayClip(ArraySource(PICTURES)))


def _answer(view: Sam2View, cues: FramePrompt, frame: int = 3) -> np.ndarray:
    return view.condition(frame, cues)[1].logits


def test_answers_have_the_decoders_resolution(view) -> None:
    _, seen = view.condition(0, FramePrompt(box=BOX))
    assert seen.logits.shape == (SMALL_SIDE // 4, SMALL_SIDE // 4)
    assert seen.logits.dtype == np.float32
    assert 0 <= seen.predicted_iou <= 1


def test_a_mask_alone_is_taken_as_it_is(view) -> None:
    _, seen = view.condition(0, FramePrompt(mask=MASK))
    rows, columns = np.nonzero(seen.logits > 0)
    assert (rows.min() / 32, (rows.max() + 1) / 32) == pytest.approx((20 / 72, 50 / 72), abs=0.04)
    assert (columns.min() / 32, (columns.max() + 1) / 32) == pytest.approx(
        (20 / 96, 60 / 96), abs=0.04
    )
    assert (seen.predicted_iou, seen.object_score) == (1.0, 10.0)


def test_every_prompt_of_a_frame_counts(view) -> None:
    asked = [
        FramePrompt(box=BOX),
        FramePrompt(points=[INSIDE]),
        FramePrompt(box=BOX, points=[INSIDE]),
        FramePrompt(box=BOX, points=[INSIDE, OUTSIDE]),
        FramePrompt(mask=MASK),
        FramePrompt(mask=MASK, points=[OUTSIDE]),
        FramePrompt(mask=MASK, box=BOX),
        FramePrompt(mask=MASK, box=BOX, points=[OUTSIDE]),
    ]
    answers = [_answer(view, cues) for cues in asked]
    for index, answer in enumerate(answers):
        assert not any(np.array_equal(answer, other) for other in answers[:index]), index


def test_a_correction_stays_with_the_frame_that_later_ones_look_at(view) -> None:
    memory, seen = view.condition(3, FramePrompt(mask=MASK, points=[OUTSIDE]))
    assert list(memory.outputs["cond_frame_outputs"]) == [3]
    assert memory.outputs["non_cond_frame_outputs"] == {}
    kept = memory.outputs["cond_frame_outputs"][3]["pred_masks"][0, 0].numpy()
    assert np.array_equal(kept, seen.logits)
    uncorrected, _ = view.condition(3, FramePrompt(mask=MASK))
    assert not np.array_equal(view.step(memory, 4).logits, view.step(uncorrected, 4).logits)


@table("step", [1, -1])
def test_memory_stays_as_small_as_attention_reads(step) -> None:
    view = Sam2View(small_model(SMALL_SIDE // 2), DisplayClip(ArraySource(PICTURES)))
    anchor = 0 if step > 0 else FRAMES - 1
    memory, _ = view.condition(anchor, FramePrompt(box=BOX))
    for distance in range(1, FRAMES):
        frame = anchor + step * distance
        view.step(memory, frame)
        tracked = memory.outputs["non_cond_frame_outputs"]
        features = [f for f, out in tracked.items() if out["maskmem_features"] is not None]
        assert len(tracked) == min(15, distance)
        assert len(features) == min(6, distance)
        assert max(abs(frame - f) for f in features) <= 5
        assert all(out["pred_masks"] is None for out in tracked.values())
        assert memory.state["frames_tracked_per_obj"][0] == {}
        assert memory.state["cached_features"] == {}
        assert list(view._cached) == [frame]


def test_a_fork_starts_from_the_prompted_frame_again(view) -> None:
    memory, _ = view.condition(5, FramePrompt(box=BOX))
    forward = memory.fork()
    for frame in (6, 7):
        view.step(forward, frame)
    backward = memory.fork()
    view.step(backward, 4)
    assert (memory.at, forward.at, backward.at) == (5, 7, 4)
    assert set(forward.outputs["non_cond_frame_outputs"]) == {6, 7}
    assert set(backward.outputs["non_cond_frame_outputs"]) == {4}


def test_steps_depend_on_what_was_seen_before(view) -> None:
    memory, _ = view.condition(0, FramePrompt(box=BOX))
    answers = [view.step(memory.fork(), 5).logits]
    for frame in range(1, 6):
        seen = view.step(memory, frame)
    answers.append(seen.logits)
    other, _ = view.condition(0, FramePrompt(mask=MASK))
    answers.append(view.step(other, 5).logits)
    assert all(not np.array_equal(one, two) for one, two in pairwise(answers))


def test_a_full_memory_is_an_error_that_says_what_to_do(view, monkeypatch) -> None:
    def full(*_args, **_kwargs) -> None:
        raise torch.OutOfMemoryError

    memory, _ = view.condition(0, FramePrompt(box=BOX))
    monkeypatch.setattr(small_model().predictor, "forward_image", full)
    for ask in (
        lambda: view.condition(1, FramePrompt(box=BOX)),
        lambda: view.step(memory, 1),
        lambda: view.features(2),
        lambda: small_model().compute_features(torch.zeros(3, 64, 64)),
    ):
        with pytest.raises(OutOfMemoryError, match=r"out of memory at input 128; choose .*fast"):
            ask()
