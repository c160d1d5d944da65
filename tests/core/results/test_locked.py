"""What is locked stays in the store, whatever is chosen later and however full it gets."""

import pytest

from matting_core.document import edits, span_edits
from matting_core.document.project import Project, Settings
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange
from tests.core.factories import ONE, a_box, a_matte, a_project, lost

SPAN = FrameRange(4, 8)
ALL = FrameRange(0, 12)


@pytest.fixture
def results() -> ResultService:
    return ResultService(MatteCache())


def kept(results: ResultService, made: Project, today: Project) -> list[int]:
    """The frames of a project whose mattes and masks clearing leaves there."""
    for frame in ALL:
        key = matte_key(made, ONE, frame)
        if key is not None and key.blank is None:
            results.store.put_matte(key, a_matte(frame))
            results.store.put_segmentation(segmentation_key(made, ONE, frame), lost((4, 4)))
    results.statuses.protect(today)
    results.store.clear()
    keys = {f: (matte_key(made, ONE, f), segmentation_key(made, ONE, f)) for f in ALL}
    there = {
        frame: (results.store.has_matte(key), results.store.has_segmentation(mask))
        for frame, (key, mask) in keys.items()
        if key.blank is None
    }
    assert all(matte == mask for matte, mask in there.values())
    return [frame for frame, (matte, _) in there.items() if matte]


def test_nothing_is_locked_at_first(results):
    assert kept(results, a_project(), a_project()) == []


def test_locked_frames_stay_under_other_models(results):
    project = a_project(a_box(3))
    locked = span_edits.lock_span(project, ONE, SPAN)
    other = edits.set_settings(locked, Settings("sam2-tiny-flow", "closed-form"))
    assert kept(results, project, other) == list(SPAN)


def test_all_frames_of_a_locked_object_stay_where_it_is_there(results):
    project = span_edits.set_absent(a_project(a_box(3)), ONE, SPAN, absent=True)
    locked = edits.set_locked(project, ONE, True)
    assert kept(results, locked, locked) == [*range(4), *range(8, 12)]


def test_what_an_unknown_model_made_is_nothing_to_keep(results):
    project = a_project(a_box(3))
    unknown = a_project(a_box(3), settings=Settings("gone", "mask"))
    assert kept(results, project, span_edits.lock_span(unknown, ONE, SPAN)) == []


def test_locked_frames_that_only_other_models_make_are_counted_once_they_are_gone(results):
    project = a_project(a_box(3))
    locked = span_edits.lock_span(project, ONE, SPAN)
    other = edits.set_settings(locked, Settings("fake", "closed-form"))
    assert results.statuses.missing_locked(locked) == 0
    assert results.statuses.missing_locked(other) == 4
    results.store.put_matte(matte_key(project, ONE, 5), a_matte())
    assert results.statuses.missing_locked(other) == 3
