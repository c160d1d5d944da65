from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError, ModelError
from matting_core.evaluation.quality import runner
from matting_core.evaluation.quality.methods import MaskWithTrimap
from matting_core.evaluation.quality.runner import Runner, Step
from matting_core.evaluation.quality.sets import open_sets
from matting_core.metrics.tally import tally
from matting_core.metrics.temporal import AlphaPair, dtssd_compute, temporal_error
from matting_core.models.heads.base import Guide
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.fake import FakeTracker
from matting_core.types import Frame8, Matte
from matting_core.windows import Window, whole
from tests.core.evaluation.quality.helpers import (
    EvenHead,
    grey,
    still_set,
    write_photos,
    write_videos,
)


class Clock:
    """Time that passes only when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


class SeeingTracker(FakeTracker):
    """Has features, each of which takes ten seconds."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.asked: list[tuple[int, Window, int]] = []

    def features(self, frame: int, window: Window, side: int) -> Features:
        self.asked.append((frame, window, side))
        self._clock.now += 10
        return Features(0, 0, 0)


class LookingHead(EvenHead):
    """Looks at the whole frame, as often as told, and thinks for a second."""

    def __init__(self, clock: Clock, sides: Sequence[int]) -> None:
        super().__init__(0.5)
        self._clock, self._sides = clock, sides

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        assert guide.get_features is not None
        size = (rgb.shape[1], rgb.shape[0])
        for side in self._sides:
            guide.get_features(Window(0, 0, *size), side)
        self._clock.now += 1
        return super().matte(rgb, guide)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(runner, "time", clock)
    return clock


def _run(heads: dict[str, object], case_set: object) -> list[Step]:
    return list(Runner(heads, FakeTracker()).run(case_set))


def test_every_row_answers_every_case() -> None:
    case_set = still_set(grey(1), grey(0.5))
    steps = _run({"one": EvenHead(1), "half": EvenHead(0.5)}, case_set)
    assert [(step.case, step.row) for step in steps] == [
        ("a", "one"),
        ("a", "half"),
        ("b", "one"),
        ("b", "half"),
    ]
    assert [step.values["mad"] for step in steps] == [0, 500, 500, 0]
    assert [step.values["mse"] for step in steps] == [0, 250, 250, 0]


def test_numbers_are_those_worked_out_by_hand() -> None:
    truth = grey(0)
    truth[6:18, 8:24] = 1
    (step,) = _run({"quarter": EvenHead(0.25)}, still_set(truth))
    inside, outside = 12 * 16, 24 * 32 - 12 * 16
    total = 0.75 * inside + 0.25 * outside
    assert step.values["mad"] == pytest.approx(1e3 * total / (24 * 32))
    assert step.values["sad"] == pytest.approx(total / 1e3)
    assert "dtssd" not in step.values
    assert np.array_equal(step.truth, truth)


def test_the_band_of_a_trimap_is_measured_too(tmp_path: Path) -> None:
    (trimaps,) = open_sets(write_photos(tmp_path, "a"), ["trimaps"])
    (case,) = trimaps.cases()
    (step,) = _run({"mask": MaskWithTrimap()}, trimaps)
    assert case.trimap is not None
    known = case.trimap != 0.5
    assert np.array_equal(step.alpha[known], case.trimap[known])
    error = np.abs(step.alpha.astype(float) - case.truth(0))
    assert step.values["mad_band"] == pytest.approx(1e3 * error[~known].mean())
    assert step.values["mad"] == pytest.approx(1e3 * error.mean())


def test_videos_are_tracked_and_measured_over_time(tmp_path: Path) -> None:
    (video,) = open_sets(write_videos(tmp_path), ["video"])
    steps = _run({"mask": MaskWithTrimap(), "half": EvenHead(0.5)}, video)
    assert [step.frame for step in steps] == [0, 0, 1, 1, 2, 2]
    masks = [step for step in steps if step.row == "mask"]
    assert [step.values["dtssd"] is None for step in masks] == [True, False, False]
    before, now = (AlphaPair(step.alpha, step.truth) for step in masks[:2])
    assert masks[1].values["dtssd"] == pytest.approx(
        dtssd_compute(tally(temporal_error(before, now)))
    )
    assert masks[1].values["dtssd"] > 1


def test_features_are_computed_once_for_all_rows(clock: Clock) -> None:
    tracker = SeeingTracker(clock)
    case_set = still_set(grey(1), grey(1))
    heads = {"one": LookingHead(clock, [512]), "two": LookingHead(clock, [512, 1024, 512])}
    steps = list(Runner(heads, tracker).run(case_set))
    frame = whole(next(iter(case_set.cases())).source.size)
    assert tracker.asked == [(0, frame, 512), (0, frame, 1024)] * 2
    assert [step.seconds.head for step in steps] == [1, 1, 1, 1]
    assert [step.seconds.encode for step in steps] == [10, 20, 10, 20]


def test_tracking_is_timed_apart(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = FakeTracker._draw

    def draw(tracker: FakeTracker, prompts: object) -> object:
        clock.now += 3
        return drawn(tracker, prompts)

    monkeypatch.setattr(FakeTracker, "_draw", draw)
    (step,) = _run({"half": EvenHead(0.5)}, still_set(grey(1)))
    assert step.seconds == runner.StageSeconds(head=0, encode=0, track=3)


def test_the_first_frame_is_matted_twice_so_that_loading_does_not_count() -> None:
    class Counting(EvenHead):
        calls = 0

        def matte(self, rgb: Frame8, guide: Guide) -> Matte:
            self.calls += 1
            return super().matte(rgb, guide)

    head = Counting(0.5)
    _run({"half": head}, still_set(grey(1), grey(1)))
    assert head.calls == 3


def test_a_tracker_without_features_is_told(clock: Clock) -> None:
    with pytest.raises(ModelError, match="no image features"):
        _run({"wisp": LookingHead(clock, [512])}, still_set(grey(1)))


def test_a_prompt_outside_the_clip_is_refused() -> None:
    case_set = still_set(grey(1))
    (case,) = case_set.cases()
    bad = replace(case, prompt=replace(case.prompt, frame=1))
    with pytest.raises(InputError, match="frame 1, but the clip"):
        _run({"half": EvenHead(0.5)}, replace(case_set, cases=lambda: iter([bad])))
