"""Objects, prompts and interruptions leave each other's results alone."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np
import pytest
import torch

from matting_core.document.prompts import Label, PointPrompt
from matting_core.errors import OutOfMemoryError
from matting_core.models.trackers.sam2_video.tracker import Sam2Video
from matting_core.models.trackers.sam2_video.view import Sam2View
from matting_core.models.trackers.video.prompting import make_segmentation
from matting_core.models.trackers.video.protocol import VideoAnswer
from matting_core.types import FrameRange, ObjectId, Segmentation, Size, TrackState
from matting_core.windows import Window, cut_out
from tests.clips import moving_disc_pictures
from tests.core.factories import ONE, TWO, ArraySource, a_box, a_mask
from tests.core.models.trackers.prompted import PromptedTracker
from tests.core.models.trackers.sam2_video.networks import SMALL_SIDE, small_model

SIZE = Size(96, 72)
FRAMES = 12
ALL = FrameRange(0, FRAMES)
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
FIRST = (a_box(0, (20, 16, 70, 60)),)
LATER = (a_mask(8, SIZE, (30, 10, 80, 50)), PointPrompt(8, (35, 15), Label.BACKGROUND))
OTHER = (PointPrompt(3, (60, 30)), PointPrompt(3, (10, 60), Label.BACKGROUND))
Results = dict[tuple[ObjectId, int], Segmentation]


def _tracker(prompts, *, fast: bool = False, source: ArraySource | None = None) -> PromptedTracker:
    still = small_model()
    tracker = Sam2Video(still, small_model(SMALL_SIDE // 2) if fast else still)
    tracker.open(source or ArraySource(PICTURES))
    return PromptedTracker(tracker, prompts)


def _known(results: Results):
    return lambda object_id, frame: results.get((object_id, frame))


def _run(
    tracker: PromptedTracker, objects=(ONE,), frames=ALL, results: Results | None = None
) -> Results:
    """What is computed beyond `results`."""
    steps = tracker.track(objects, frames, _known(results or {}))
    return {(step.object_id, step.frame): step.segmentation for step in steps if not step.again}


def _same(one: Results, other: Results, keys=None) -> bool:
    """Bit for bit; NaN never is."""
    if keys is None and set(one) != set(other):
        return False
    return all(
        np.array_equal(one[key].logits, other[key].logits)
        and one[key].confidence == other[key].confidence
        and one[key].state is other[key].state
        for key in (one if keys is None else keys)
    )


@pytest.fixture
def steps(monkeypatch) -> Counter[int]:
    """Counts the frames that the network steps to."""
    counted: Counter[int] = Counter()
    step = Sam2View.step

    def counting(self, memory, frame):
        counted[frame] += 1
        return step(self, memory, frame)

    monkeypatch.setattr(Sam2View, "step", counting)
    return counted


@pytest.fixture
def encodings(monkeypatch) -> list[tuple[int, ...]]:
    """The shapes of all pictures that are encoded."""
    predictor, seen = small_model().predictor, []
    forward = predictor.forward_image

    def counting(picture):
        seen.append(tuple(picture.shape))
        return forward(picture)

    monkeypatch.setattr(predictor, "forward_image", counting)
    return seen


@pytest.fixture(scope="module")
def whole() -> Results:
    """An uninterrupted run."""
    return _run(_tracker({ONE: FIRST + LATER}))


@pytest.mark.parametrize("fast", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_run_that_was_cut_and_resumed_is_bit_identical(fast, steps) -> None:
    prompts = {ONE: FIRST}
    uncut = _run(_tracker(prompts, fast=fast))
    steps.clear()
    tracker = _tracker(prompts, fast=fast)
    run = tracker.track([ONE], ALL, _known({}))
    results = {(ONE, step.frame): step.segmentation for step in islice(run, 5)}
    run.close()
    assert len(results) == 5
    rest = _run(tracker, results=results)
    assert set(rest) == {(ONE, frame) for frame in range(5, FRAMES)}
    assert _same({**results, **rest}, uncut)
    assert set(steps.values()) == {1}, "going on computes nothing twice"


def test_a_run_resumed_after_a_restart_is_bit_identical_too(whole, steps) -> None:
    half = {key: found for key, found in whole.items() if key[1] in (0, 1, 2, 8, 9, 7)}
    rest = _run(_tracker({ONE: FIRST + LATER}), results=half)
    assert set(rest) == set(whole) - set(half)
    assert _same(rest, whole, rest)
    assert steps[1] == steps[9] == steps[7] == 1, "computed once more, not given out again"


def test_what_is_computed_once_more_can_be_stopped_at_every_frame(whole, steps) -> None:
    known = {key: found for key, found in whole.items() if key[1] < 4 or key[1] == 8}
    tracker = _tracker({ONE: FIRST + LATER})
    run = tracker.track([ONE], FrameRange(0, 5), _known(known))
    first = list(islice(run, 2))
    assert [(step.frame, step.again) for step in first] == [(1, True), (2, True)]
    run.close()
    assert steps == {1: 1, 2: 1}
    rest = list(tracker.track([ONE], FrameRange(0, 5), _known(known)))
    assert [(step.frame, step.again) for step in rest] == [(3, True), (4, False)]
    assert steps == {1: 1, 2: 1, 3: 1, 4: 1}, "it goes on where it was stopped"
    assert _same({(ONE, 4): rest[-1].segmentation}, whole, [(ONE, 4)])


def test_holes_in_what_is_known_are_filled_with_the_same(whole) -> None:
    tracker = _tracker({ONE: FIRST + LATER})
    _run(tracker)
    without = {key: found for key, found in whole.items() if key[1] not in (2, 5, 11)}
    rest = _run(tracker, results=without)
    assert set(rest) == {(ONE, 2), (ONE, 5), (ONE, 11)}
    assert _same(rest, whole, rest)


def test_what_is_all_known_costs_nothing(whole, steps, encodings) -> None:
    source = ArraySource(PICTURES)
    assert _run(_tracker({ONE: FIRST + LATER}, source=source), results=whole) == {}
    assert not steps
    assert not encodings
    assert source.reads == []


def test_a_longer_range_goes_on_where_the_shorter_ended(steps) -> None:
    tracker = _tracker({ONE: FIRST})
    results = _run(tracker, frames=FrameRange(0, 4))
    results |= _run(tracker, frames=FrameRange(0, 8), results=results)
    assert set(results) == {(ONE, frame) for frame in range(8)}
    assert set(steps.values()) == {1}


@pytest.mark.slow
def test_memory_of_another_clip_or_of_other_prompts_is_not_taken_up() -> None:
    tracker = _tracker({ONE: FIRST})
    run = tracker.track([ONE], ALL, _known({}))
    for _ in range(4):
        next(run)
    tracker.open(ArraySource([255 - picture for picture in PICTURES]))
    run.close()
    inverted = _run(tracker)
    afresh = _tracker({ONE: FIRST}, source=ArraySource([255 - picture for picture in PICTURES]))
    assert _same(inverted, _run(afresh))
    changed = {ONE: (a_box(0, (30, 16, 70, 60)),)}
    tracker.open(ArraySource(PICTURES))
    _run(tracker)
    tracker.prompts = changed
    assert _same(_run(tracker), _run(_tracker(changed)))


def test_a_later_prompt_does_not_leak_into_earlier_frames(whole) -> None:
    alone = _run(_tracker({ONE: FIRST}))
    governed = [(ONE, frame) for frame in range(5)]
    assert _same(alone, whole, governed)
    assert not _same(alone, whole, [(ONE, frame) for frame in range(5, FRAMES)])


def test_a_backward_pass_starts_afresh_from_its_own_prompts(whole) -> None:
    alone = _run(_tracker({ONE: LATER}))
    assert _same(alone, whole, [(ONE, frame) for frame in range(5, FRAMES)])
    assert alone[ONE, 8].state is TrackState.PROMPTED


@pytest.mark.slow
def test_objects_do_not_change_each_other(whole) -> None:
    both = {ONE: FIRST + LATER, TWO: OTHER}
    together = _run(_tracker(both), [ONE, TWO])
    other = _run(_tracker({TWO: OTHER}), [TWO])
    assert _same(together, whole | other)
    added_late = _tracker({ONE: FIRST + LATER})
    first = _run(added_late)
    added_late.prompts = both
    assert _same(first | _run(added_late, [ONE, TWO], results=first), together)


def test_a_frame_is_encoded_once_for_all_objects(encodings) -> None:
    source = ArraySource(PICTURES)
    prompts = {ONE: FIRST, TWO: (a_box(0),), ObjectId(3): (a_mask(0, SIZE),)}
    _run(_tracker(prompts, source=source), list(prompts))
    assert len(encodings) == FRAMES
    assert source.reads == list(ALL)


def test_a_fast_track_looks_at_prompted_frames_with_the_full_input() -> None:
    full, fast = (_run(_tracker({ONE: FIRST}, fast=fast)) for fast in (False, True))
    assert _same(full, fast, [(ONE, 0)])
    assert full[ONE, 1].logits.shape == (32, 32)
    assert fast[ONE, 1].logits.shape == (16, 16)


def test_features_are_those_of_the_network(encodings) -> None:
    tracker = _tracker({ONE: FIRST})
    window = Window(8, 4, 72, 68)
    found = tracker.features(2, window, 512)
    square = torch.from_numpy(cut_out(PICTURES[2], window, 512).astype(np.float64) / 255)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    picture = ((square.float() - mean) / std).permute(2, 0, 1)[None]
    with torch.inference_mode():
        raw = small_model().predictor.forward_image(picture)["backbone_fpn"]
    for ours, theirs in zip((found.stride4, found.stride8, found.stride16), raw, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4)
    assert found.stride16.shape == (1, 256, 32, 32)


def test_features_of_the_frame_just_tracked_cost_nothing(encodings) -> None:
    tracker = _tracker({ONE: FIRST})
    for step in tracker.track([ONE], FrameRange(0, 3), _known({})):
        found = tracker.features(step.frame, Window(0, 0, *SIZE), SMALL_SIDE)
        assert found.stride4.shape == (1, 32, 32, 32)
        assert found.stride4.dtype == torch.float32
    assert len(encodings) == 3
    tracker.features(7, Window(0, 0, *SIZE), SMALL_SIDE)
    assert len(encodings) == 4


def test_a_mask_alone_is_given_back_as_finely_as_it_was_painted() -> None:
    tracker = _tracker({ONE: (a_mask(0, SIZE, (30, 10, 80, 51)),)})
    found = tracker.segment(0, ONE)
    assert found.logits.shape == SIZE.hw
    inside = found.logits > 0
    assert inside[10:51, 30:80].all()
    assert inside.sum() == 50 * 41
    assert found.confidence == 1


def _seen(score: float, logit: float = 3.0, iou: float = 0.8) -> VideoAnswer:
    return VideoAnswer(np.full((4, 4), logit, np.float32), iou, score)


def test_confidence_is_predicted_iou_times_presence() -> None:
    found = make_segmentation(_seen(0.5), prompted=False)
    assert found.state is TrackState.TRACKED
    assert found.confidence == pytest.approx(0.8 / (1 + np.exp(-0.5)))
    assert found.logits.dtype == np.float16
    assert make_segmentation(_seen(50, iou=1.01), prompted=True).confidence == pytest.approx(1)


def test_an_absent_object_is_lost_unless_the_user_says_otherwise() -> None:
    gone = make_segmentation(_seen(-2000, logit=-1024), prompted=False)
    assert gone.state is TrackState.LOST
    assert gone.confidence == 0
    assert (gone.logits == -32).all()
    assert make_segmentation(_seen(-1), prompted=True).state is TrackState.PROMPTED


def test_an_object_that_the_network_does_not_find_is_lost(monkeypatch) -> None:
    head = small_model().predictor.sam_mask_decoder.pred_obj_score_head
    monkeypatch.setattr(head, "forward", lambda tokens: -torch.ones(len(tokens), 1))
    results = _run(_tracker({ONE: (a_mask(0, SIZE),)}), frames=FrameRange(0, 3))
    assert results[ONE, 0].state is TrackState.PROMPTED
    for frame in (1, 2):
        assert results[ONE, frame].state is TrackState.LOST
        assert (results[ONE, frame].logits < 0).all()


@pytest.mark.slow
def test_after_a_full_memory_a_track_goes_on_where_it_was(steps, monkeypatch) -> None:
    whole = _run(_tracker({ONE: FIRST}))
    steps.clear()
    tracker, results = _tracker({ONE: FIRST}), {}
    predictor = small_model().predictor
    encode, encoded = predictor.forward_image, []

    def full_once(picture):
        encoded.append(picture.shape)
        if len(encoded) == 6:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return encode(picture)

    monkeypatch.setattr(predictor, "forward_image", full_once)
    turns = tracker.track([ONE], ALL, _known({}))
    with pytest.raises(OutOfMemoryError):
        results.update(((turn.object_id, turn.frame), turn.segmentation) for turn in turns)
    assert sorted(frame for _, frame in results) == list(range(5))
    results |= _run(tracker, results=results)
    assert _same(results, whole)
    assert steps == {frame: 1 + (frame == 5) for frame in range(1, FRAMES)}
