"""Statuses by span say what asking for every frame says, and cost what spans cost."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matting_core.document import edits, span_edits
from matting_core.document.project import Project, Settings
from matting_core.errors import MattingError, ModelError
from matting_core.models import registry
from matting_core.models.registry import tracker_spec
from matting_core.models.trackers.fake import SPEC
from matting_core.results.service import ResultService
from matting_core.results.stats import FrameStats
from matting_core.results.status import Status
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, Segmentation, TrackState
from tests.core.factories import ONE, TWO, a_box, a_clip, a_matte, a_project
from tests.core.results import reference
from tests.core.results.projects import LENGTH, a_random_project

ALL = FrameRange(0, 12)
STATES = (TrackState.PROMPTED, TrackState.TRACKED, TrackState.LOST)


def a_mask(state=TrackState.TRACKED, confidence=0.9) -> Segmentation:
    return Segmentation(np.full((2, 2), -1, np.float16), confidence, state)


def put(results: ResultService, project: Project, object_id, frame: int, mask=None) -> None:
    keys = results.keys(project, object_id, frame)
    if keys is None or results.store.has_matte(keys.key):
        return
    results.store.put_matte(keys.key, a_matte(0, (2, 2)))
    if not results.store.has_segmentation(keys.mask_key):
        results.store.put_segmentation(keys.mask_key, mask or a_mask())


def statuses(results: ResultService, project: Project, object_id=ONE) -> list[Status]:
    spans = results.status(project, object_id)
    return [spans.get(frame) or Status.NONE for frame in range(project.clip.length)]


def _expected(results: ResultService, project: Project, obj, frame: int, seen) -> Status:
    """Status of one frame, asked for by itself."""
    try:
        key = reference.matte_key(project, obj.id, frame)
        mask_key = reference.segmentation_key(project, obj.id, frame)
    except MattingError:
        key = mask_key = None
    if key is not None and results.store.has_matte(key):
        if key.blank is not None:
            return Status.ABSENT
        if obj.lock_on(frame) is not None:
            return Status.LOCKED
        found = results.store.get_segmentation(mask_key)
        if found.state is TrackState.LOST:
            return Status.LOST
        try:
            doubted = tracker_spec(project.settings.tracker).doubts(found)
        except ModelError:
            doubted = False
        return Status.DOUBTFUL if doubted else Status.FRESH
    old = seen.get((obj.id, frame))
    if old is not None and results.store.has_matte(old):
        return Status.STALE if obj.prompts else Status.NONE
    return Status.NONE


def _observe(results: ResultService, project: Project, seen) -> None:
    """Take in what is fresh, by the service and frame by frame."""
    results.statuses.observe(project)
    for obj in project:
        for frame in range(LENGTH):
            try:
                key = reference.matte_key(project, obj.id, frame)
            except MattingError:
                continue
            if key is not None and results.store.has_matte(key):
                seen[obj.id, frame] = key


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_spans_say_what_every_frame_says(seed) -> None:
    random, seen = Random(seed), {}
    results = ResultService(MatteCache())
    before = a_random_project(seed, steps=8)
    after = a_random_project(seed, steps=25)
    for project in (before, after, before):
        for obj in project:
            for frame in range(LENGTH):
                if random.random() < 0.5:
                    mask = a_mask(random.choice(STATES), random.choice([0.5, 0.9]))
                    put(results, project, obj.id, frame, mask)
        list(results.read_statistics(project))
        _observe(results, project, seen)
        for obj in project:
            expected = [_expected(results, project, obj, f, seen) for f in range(LENGTH)]
            assert statuses(results, project, obj.id) == expected
            count = sum(each not in (Status.NONE, Status.STALE) for each in expected)
            assert results.statuses.count(project, obj.id, FrameRange(0, LENGTH)) == count


def test_an_edit_makes_stale_what_was_observed() -> None:
    results, before = ResultService(MatteCache()), a_project(a_box(0))
    for frame in range(8):
        put(results, before, ONE, frame)
    results.statuses.observe(before)
    after = edits.add_prompts(before, ONE, [a_box(10)])
    assert statuses(results, after) == [
        *[Status.FRESH] * 6,
        *[Status.STALE] * 2,
        *[Status.NONE] * 4,
    ]
    bare = edits.remove_prompt(before, ONE, before.find(ONE).prompts[0])
    assert set(statuses(results, bare)) == {Status.NONE}


def test_what_leaves_the_store_is_not_fresh() -> None:
    results, project = ResultService(MatteCache()), a_project(a_box(0))
    put(results, project, ONE, 3)
    assert statuses(results, project)[3] == Status.FRESH
    results.store.clear()
    assert statuses(results, project)[3] == Status.NONE


def test_an_unknown_model_leaves_locked_frames_as_they_are() -> None:
    results, project = ResultService(MatteCache()), a_project(a_box(0))
    put(results, project, ONE, 3)
    put(results, project, ONE, 6)
    locked = span_edits.lock_span(project, ONE, FrameRange(2, 5))
    results.statuses.observe(locked)
    gone = edits.set_settings(locked, Settings("nowhere", "mask"))
    assert statuses(results, gone)[3] == Status.LOCKED
    assert statuses(results, gone)[6] == Status.STALE


def test_editing_one_object_computes_the_recipes_of_one(monkeypatch) -> None:
    project = edits.add_prompts(a_project(a_box(0), objects=2), TWO, [a_box(3)])
    results, computed = ResultService(MatteCache()), []
    real = results.recipes._combine_spans
    monkeypatch.setattr(
        results.recipes,
        "_combine_spans",
        lambda p, obj, s: computed.append(obj.id) or real(p, obj, s),
    )
    results.statuses.observe(project)
    assert set(computed) == {ONE, TWO}
    computed.clear()
    results.statuses.observe(edits.add_prompts(project, TWO, [a_box(9)]))
    assert set(computed) == {TWO}
    computed.clear()
    results.statuses.observe(edits.rename_object(project, TWO, "other"))
    results.statuses.observe(project)
    assert computed == []


def test_long_clips_take_few_recipes() -> None:
    project = a_project(*(a_box(frame) for frame in range(0, 20_000, 500)), clip=a_clip(20_000))
    results = ResultService(MatteCache())
    assert len(results.recipes.spans(project, ONE).spans) == 40


@pytest.fixture
def unsure(monkeypatch) -> None:
    specs = {**registry.tracker_specs(), "fake": replace(SPEC, doubtful_below=0.7)}
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)


@pytest.mark.usefixtures("unsure")
def test_statistics_are_kept_with_the_results_and_no_mask_is_read_for_them(tmp_path) -> None:
    project = a_project(a_box(0))
    first = ResultService(MatteCache(tmp_path))
    masks = {3: a_mask(confidence=0.69), 4: a_mask(TrackState.LOST, 0.0), 5: a_mask()}
    for frame, mask in masks.items():
        put(first, project, ONE, frame, mask)
        first.statistics.add(first.keys(project, ONE, frame).mask_key, mask)
    first.statistics.flush()
    again = ResultService(MatteCache(tmp_path))
    assert again.statuses.has_unread(project)
    assert list(again.read_statistics(project)) == [], "no mask is read"
    assert not again.statuses.has_unread(project)
    wanted = [Status.DOUBTFUL, Status.LOST, Status.FRESH]
    assert statuses(again, project)[3:6] == statuses(first, project)[3:6] == wanted
    key = again.keys(project, ONE, 3).mask_key
    assert again.statistics.get(key) == FrameStats(TrackState.TRACKED, 0.69, 0.0)
    assert again.statistics.get(replace(key, frame=9)) is None


@pytest.mark.usefixtures("unsure")
def test_masks_of_an_older_version_are_read_for_theirs_once(tmp_path) -> None:
    project, store = a_project(a_box(0)), MatteCache(tmp_path)
    for frame in (2, 7):
        put(ResultService(store), project, ONE, frame, a_mask(confidence=0.5))
    results = ResultService(store)
    assert statuses(results, project)[2] == Status.FRESH
    assert [key.frame for key in results.read_statistics(project)] == [2, 7]
    assert statuses(results, project)[2] == statuses(results, project)[7] == Status.DOUBTFUL
    assert list(ResultService(MatteCache(tmp_path)).read_statistics(project)) == []


def test_the_area_is_the_share_of_the_frame_inside_the_mask() -> None:
    results, project = ResultService(MatteCache()), a_project(a_box(0))
    key = results.keys(project, ONE, 3).mask_key
    logits = np.array([[1, -1], [-1, -1]], np.float16)
    results.statistics.add(key, Segmentation(logits, 0.8, TrackState.TRACKED))
    assert results.statistics.get(key).area == 0.25
