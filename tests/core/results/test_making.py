from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.document import edits, span_edits
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import PointPrompt
from matting_core.document.refine import Mark, RefineStrokes
from matting_core.errors import InputError, ModelError, OutOfMemoryError
from matting_core.matte.refining import STRONGEST
from matting_core.media.masks import encode_gray
from matting_core.models import session
from matting_core.models.session import Session
from matting_core.models.trackers.base import TrackedFrame
from matting_core.models.trackers.fake import FakeTracker
from matting_core.results.making import Result
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.results.service import ResultService
from matting_core.results.stages import MATTE, SHARED
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, Quality, TrackState
from tests.core.factories import (
    BOX,
    FAKE,
    ONE,
    SIZE,
    TWO,
    a_box,
    a_clip,
    a_project,
    flat_source,
    segmentation_of,
)
from tests.tables import table

ALL = FrameRange(0, 12)
FAKE_TRACK = FakeTracker.track


class Making:
    """The service, models on a clip, and the state of a project that counts."""

    def __init__(self, project: Project, cache: MatteCache | None = None) -> None:
        self.project = project
        self.session = Session.open(project.settings, flat_source())
        self.cache = cache or MatteCache()
        self.results = ResultService(self.cache)

    @property
    def tracker(self):
        return self.session.tracker

    @property
    def head(self):
        return self.session.head

    @property
    def source(self):
        return self.session.source

    def preview(self, object_id, frame: int) -> Result:
        return self.results.preview(self.project, object_id, frame, self.session)

    def track(self, object_ids, frames: FrameRange):
        return self.track_spans(dict.fromkeys(object_ids, (frames,)))

    def track_spans(self, wanted):
        plan = self.results.plan(self.project, wanted)
        for made in self.results.make(plan, self.session):
            yield made and made.result

    def missing(self, object_ids, frames: FrameRange) -> int:
        return self.missing_spans(dict.fromkeys(object_ids, (frames,)))

    def missing_spans(self, wanted) -> int:
        return self.results.plan(self.project, wanted).missing

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.session.close()


def _open(project: Project, cache: MatteCache | None = None) -> Making:
    return Making(project, cache)


def _frames(results) -> list[int]:
    return [result.frame for result in results]


def _same(one: Result, other: Result) -> bool:
    return one.key == other.key and np.allclose(one.matte.alpha, other.matte.alpha, atol=1e-4)


def test_preview_answers_the_prompts_of_one_frame() -> None:
    with _open(a_project(a_box(3))) as session:
        result = session.preview(ONE, 3)
    assert (result.object_id, result.frame) == (ONE, 3)
    assert result.segmentation.state is TrackState.PROMPTED
    x0, y0, x1, y1 = (int(value) for value in BOX)
    alpha = result.matte.alpha
    assert alpha[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].min() > 0.95
    assert alpha[:, : x0 - 2].max() < 0.05


def test_preview_is_computed_once() -> None:
    with _open(a_project(a_box(3))) as session:
        first = session.preview(ONE, 3)
        reads = list(session.source.reads)
        assert _same(session.preview(ONE, 3), first)
        assert session.source.reads == reads == [3]


def test_preview_needs_prompts_on_the_frame() -> None:
    with _open(a_project(a_box(3), objects=2)) as session:
        with pytest.raises(InputError, match="no prompts on frame 4"):
            session.preview(ONE, 4)
        with pytest.raises(InputError, match="no prompts"):
            session.preview(TWO, 3)


def test_track_gives_every_frame_of_every_object_once() -> None:
    project = edits.add_prompts(a_project(a_box(3), objects=2), TWO, [a_box(0), a_box(9)])
    with _open(project) as session:
        results = list(session.track([ONE, TWO], FrameRange(2, 11)))
    found = sorted((result.object_id, result.frame) for result in results)
    assert found == [(obj, frame) for obj in (ONE, TWO) for frame in range(2, 11)]


def test_track_computes_only_what_is_missing() -> None:
    with _open(a_project(a_box(3))) as session:
        assert session.missing([ONE], ALL) == 12
        assert sorted(_frames(session.track([ONE], FrameRange(2, 6)))) == [2, 3, 4, 5]
        assert session.missing([ONE], ALL) == 8
        rest = _frames(session.track([ONE], ALL))
        assert sorted(rest) == [0, 1, *range(6, 12)]
        assert session.missing([ONE], ALL) == 0
        assert list(session.track([ONE], ALL)) == []


