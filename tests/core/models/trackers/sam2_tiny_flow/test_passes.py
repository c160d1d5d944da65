"""Passes of an object whose box on frame 6 leans on the mask of frame 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from matting_core.document.prompts import Prompts
from matting_core.models.trackers.base import TrackedFrame
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame, make_small_frame
from matting_core.models.trackers.sam2_tiny_flow.passes import ObjectPasses, ObjectQuery
from matting_core.types import FrameRange, Segmentation, Size, TrackState
from tests.core.factories import ONE, a_box, a_mask

SIZE = Size(64, 48)
ALL = FrameRange(0, 10)
LEANING = (a_mask(0, SIZE, (8, 8, 40, 40)), a_box(6))
PICTURE = np.random.default_rng(1).integers(0, 255, (*SIZE.hw, 3), dtype=np.uint8)
Key = tuple[int, int | None]
Sure = Callable[[int, int], float]


def _square(value: float) -> np.ndarray:
    logits = np.full(SIZE.hw, -8, np.float16)
    logits[10:30, 10:30] = value
    return logits


class Steps:
    """Stands in for the networks; the answer's logits tell which anchor gave it."""

    def __init__(self, sure: Sure) -> None:
        self.sure = sure
        self.strays: set[tuple[int, int]] = set()
        self.states: dict[tuple[int, int], propagate.PassState] = {}

    def step(self, state: propagate.PassState, _aim: object, frame: int, _models: object):
        prompted = sorted(page.frame for page in state.memory.prompted)
        anchor = min(prompted, key=lambda other: abs(other - frame))
        across = [page for page in _pages(state) if (page - frame) * (anchor - frame) < 0]
        if across:  # a pass back to what was prompted before, from a frame that it remembers
            anchor = max(across, key=lambda other: abs(other - frame))
        self.states[frame, anchor] = state
        logits = _square(1 + anchor)
        if (frame, anchor) in self.strays:
            logits = logits[:, ::-1]
        return propagate.StepResult(logits, self.sure(frame, anchor), lost=False)


@pytest.fixture
def run(monkeypatch):
    """Tracks and returns the steps in order, and the stand-in."""

    def track(
        prompts: Prompts,
        sure: Sure = lambda *_: 0.9,
        known=lambda *_: None,
        frames=ALL,
        strays: Iterable[tuple[int, int]] = (),
    ) -> tuple[list[TrackedFrame], Steps]:
        steps = Steps(sure)
        steps.strays.update(strays)
        monkeypatch.setattr(propagate, "step", steps.step)
        asked = ObjectQuery(ONE, prompts, _answer, SIZE, known)
        return list(ObjectPasses(asked, _small, None).track(frames)), steps

    return track


def _answer(_frame: int) -> Segmentation:
    return Segmentation(_square(8), 1.0, TrackState.PROMPTED)


def _small(_frame: int) -> SmallFrame:
    return make_small_frame(PICTURE)


def _keys(steps: list[TrackedFrame]) -> list[Key]:
    return [(step.frame, step.anchor) for step in steps]


def _pages(state: propagate.PassState) -> list[int]:
    return sorted(page.frame for page in state.memory.frames)


def _prompted(state: propagate.PassState) -> list[int]:
    return [page.frame for page in state.memory.prompted]


def test_the_frame_leant_on_answers_all_the_way_up_and_each_frame_comes_once(run) -> None:
    steps, _ = run(LEANING)
    keys = _keys(steps)
    assert len(set(keys)) == len(keys)
    assert {frame for frame, anchor in keys if anchor is None} == set(ALL)
    assert {key for key in keys if key[1] is not None} == {(4, 0), (5, 0)}


def test_points_and_masks_start_passes_of_their_own(run) -> None:
    steps, seen = run((a_box(0), a_mask(6, SIZE, (8, 8, 40, 40))))
    assert all(anchor is None for _, anchor in _keys(steps))
    assert _prompted(seen.states[7, 6]) == [6]
    assert _pages(seen.states[7, 6]) == []


def test_beyond_a_box_the_pass_goes_on_with_all_that_it_remembers(run) -> None:
    _, seen = run(LEANING)
    beyond = seen.states[7, 0]
    assert _prompted(beyond) == [0]
    assert _pages(beyond) == [3, 4, 5, 6]


def test_the_pass_back_from_a_box_has_the_same_memory(run) -> None:
    _, seen = run(LEANING)
    back = seen.states[5, 6]
    assert _prompted(back) == [0]
    assert _pages(back) == [3, 4, 5, 6]


