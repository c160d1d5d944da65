"""Locking spans, and saying that an object is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core.document import edits, span_edits
from matting_core.document.project import Project, Settings
from matting_core.errors import InputError
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.types import FrameRange
from tests.core.factories import ONE, a_box, a_clip, a_mask, a_project
from tests.tables import table

SPAN = FrameRange(4, 8)
ALL = FrameRange(0, 12)


def _spans(project: Project) -> list[tuple[int, int]]:
    return [(held.span.start, held.span.stop) for held in project.find(ONE).locks]


def _keys(project: Project, frames: FrameRange = ALL) -> list:
    return [matte_key(project, ONE, frame) for frame in frames]


@pytest.fixture
def held() -> Project:
    return span_edits.lock_span(a_project(a_box(3)), ONE, SPAN)


def test_a_locked_span_keeps_its_keys_whatever_is_edited(held) -> None:
    before = _keys(held, SPAN)
    after = edits.add_prompts(held, ONE, [a_mask(2, a_clip().size)])
    after = edits.set_settings(after, Settings("sam2-tiny-flow", "closed-form"))
    assert _keys(after, SPAN) == before
    outside = [matte_key(after, ONE, frame) for frame in (3, 8)]
    assert all(key not in _keys(held) for key in outside)


def test_locking_alone_makes_nothing_stale(held) -> None:
    assert _keys(held) == _keys(a_project(a_box(3)))


def test_what_is_locked_twice_keeps_its_first_state(held) -> None:
    edited = edits.add_prompts(held, ONE, [a_box(10)])
    wider = span_edits.lock_span(edited, ONE, FrameRange(2, 10))
    assert _spans(wider) == [(2, 4), (4, 8), (8, 10)]
    assert _keys(wider, SPAN) == _keys(held, SPAN)
    assert _keys(wider) == _keys(edited)


def test_neighbours_of_one_state_are_one_span(held) -> None:
    assert _spans(span_edits.lock_span(held, ONE, FrameRange(8, 9))) == [(4, 9)]


def test_a_part_can_be_unlocked(held) -> None:
    less = span_edits.unlock_span(held, ONE, FrameRange(5, 6))
    assert _spans(less) == [(4, 5), (6, 8)]
    assert _spans(span_edits.unlock_span(less, ONE, ALL)) == []
    assert span_edits.is_span_locked(held.find(ONE), SPAN)
    assert not span_edits.is_span_locked(less.find(ONE), SPAN)


def test_an_object_without_prompts_has_nothing_to_lock() -> None:
    project = edits.clear_frame(a_project(a_box(3)), ONE, 3)
    with pytest.raises(InputError, match="has no prompts yet; track it"):
        span_edits.lock_span(project, ONE, SPAN)


@table(
    "edit",
    [
        lambda p: edits.add_prompts(p, ONE, [a_box(3, (1, 1, 9, 9))]),
        lambda p: edits.remove_prompt(p, ONE, a_box(3)),
        lambda p: edits.clear_frame(p, ONE, 3),
        lambda p: edits.replace_prompt(p, ONE, a_box(3), a_box(3, (1, 1, 9, 9))),
    ],
)
def test_prompts_on_closed_frames_are_refused(edit) -> None:
    span = FrameRange(2, 4)
    with pytest.raises(InputError, match=r"locked on frame 3; unlock it"):
        edit(span_edits.lock_span(a_project(a_box(3)), ONE, span))
    with pytest.raises(InputError, match=r"not to be on frame 3; bring the span back"):
        edit(span_edits.set_absent(a_project(a_box(3)), ONE, span, absent=True))


def test_where_an_object_is_absent_its_matte_is_blank_and_nothing_else_changes() -> None:
    project = a_project(a_box(3))
    gone = span_edits.set_absent(project, ONE, SPAN, absent=True)
    keys = _keys(gone)
    assert all(key.blank == a_clip().size for key in keys[4:8])
    assert segmentation_key(gone, ONE, 5).blank is not None
    assert keys[:4] + keys[8:] == _keys(project)[:4] + _keys(project)[8:]
    assert span_edits.is_absent(gone.find(ONE), SPAN)
    back = span_edits.set_absent(gone, ONE, FrameRange(5, 6), absent=False)
    assert back.find(ONE).absent == (FrameRange(4, 5), FrameRange(6, 8))


def test_locked_frames_cannot_be_taken_away(held) -> None:
    with pytest.raises(InputError, match="locked on frame 4"):
        span_edits.set_absent(held, ONE, FrameRange(0, 5), absent=True)


def test_absent_frames_cannot_be_locked() -> None:
    gone = span_edits.set_absent(a_project(a_box(3)), ONE, FrameRange(6, 9), absent=True)
    assert _spans(span_edits.lock_span(gone, ONE, SPAN)) == [(4, 6)]


def test_a_lock_does_not_know_later_locks(held) -> None:
    lock = held.find(ONE).locks[0]
    origin = held.as_when_locked(ONE, replace(lock, settings=Settings("fake", "closed-form")))
    assert origin.find(ONE).locks == ()
    assert origin.settings.head == "closed-form"


def test_a_lock_over_a_deleted_span_counts_as_one_and_can_be_taken_back() -> None:
    deleted = span_edits.set_absent(a_project(a_box(3)), ONE, FrameRange(5, 6), absent=True)
    locked = span_edits.lock_span(deleted, ONE, SPAN)
    assert _spans(locked) == [(4, 5), (6, 8)]
    assert span_edits.is_span_locked(locked.find(ONE), SPAN)
    assert span_edits.unlock_span(locked, ONE, SPAN) == deleted
    assert not span_edits.is_span_locked(locked.find(ONE), FrameRange(5, 6))


def test_a_deleted_span_alone_cannot_be_locked() -> None:
    deleted = span_edits.set_absent(a_project(a_box(3)), ONE, SPAN, absent=True)
    with pytest.raises(InputError, match="bring the span back to lock it"):
        span_edits.lock_span(deleted, ONE, FrameRange(5, 7))
