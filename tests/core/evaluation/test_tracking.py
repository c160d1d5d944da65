from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from matting_core.document.prompts import BoxPrompt, MaskPrompt
from matting_core.evaluation import tracking
from matting_core.evaluation.tracking import (
    BAD_BELOW,
    DoubtCounts,
    TrackRun,
    measure_gains,
    track_clip,
    track_corrected,
)
from matting_core.models.registry import tracker_spec
from matting_core.types import DeviceChoice, Quality, Size
from tests.core.factories import ArraySource, a_mask

SIZE = Size(64, 48)


def _truth(*places: int | None) -> list[np.ndarray]:
    masks = [np.zeros(SIZE.hw, np.bool_) for _ in places]
    for mask, x in zip(masks, places, strict=True):
        if x is not None:
            mask[10:30, x : x + 20] = True
    return masks


@pytest.fixture
def tracker():
    """The fake one: what the nearest prompt says, standing still."""
    built = tracker_spec("fake").build(DeviceChoice.CPU, Quality.FAST)
    built.open(ArraySource([np.zeros((*SIZE.hw, 3), np.uint8)] * 7))
    yield built
    built.close()


def _box(frame: int, x: int) -> BoxPrompt:
    return BoxPrompt(frame, (x, 10, x + 20, 30))


def test_the_prompted_frame_does_not_count(tracker) -> None:
    run = track_clip(tracker, _truth(20, 20, 30, 30, 30, 30, 30), [_box(0, 20)])
    assert sorted(run.scores) == [1, 2, 3, 4, 5, 6]
    assert run.scores[1] == pytest.approx(1, abs=0.03)
    assert run.scores[6] == pytest.approx(1 / 3, abs=0.03)
    assert run.confidences[6] == pytest.approx(0.9)


def test_all_frames_count_but_the_first_prompt_s(tracker, monkeypatch) -> None:
    clock = SimpleNamespace(perf_counter=iter([10.0, 24.0]).__next__)
    monkeypatch.setattr(tracking, "time", clock)
    run = track_clip(tracker, _truth(*[20] * 7), [_box(3, 20), _box(5, 20)])
    assert sorted(run.scores) == sorted(run.confidences) == [0, 1, 2, 4, 5, 6]
    assert run.seconds == 2


def test_the_mean_is_over_frames() -> None:
    assert TrackRun((), {1: 0.1, 2: 0.2, 3: 0.9}, {}, 0.0).mean == pytest.approx(0.4)


def test_a_correction_mends_both_sides_of_the_worst_frame(tracker) -> None:
    truth = _truth(20, 30, 30, 30, 40, 30, 30)
    run = track_clip(tracker, truth, [_box(0, 20)])
    after = track_corrected(tracker, truth, run)
    assert after.prompts[-1] == _box(4, 40)
    earlier, later = measure_gains(run, after)
    assert earlier == pytest.approx(0, abs=0.03), "frame 3: a third before, a third now"
    assert later == pytest.approx(0, abs=0.03)
    assert after.mean > run.mean


def test_only_what_the_correction_governs_counts_as_its_gain() -> None:
    scores = {1: 0.9, 2: 0.5, 3: 0.2, 4: 0.4, 5: 0.4}
    before = TrackRun((_box(0, 20),), scores, dict.fromkeys(scores, 1.0), 0.0)
    mended = {1: 0.1, 2: 0.7, 3: 1.0, 4: 0.5, 5: 0.7}
    after = TrackRun((_box(0, 20), _box(3, 20)), mended, before.confidences, 0.0)
    assert measure_gains(before, after) == (pytest.approx(0.2), pytest.approx(0.2))


def test_a_correction_before_the_first_prompt_or_on_the_last_frame_has_gains_too() -> None:
    scores = dict.fromkeys((0, 1, 2, 3, 5), 0.5)
    before = TrackRun((_box(4, 20),), scores, {}, 0.0)
    mended = {0: 0.6, 1: 1.0, 2: 0.9, 3: 0.1, 5: 0.1}
    after = TrackRun((_box(4, 20), _box(1, 20)), mended, {}, 0.0)
    assert measure_gains(before, after) == (pytest.approx(0.1), pytest.approx(0.4))
    last = TrackRun((_box(4, 20), _box(5, 20)), mended, {}, 0.0)
    assert measure_gains(before, last) == (0, 0)


def test_an_object_that_is_never_there_again_cannot_be_corrected(tracker) -> None:
    truth = _truth(20, None, None, None, None, None, None)
    assert track_corrected(tracker, truth, track_clip(tracker, truth, [_box(0, 20)])) is None


def test_doubt_is_compared_with_the_truth() -> None:
    scores = {1: 0.9, 2: 0.4, 3: 0.3, 4: 0.8}
    run = TrackRun((MaskPrompt(0, a_mask(0).png),), scores, {1: 0.9, 2: 0.9, 3: 0.1, 4: 0.6}, 0.0)
    doubt = DoubtCounts.count([run], 0.7)
    assert (doubt.bad, doubt.doubted, doubt.both) == (2, 2, 1)
    assert (doubt.precision, doubt.recall) == (0.5, 0.5)
    edge = TrackRun((), {1: BAD_BELOW, 2: 0.6, 3: 0.49}, {1: 1.0, 2: 0.7, 3: 1.0}, 0.0)
    assert DoubtCounts.count([edge], 0.7) == DoubtCounts(1, 0, 0)
    assert DoubtCounts.count([run, edge], 0.7) == DoubtCounts(3, 2, 1)
    assert DoubtCounts.count([], 0.7).precision == DoubtCounts.count([], 0.7).recall == 1
    assert DoubtCounts.count([run], None) == DoubtCounts(2, 0, 0)