def test_a_dropped_run_keeps_what_it_yielded() -> None:
    with _open(a_project(a_box(0))) as session:
        steps = session.track([ONE], ALL)
        done = [next(steps).frame for _ in range(5)]
        steps.close()
        assert session.missing([ONE], ALL) == 7
        assert sorted(done + _frames(session.track([ONE], ALL))) == list(range(12))


def test_frames_on_the_way_to_a_range_are_kept_but_not_matted() -> None:
    with _open(a_project(a_box(3))) as session:
        track = session.tracker.track
        session.tracker.track = lambda prompts, _frames, known: track(prompts, ALL, known)
        steps = list(session.track([ONE], FrameRange(6, 8)))
        assert sorted(_frames(step for step in steps if step)) == [6, 7]
        assert steps.count(None) == 10
        on_the_way = segmentation_key(session.project, ONE, 5)
        assert session.cache.has_segmentation(on_the_way)
        assert list(session.track([ONE], FrameRange(6, 8))) == []


def test_a_frame_that_is_computed_again_is_a_place_to_stop_and_nothing_else() -> None:
    with _open(a_project(a_box(3))) as session:
        list(session.track([ONE], FrameRange(0, 6)))
        key = segmentation_key(session.project, ONE, 5)
        known, track = session.cache.get_segmentation(key), session.tracker.track

        def replaying(*given):
            other = segmentation_of(np.zeros((4, 4)))
            yield from (TrackedFrame(ONE, frame, other, again=True) for frame in (4, 5))
            yield from track(*given)

        session.tracker.track = replaying
        steps = list(session.track([ONE], FrameRange(0, 8)))
        assert steps[:2] == [None, None]
        assert sorted(_frames(steps[2:])) == [6, 7]
        assert np.array_equal(session.cache.get_segmentation(key).logits, known.logits)


def test_an_answer_of_another_prompt_is_kept_under_it_and_not_matted() -> None:
    with _open(a_project(a_box(3), a_box(9))) as session:
        track, asked = session.tracker.track, []

        def leaning(prompts, frames, known):
            other = segmentation_of(np.zeros((4, 4)))
            yield TrackedFrame(ONE, 8, other, anchor=3)
            asked.extend([known(ONE, 8, 3), known(ONE, 8)])
            yield from track(prompts, frames, known)

        session.tracker.track = leaning
        steps = list(session.track([ONE], FrameRange(8, 9)))
        assert steps[0] is None
        assert _frames(steps[1:]) == [8]
        assert asked[0].logits.shape == (4, 4)
        assert asked[1] is None


def test_a_new_prompt_costs_only_the_frames_it_governs() -> None:
    with _open(a_project(a_box(0))) as session:
        list(session.track([ONE], ALL))
        session.project = edits.add_prompts(session.project, ONE, [a_box(10, (1, 1, 9, 9))])
        assert sorted(_frames(session.track([ONE], ALL))) == [6, 7, 8, 9, 10, 11]


def test_undo_costs_nothing() -> None:
    before = a_project(a_box(0))
    with _open(before) as session:
        list(session.track([ONE], ALL))
        session.project = edits.add_prompts(before, ONE, [a_box(10, (1, 1, 9, 9))])
        list(session.track([ONE], ALL))
        session.project = before
        assert session.missing([ONE], ALL) == 0


def test_sessions_share_a_cache_on_disk(tmp_path) -> None:
    project = a_project(a_box(3))
    with _open(project, MatteCache(tmp_path)) as session:
        list(session.track([ONE], ALL))
    with _open(project, MatteCache(tmp_path)) as session:
        assert session.missing([ONE], ALL) == 0
        assert list(session.track([ONE], ALL)) == []
        session.preview(ONE, 3)
        assert session.source.reads == []


def test_another_head_mattes_again_without_tracking() -> None:
    cache = MatteCache()
    with _open(a_project(a_box(3)), cache) as session:
        list(session.track([ONE], ALL))
    project = replace(a_project(a_box(3)), settings=Settings("fake", "closed-form"))
    with _open(project, cache) as session:
        tracked = _noted(session)
        assert session.missing([ONE], ALL) == 12
        results = list(session.track([ONE], ALL))
        assert sorted(_frames(results)) == list(ALL)
        assert all(result.matte.roi.any() for result in results)
        assert tracked == []


