from __future__ import annotations

import numpy as np
import pytest
import torch

from matting_core.errors import InputError, OutOfMemoryError
from matting_core.models.trackers.sam3.network import Instance, Sam3Network
from matting_core.models.trackers.sam3.view import Sam3View
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.protocol import FramePrompt
from matting_core.types import Size
from tests.clips import moving_disc_pictures
from tests.core.factories import ArraySource
from tests.core.models.trackers.sam3.networks import CPU, SMALL_SIDE, drawn_model, small_network
from tests.tables import table

SIZE = Size(96, 72)
FRAMES = 40
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
BOX = (20.0, 16.0, 70.0, 60.0)
INSIDE, OUTSIDE = ((40.0, 36.0), 1), ((22.0, 50.0), 0)
MASK = np.zeros(SIZE.hw, bool)
MASK[20:50, 20:60] = True
CELLS = SMALL_SIDE * 2 // 7


@pytest.fixture
def view() -> Sam3View:
    return Sam3View(small_network(), DisplayClip(ArraySource(PICTURES)))


@pytest.fixture
def naming(monkeypatch) -> list[Instance]:
    """What the detector finds, instead of what a network with drawn weights does."""
    found: list[Instance] = []
    monkeypatch.setattr(small_network(), "find", lambda _encoded, _text: list(found))
    return found


def _instance(x: int, score: float) -> Instance:
    logits = np.full((CELLS, CELLS), -5, np.float32)
    logits[8:24, x : x + 8] = 5
    return Instance(logits, score)


def test_every_prompt_of_a_frame_counts(view, naming) -> None:
    naming.append(_instance(4, 0.8))
    asked = [
        FramePrompt(box=BOX),
        FramePrompt(points=[INSIDE]),
        FramePrompt(box=BOX, points=[INSIDE]),
        FramePrompt(box=BOX, points=[INSIDE, OUTSIDE]),
        FramePrompt(mask=MASK),
        FramePrompt(mask=MASK, points=[OUTSIDE]),
        FramePrompt(mask=MASK, box=BOX),
        FramePrompt(mask=MASK, box=BOX, points=[OUTSIDE]),
        FramePrompt(text="disc"),
        FramePrompt(text="disc", points=[OUTSIDE]),
        FramePrompt(text="disc", box=BOX),
    ]
    answers = [view.condition(3, cues)[1].logits for cues in asked]
    for index, answer in enumerate(answers):
        assert answer.shape == (CELLS, CELLS)
        assert answer.dtype == np.float32
        assert not any(np.array_equal(answer, other) for other in answers[:index]), index


@table("step", [1, -1])
def test_memory_stays_as_small_as_attention_reads(step) -> None:
    view = Sam3View(small_network(SMALL_SIDE // 2), DisplayClip(ArraySource(PICTURES)))
    anchor = 0 if step > 0 else FRAMES - 1
    memory, _ = view.condition(anchor, FramePrompt(box=BOX))
    for distance in range(1, FRAMES):
        frame = anchor + step * distance
        view.step(memory, frame)
        tracked = memory.outputs["non_cond_frame_outputs"]
        features = [f for f, out in tracked.items() if out["maskmem_features"] is not None]
        assert len(tracked) == min(15, distance)
        assert len(features) == min(6, distance)
        assert all(out["pred_masks"] is None for out in tracked.values())
        assert list(memory.outputs["cond_frame_outputs"]) == [anchor]
        kept = (*tracked.values(), memory.outputs["cond_frame_outputs"][anchor])
        assert not any("high_res_masks" in out for out in kept)
        assert memory.session.frames_tracked_per_obj[0] == {}
        assert memory.session.point_inputs_per_obj[0] == {}
        assert list(view._cache._vision_features) == [frame]


def test_a_fork_starts_from_the_prompted_frame_again(view) -> None:
    memory, _ = view.condition(5, FramePrompt(mask=MASK))
    forward = memory.fork()
    for frame in (6, 7):
        view.step(forward, frame)
    backward = memory.fork()
    view.step(backward, 4)
    assert (memory.at, forward.at, backward.at) == (5, 7, 4)
    assert set(forward.outputs["non_cond_frame_outputs"]) == {6, 7}
    assert set(backward.outputs["non_cond_frame_outputs"]) == {4}


def test_a_correction_stays_with_the_frame_that_later_ones_look_at(view) -> None:
    memory, seen = view.condition(3, FramePrompt(mask=MASK, points=[OUTSIDE]))
    assert list(memory.outputs["cond_frame_outputs"]) == [3]
    assert memory.outputs["non_cond_frame_outputs"] == {}
    kept = memory.outputs["cond_frame_outputs"][3]["pred_masks"][0, 0].numpy()
    assert np.array_equal(kept, seen.logits)
    uncorrected, _ = view.condition(3, FramePrompt(mask=MASK))
    assert not np.array_equal(view.step(memory, 4).logits, view.step(uncorrected, 4).logits)


def test_what_a_text_finds_is_tracked_like_a_mask(view, naming) -> None:
    naming.extend([_instance(4, 0.6), _instance(20, 0.9)])
    memory, seen = view.condition(3, FramePrompt(text="disc"))
    assert np.array_equal(seen.logits, naming[1].logits)
    assert seen.predicted_iou == 0.9
    by_mask, _ = view.condition(3, FramePrompt(mask=naming[1].logits > 0))
    assert np.array_equal(view.step(memory, 4).logits, view.step(by_mask, 4).logits)


def test_a_point_says_which_of_the_named_things_is_meant(view, naming) -> None:
    naming.extend([_instance(4, 0.6), _instance(20, 0.9)])
    first, second = ((20.0, 36.0), 1), ((70.0, 36.0), 1)
    masks = []
    for points in ([first], [second], [((70.0, 36.0), 0)]):
        text, _ = view.condition(3, FramePrompt(text="disc", points=points))
        masks.append(text.outputs["cond_frame_outputs"][3]["pred_masks"])
    for points, mask, chosen in zip(
        ([first], [second], [((70.0, 36.0), 0)]), masks, (0, 1, 1), strict=True
    ):
        by_mask, _ = view.condition(3, FramePrompt(mask=naming[chosen].logits > 0, points=points))
        assert torch.equal(mask, by_mask.outputs["cond_frame_outputs"][3]["pred_masks"])


def test_a_text_that_finds_nothing_says_what_to_do(view, naming) -> None:
    with pytest.raises(InputError, match=r"finds nothing on frame 7 that 'a horse' names; use oth"):
        view.condition(7, FramePrompt(text="a horse"))


def test_half_precision_runs() -> None:
    network = Sam3Network(drawn_model(), half=True)
    view = Sam3View(network, DisplayClip(ArraySource(PICTURES)))
    memory, _ = view.condition(0, FramePrompt(mask=MASK, points=[INSIDE]))
    assert np.isfinite(view.step(memory, 1).logits).all()
    with network.running():
        encoded = network.encode(torch.zeros(3, SMALL_SIDE, SMALL_SIDE))
        network.find(encoded, "disc")
    assert encoded.device == CPU


def test_a_full_memory_is_an_error_that_says_what_to_do(view, monkeypatch) -> None:
    def full(*_args) -> None:
        raise torch.OutOfMemoryError

    memory, _ = view.condition(0, FramePrompt(box=BOX))
    monkeypatch.setattr(small_network(), "encode", full)
    for ask in (lambda: view.condition(1, FramePrompt(box=BOX)), lambda: view.step(memory, 1)):
        with pytest.raises(OutOfMemoryError, match=r"out of memory at input 112; choose .*fast"):
            ask()