def test_the_pass_back_to_where_the_object_was_lost_has_the_prompts_alone(run) -> None:
    _, seen = run(LEANING, strays=[(5, 0)])
    assert _prompted(seen.states[5, 6]) == [6, 0]
    assert _pages(seen.states[5, 6]) == []


def test_a_box_prompts_the_pass_that_had_lost_the_object_before_it(run) -> None:
    _, seen = run(LEANING, strays=[(5, 0)])
    assert _prompted(seen.states[7, 6]) == [0, 6]


def test_a_box_on_the_next_frame_prompts(run) -> None:
    _, seen = run((LEANING[0], a_box(1)))
    assert _prompted(seen.states[2, 1]) == [0, 1]


def test_a_frame_that_was_not_sure_is_not_remembered_beyond(run) -> None:
    _, seen = run(LEANING, lambda frame, _: 0.3 if frame == 3 else 0.9)
    assert _pages(seen.states[7, 0]) == [2, 4, 5, 6]


@pytest.mark.parametrize(("back", "winner"), [(0.95, 6), (0.7, 0)])
def test_on_the_way_back_the_surer_answer_counts(run, back, winner) -> None:
    steps, _ = run(LEANING, lambda _, anchor: back if anchor == 6 else 0.8)
    found = {step.frame: step.segmentation for step in steps if step.anchor is None}
    for frame in (4, 5):
        assert found[frame].logits.max() == 1 + winner
        assert found[frame].confidence == max(back, 0.8)


def test_an_old_answer_does_not_count_before_the_pass_back_meets_it(run) -> None:
    """The old pass was on another thing, and sure of it."""
    box = (a_mask(0, SIZE, (8, 8, 40, 40)), a_box(8))
    steps, _ = run(box, lambda _, anchor: 0.6 if anchor else 0.9, strays=[(7, 0), (6, 0)])
    found = {step.frame: step.segmentation for step in steps if step.anchor is None}
    assert {frame: found[frame].logits.max() - 1 for frame in (7, 6, 5)} == {7: 8, 6: 8, 5: 0}


def test_the_pass_back_goes_on_from_the_answer_that_counts(run) -> None:
    _, seen = run(LEANING, lambda _, anchor: 0.7 if anchor == 6 else 0.8)
    on_the_way = seen.states[4, 6]
    assert on_the_way.confidence == 0.8


def test_a_box_before_the_frame_leant_on_is_the_same_mirrored(run) -> None:
    steps, seen = run((a_mask(9, SIZE, (8, 8, 40, 40)), a_box(3)))
    assert {key for key in _keys(steps) if key[1] is not None} == {(6, 9), (5, 9), (4, 9)}
    assert _prompted(seen.states[2, 9]) == [9]
    assert 3 in _pages(seen.states[2, 9])


def test_boxes_that_lean_on_boxes_pass_memory_on(run) -> None:
    steps, seen = run((*LEANING, a_box(8)))
    assert {frame for frame, anchor in _keys(steps) if anchor is None} == set(ALL)
    assert {key for key in _keys(steps) if key[1] is not None} == {(4, 0), (5, 0)}
    last = seen.states[9, 0]
    assert _prompted(last) == [0]
    assert _pages(last) == [4, 5, 6, 7, 8]


def test_of_two_boxes_both_prompt_where_the_object_was_lost_before_each(run) -> None:
    _, seen = run((*LEANING, a_box(8)), strays=[(5, 0), (7, 6)])
    assert _prompted(seen.states[9, 8]) == [0, 8, 6]


def test_what_is_known_of_the_frame_leant_on_is_not_computed_again(run) -> None:
    before, _ = run(LEANING[:1])
    stored = {(step.frame, 0): step.segmentation for step in before}

    def known(_obj: int, frame: int, anchor: int | None = None) -> Segmentation | None:
        return stored.get((frame, 0 if anchor is None and frame <= 3 else anchor))

    steps, seen = run(LEANING, known=known)
    assert {frame for frame, _ in _keys(steps)} == {4, 5, 6, 7, 8, 9}
    assert all(anchor is None for _, anchor in _keys(steps))
    assert seen.states.keys() == {(5, 6), (4, 6), (7, 0), (8, 0), (9, 0)}


def test_only_what_leads_to_the_wanted_frames_is_tracked(run) -> None:
    steps, _ = run(LEANING, frames=FrameRange(0, 3))
    assert {frame for frame, _ in _keys(steps)} == {0, 1, 2}