def test_a_run_cut_between_mask_and_matte_is_completed() -> None:
    cache = MatteCache()
    with _open(a_project(a_box(3)), cache) as session:
        result = session.preview(ONE, 3)
    other = MatteCache()
    other.put_segmentation(segmentation_key(session.project, ONE, 3), result.segmentation)
    with _open(a_project(a_box(3)), other) as session:
        tracked = _noted(session)
        assert _frames(session.track([ONE], FrameRange(3, 4))) == [3]
        assert tracked == []


def _noted(session: Making) -> list[TrackedFrame]:
    """A list of what the tracker computes from now on."""
    track, noted = session.tracker.track, []

    def noting(*args):
        for step in track(*args):
            noted.append(step)
            yield step

    session.tracker.track = noting
    return noted


def test_a_running_track_keeps_the_state_it_began_with() -> None:
    before = a_project(a_box(0))
    with _open(before) as session:
        wanted = {r.frame: r for r in session.track([ONE], ALL)}
    with _open(before) as session:
        steps = session.track([ONE], ALL)
        results = [next(steps)]
        session.project = edits.add_prompts(before, ONE, [PointPrompt(4, (60, 40)), a_box(8)])
        session.preview(ONE, 4)
        results += steps
    assert len(results) == 12
    assert all(_same(result, wanted[result.frame]) for result in results)


@table(
    "changed",
    [
        replace(a_project(), settings=Settings("fake", "closed-form")),
        replace(a_project(), settings=replace(FAKE, quality=Quality.FULL)),
        replace(a_project(), clip=a_clip(fingerprint="0" * 32)),
    ],
)
def test_another_clip_or_other_models_are_refused(changed) -> None:
    with _open(a_project()) as session:
        session.project = changed
        for ask in (lambda: list(session.track([ONE], ALL)), lambda: session.preview(ONE, 0)):
            with pytest.raises(InputError, match="open a new session"):
                ask()


def test_tracking_without_prompts_is_refused() -> None:
    with _open(a_project(objects=2)) as session, pytest.raises(InputError, match="no prompts"):
        list(session.track([TWO], ALL))


@table("settings", [Settings("nope", "mask"), Settings("fake", "nope")])
def test_unknown_models_cannot_be_opened(settings) -> None:
    with pytest.raises(ModelError, match="nope"):
        _open(replace(a_project(), settings=settings))


def test_what_fails_to_open_leaves_nothing_open(monkeypatch) -> None:
    closed = []
    tracker = FakeTracker()
    monkeypatch.setattr(tracker, "open", lambda _source: tracker.nothing)
    monkeypatch.setattr(tracker, "close", lambda: closed.append(True))
    monkeypatch.setattr(session, "build_tracker", lambda *_: tracker)
    with pytest.raises(AttributeError):
        _open(a_project())
    assert closed == [True]


def test_a_track_that_is_dropped_or_fails_closes_the_trackers(monkeypatch) -> None:
    ended = []

    def track(self, prompts, frames, known):
        try:
            yield from FAKE_TRACK(self, prompts, frames, known)
        finally:
            ended.append(True)

    monkeypatch.setattr(FakeTracker, "track", track)
    with _open(a_project(a_box(0))) as making:
        steps = making.track([ONE], ALL)
        next(steps)
        steps.close()
        assert ended == [True]
        monkeypatch.setattr(making.head, "matte", lambda *_: making.nothing)
        with pytest.raises(AttributeError):
            list(making.track([ONE], ALL))
        assert ended == [True, True]


def test_time_is_measured_by_stage() -> None:
    with _open(a_project(a_box(0))) as session:
        list(session.track([ONE], ALL))
        assert set(session.session.watch.seconds) == {"track", "decode", "matte"}


def test_a_memory_that_models_fill_while_they_are_loaded_is_its_own_error(monkeypatch) -> None:
    def full(*_args) -> None:
        raise RuntimeError("MPS backend out of memory")

    monkeypatch.setattr(session, "build_tracker", full)
    with pytest.raises(OutOfMemoryError, match="while models are loaded; choose quality 'fast'"):
        _open(a_project(a_box(3)))


