"""What every tracker in the registry must do; a new tracker is tested here at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
import pytest

from matting_core.document.prompts import Label, PointPrompt, Prompt
from matting_core.errors import InputError
from matting_core.models.registry import tracker_spec, tracker_specs
from matting_core.models.trackers.base import MaskLookup, TrackedFrame, Tracker
from matting_core.types import (
    DeviceChoice,
    FrameRange,
    ObjectId,
    Quality,
    Segmentation,
    Size,
    TrackState,
)
from matting_core.windows import Window
from tests.clips import Disc, disc_path, moving_disc_pictures
from tests.contracts.installed import parameters, skip_without, use_models_of_the_machine
from tests.core.factories import ONE, TWO, ArraySource, a_box, a_mask
from tests.tables import table

SIZE = Size(96, 72)
FRAMES = 4
ALL = FrameRange(0, FRAMES)
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
DISCS = disc_path(FRAMES, SIZE)
Prompts = tuple[Prompt, ...]
Results = dict[tuple[ObjectId, int], Segmentation]


@pytest.fixture(scope="module", params=parameters(tracker_specs().values()))
def built(request: pytest.FixtureRequest) -> Iterator[Tracker]:
    spec = tracker_spec(request.param)
    with pytest.MonkeyPatch.context() as patch:
        use_models_of_the_machine(patch)
        skip_without(spec.weights)
        tracker = spec.build(DeviceChoice.CPU, Quality.FAST)
    yield tracker
    tracker.close()


@pytest.fixture
def tracker(built: Tracker) -> Iterator[Tracker]:
    """Opened on a clip of a moving disc."""
    built.open(ArraySource(PICTURES))
    yield built
    built.close()


@pytest.fixture(scope="module")
def whole(built: Tracker) -> Results:
    """The uninterrupted run that the others are compared with."""
    built.open(ArraySource(PICTURES))
    results = _run(built, {ONE: ANCHORED})
    built.close()
    return results


def _on(disc: Disc, frame: int) -> Prompt:
    x, y, r = disc
    return a_box(frame, (x - r, y - r, x + r, y + r))


PLACE = tuple(_on(DISCS[1], 1).xyxy)
BOXED = (_on(DISCS[1], 1),)
# A mask costs a tracker less than a box does, and most of these tests are about what follows.
ANCHORED = (a_mask(1, SIZE, PLACE),)
CORNER = (a_mask(1, SIZE, (60, 4, 90, 20)),)


def _nothing(_object_id: ObjectId, _frame: int, _anchor: int | None = None) -> None:
    return None


def _from(results: Results) -> MaskLookup:
    def known(obj: ObjectId, frame: int, anchor: int | None = None) -> Segmentation | None:
        return results.get((obj, frame)) if anchor is None else None

    return known


def _run(
    tracker: Tracker, prompts: Mapping[ObjectId, Prompts], frames=ALL, known: MaskLookup = _nothing
) -> Results:
    return _collected(tracker.track(prompts, frames, known))


def _collected(steps: Iterator[TrackedFrame]) -> Results:
    results: Results = {}
    for step in steps:
        key = (step.object_id, step.frame)
        if step.again or step.anchor is not None:
            continue
        assert key not in results, f"{key} came twice"
        results[key] = step.segmentation
    return results


def _same(one: Segmentation, other: Segmentation) -> bool:
    return (
        np.array_equal(one.logits, other.logits)
        and one.confidence == other.confidence
        and one.state is other.state
    )


def _check(segmentation: Segmentation) -> None:
    assert segmentation.logits.ndim == 2
    assert segmentation.logits.dtype == np.float16
    assert np.isfinite(segmentation.logits).all()
    assert 0 <= segmentation.confidence <= 1
    if segmentation.state is TrackState.LOST:
        assert (segmentation.logits < 0).all()


@table("spec", tracker_specs().values())
def test_only_a_confidence_that_was_compared_with_the_truth_marks_doubt(spec) -> None:
    calibrated = {"sam2-tiny-flow": 0.7}  # decision 16
    assert spec.doubtful_below == calibrated.get(spec.id)


def test_segment_answers_prompts_of_every_kind(tracker) -> None:
    disc = DISCS[1]
    point = PointPrompt(1, (disc.x, disc.y))
    away = PointPrompt(1, (2, 2), Label.BACKGROUND)
    for prompts in ([point], [point, away], BOXED, ANCHORED, [*BOXED, point, away]):
        found = tracker.segment(1, tuple(prompts))
        _check(found)
        assert found.state is TrackState.PROMPTED
        assert (found.logits > 0).any()


def test_segment_is_deterministic_whatever_came_before(tracker) -> None:
    first = tracker.segment(1, BOXED)
    assert _same(tracker.segment(1, BOXED), first)
    tracker.segment(1, CORNER)
    tracker.open(ArraySource([255 - picture for picture in PICTURES[::-1]]))
    tracker.segment(1, BOXED)
    tracker.open(ArraySource(PICTURES))
    assert _same(tracker.segment(1, BOXED), first)


def test_segment_without_prompts_is_refused(tracker) -> None:
    for frame, prompts in ((0, ANCHORED), (1, ())):
        with pytest.raises(InputError, match=f"no prompts on frame {frame}"):
            tracker.segment(frame, prompts)


def test_track_without_prompts_is_refused(tracker) -> None:
    with pytest.raises(InputError, match="Object 2 has no prompts"):
        _run(tracker, {ONE: ANCHORED, TWO: ()})


def test_every_frame_comes_once_in_both_directions(whole) -> None:
    assert set(whole) == {(ONE, frame) for frame in ALL}
    for (_, frame), segmentation in whole.items():
        _check(segmentation)
        prompted = segmentation.state is TrackState.PROMPTED
        assert prompted == (frame == 1)


def test_the_prompted_frame_is_what_segment_says(tracker, whole) -> None:
    assert _same(tracker.segment(1, ANCHORED), whole[ONE, 1])


def test_a_range_may_leave_its_prompt_out(tracker, whole) -> None:
    results = _run(tracker, {ONE: ANCHORED}, FrameRange(2, 3))
    assert (ONE, 2) in results
    assert all(_same(found, whole[key]) for key, found in results.items())
    assert _run(tracker, {ONE: ANCHORED}, FrameRange(2, 3), _from(results)) == {}


def test_what_is_known_is_not_computed(tracker, whole) -> None:
    assert _run(tracker, {ONE: ANCHORED}, known=_from(whole)) == {}


@pytest.mark.parametrize("kept", [{1, 2}, {0, 3}])
def test_a_resumed_run_ends_like_an_uninterrupted_one(tracker, whole, kept) -> None:
    known = {key: found for key, found in whole.items() if key[1] in kept}
    results = _run(tracker, {ONE: ANCHORED}, known=_from(known))
    assert {frame for _, frame in results} == set(ALL) - kept
    assert all(_same(found, whole[key]) for key, found in results.items())


def test_a_corrected_track_ends_the_same_wherever_it_was_interrupted(tracker) -> None:
    """What a caller stores as it comes is enough, answers of other prompted frames included."""
    prompts = {ONE: (a_mask(0, SIZE, PLACE), _on(DISCS[3], 3))}
    stored: dict[tuple[int, int | None], Segmentation] = {}

    def known(_obj: ObjectId, frame: int, anchor: int | None = None) -> Segmentation | None:
        return stored.get((frame, anchor))

    def go_on(count: int) -> None:
        steps = tracker.track(prompts, ALL, known)
        for step in islice((step for step in steps if not step.again), count):
            stored[step.frame, step.anchor] = step.segmentation
        steps.close()

    go_on(100)
    straight = dict(stored)
    stored.clear()
    assert {frame for frame, anchor in straight if anchor is None} == set(ALL)
    for _ in straight:
        go_on(1)
    assert stored.keys() == straight.keys()
    assert all(_same(found, straight[place]) for place, found in stored.items())


def test_other_questions_do_not_disturb_a_running_track(tracker, whole) -> None:
    steps, results = tracker.track({ONE: ANCHORED}, ALL, _nothing), {}
    for number, step in enumerate(steps):
        results[step.object_id, step.frame] = step.segmentation
        if number in (0, 2):
            tracker.segment(3, (_on(DISCS[3], 3),))
    assert set(results) == set(whole)
    assert all(_same(found, whole[key]) for key, found in results.items())


def test_a_second_object_does_not_disturb_the_first(tracker, whole) -> None:
    results = _run(tracker, {TWO: CORNER, ONE: ANCHORED}, FrameRange(1, 3))
    assert set(results) == {(obj, frame) for obj in (ONE, TWO) for frame in (1, 2)}
    for frame in (1, 2):
        assert _same(results[ONE, frame], whole[ONE, frame])


def test_a_clip_of_one_frame_is_tracked(tracker) -> None:
    tracker.open(ArraySource(PICTURES[:1]))
    assert set(_run(tracker, {ONE: (a_mask(0, SIZE),)}, FrameRange(0, 1))) == {(ONE, 0)}


def test_features_have_the_promised_shapes_or_are_none(tracker) -> None:
    features = tracker.features(0, Window(0, 0, SIZE.width, SIZE.height), 512)
    if features is None:
        return
    shapes = [tuple(part.shape) for part in (features.stride4, features.stride8, features.stride16)]
    side = shapes[0][2] * 4
    assert shapes == [
        (1, channels, side // stride, side // stride)
        for channels, stride in ((32, 4), (64, 8), (256, 16))
    ]


def test_close_may_come_twice_and_open_after_it(tracker) -> None:
    tracker.close()
    tracker.close()
    tracker.open(ArraySource(PICTURES))
    assert tracker.segment(0, (a_mask(0, SIZE),)).state is TrackState.PROMPTED