@table("part", ["tracker", "head"])
def test_a_model_that_fills_the_memory_can_be_asked_again(monkeypatch, part) -> None:
    def full(*_args) -> None:
        raise MemoryError

    with _open(a_project(a_box(3))) as opened:
        with monkeypatch.context() as patch:
            patch.setattr(getattr(opened, part), "segment" if part == "tracker" else "matte", full)
            with pytest.raises(OutOfMemoryError, match="cpu is out of memory in the"):
                opened.preview(ONE, 3)
        assert opened.preview(ONE, 3).frame == 3


def _tracked_from(session: Making) -> list[int]:
    """The frames that the fake tracker gives from now on."""
    given: list[int] = []
    track = session.tracker.track

    def counted(*args):
        for step in track(*args):
            given.append(step.frame)
            yield step

    session.tracker.track = counted
    return given


def test_locked_frames_stay_bit_for_bit_and_cost_nothing() -> None:
    project = a_project(a_box(3))
    with _open(project) as session:
        keys = {result.frame: result.key for result in session.track([ONE], ALL)}
        before = {frame: session.cache.get_matte(keys[frame]) for frame in range(4, 8)}
        locked = span_edits.lock_span(project, ONE, FrameRange(4, 8))
        session.project = edits.add_prompts(locked, ONE, [a_box(3, (1, 1, 9, 9))])
        given = _tracked_from(session)
        assert session.missing([ONE], ALL) == 8
        after = {result.frame: result for result in session.track([ONE], ALL) if result}
        assert set(after) == set(given) == set(ALL) - set(range(4, 8))
        for frame in range(4, 8):
            key = matte_key(session.project, ONE, frame)
            assert key == keys[frame]
            assert np.array_equal(session.cache.get_matte(key).alpha, before[frame].alpha)


def test_a_locked_frame_that_left_the_cache_is_made_again_as_it_was() -> None:
    project = a_project(a_box(3))
    locked = span_edits.lock_span(project, ONE, FrameRange(4, 8))
    edited = edits.add_prompts(locked, ONE, [a_box(9, (1, 1, 9, 9))])
    with _open(project) as first, _open(edited) as second:
        before = {result.frame: result for result in first.track([ONE], ALL)}
        after = {result.frame: result for result in second.track([ONE], ALL) if result}
        assert set(after) == set(ALL)
        for frame in range(4, 8):
            assert _same(after[frame], before[frame])
        assert not _same(after[8], before[8])
        assert second.missing([ONE], ALL) == 0


def test_what_other_models_made_is_not_made_again() -> None:
    locked = span_edits.lock_span(a_project(a_box(3)), ONE, FrameRange(4, 8))
    with _open(edits.set_settings(locked, Settings("fake", "closed-form"))) as session:
        assert session.missing([ONE], FrameRange(4, 8)) == 0
        assert list(session.track([ONE], FrameRange(4, 8))) == []


def test_absent_frames_have_an_empty_matte_at_once() -> None:
    gone = span_edits.set_absent(a_project(a_box(3)), ONE, FrameRange(4, 8), absent=True)
    with _open(gone) as session:
        assert session.missing([ONE], ALL) == 8
        key = matte_key(gone, ONE, 5)
        assert session.cache.has_matte(key)
        assert session.cache.get_matte(key).alpha.max() == 0
        assert _frames(session.track([ONE], FrameRange(5, 6))) == []


def test_spans_of_several_objects_are_tracked_each_on_its_own() -> None:
    project = edits.add_prompts(a_project(a_box(3), objects=2), TWO, [a_box(0)])
    wanted = {ONE: (FrameRange(0, 2), FrameRange(6, 7)), TWO: (FrameRange(4, 6),)}
    with _open(project) as session:
        assert session.missing_spans(wanted) == 5
        made = [(step.object_id, step.frame) for step in session.track_spans(wanted) if step]
    assert sorted(made) == [(ONE, 0), (ONE, 1), (ONE, 6), (TWO, 4), (TWO, 5)]


def test_an_edit_between_two_spans_does_not_reach_the_running_track() -> None:
    project = a_project(a_box(3))
    wanted = {ONE: (FrameRange(0, 2), FrameRange(6, 8))}
    with _open(project) as session, _open(project) as other:
        steps = session.track_spans(wanted)
        made = [next(steps)]
        session.project = edits.add_prompts(project, ONE, [a_box(7, (1, 1, 9, 9))])
        made += [step for step in steps if step]
        plain = {result.frame: result for result in other.track([ONE], ALL)}
        assert len(made) == 4
        assert all(_same(result, plain[result.frame]) for result in made)


def test_strokes_on_a_tracked_frame_matte_it_anew_without_tracking(monkeypatch) -> None:
    marks = np.zeros(SIZE.hw, np.uint8)
    marks[40:46, 50:60] = Mark.SOLID << 6 | STRONGEST
    project = a_project(a_box(3))
    with _open(project) as session:
        tracked = {result.frame: result for result in session.track([ONE], ALL)}
        session.project = edits.set_strokes(project, ONE, RefineStrokes(7, encode_gray(marks)))
        monkeypatch.setattr(session.tracker, "segment", None)
        result = session.preview(ONE, 7)
        assert (result.matte.alpha[40:46, 50:60] == 1).all()
        assert tracked[7].matte.alpha[40:46, 50:60].max() < 0.01
        assert _frames(session.track([ONE], ALL)) == []


def test_a_frame_is_looked_at_ahead_and_nothing_is_kept_of_it() -> None:
    project = a_project(a_box(3))
    with _open(project) as session:
        asked, segment = [], session.tracker.segment
        looked = []
        session.tracker.segment = lambda *args: asked.append(args) or segment(*args)
        session.tracker.features = lambda frame, *_: looked.append(frame)
        session.session.prepare(5)
        session.session.prepare(6)
        assert looked == [5, 6]
        assert asked == [(5, (PointPrompt(5, (32, 24)),))]
        assert session.missing([ONE], ALL) == 12
        assert session.preview(ONE, 3).frame == 3


def test_a_new_matte_completes_what_the_plan_wants_of_it() -> None:
    """At the matte's own stage nothing else is read; at the last, all that share are waited for."""
    project = edits.add_prompts(a_project(a_box(0), objects=2), TWO, [a_box(0)])
    project = edits.set_share_alpha(project, True)
    wanted = {ONE: (FrameRange(0, 3),), TWO: (FrameRange(0, 3),)}
    for stage, count in ((MATTE, 1), (SHARED, 2)):
        with _open(project) as making:
            plan = making.results.plan(project, wanted, stage)
            steps = list(making.results.make(plan, making.session))
        places = [each.key.place for made in steps for each in made.complete]
        assert sorted(places) == [(obj, frame) for obj in (ONE, TWO) for frame in range(3)]
        assert {len(made.complete) for made in steps} - {0} == {count}


def test_who_shares_with_what_is_wanted_is_made_too() -> None:
    project = edits.add_prompts(a_project(a_box(0), objects=2), TWO, [a_box(0)])
    shared = edits.set_share_alpha(project, True)
    results, span = ResultService(MatteCache()), (FrameRange(2, 5),)
    assert results.plan(shared, {ONE: span}, MATTE).wanted == {ONE: span}
    assert results.plan(project, {ONE: span}, SHARED).wanted == {ONE: span}
    assert results.plan(shared, {ONE: span}, SHARED).wanted == {ONE: span, TWO: span}
    hidden = edits.set_visible(shared, TWO, False)
    assert results.plan(hidden, {ONE: span}, SHARED).missing == 3


def test_a_run_leaves_statistics_of_all_that_it_made(tmp_path) -> None:
    project = a_project(a_box(3))
    with _open(project, MatteCache(tmp_path)) as making:
        steps = making.track([ONE], ALL)
        for _ in range(5):
            next(steps)
        steps.close()
    again = ResultService(MatteCache(tmp_path))
    assert list(again.read_statistics(project)) == [], "no mask is read for them"
    stored = [f for f in ALL if again.store.has_matte(again.key(project, ONE, f))]
    assert len(stored) == 5
    masks = [again.keys(project, ONE, frame).mask_key for frame in stored]
    assert all(again.statistics.get(each) is not None for each in masks)
