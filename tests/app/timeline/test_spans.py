"""Correcting spans: lock, delete, update what is stale, go back to an earlier version."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.features.objects.commands import add_object
from app.features.review.versions_dialog import VersionsDialog
from app.model.versions import restore_version
from matting_core.results.recipes import matte_key
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import FRAMES, Hand, do, open_and_wait

FIRST = ObjectId(1)
SPAN = FrameRange(5, 8)


def _statuses(window) -> list[Status]:
    return [Status(int(value)) for value in window.editor.results.statuses(FIRST)]


def _frames(window, status: Status) -> list[int]:
    return [frame for frame, each in enumerate(_statuses(window)) if each is status]


def _wait_for(window, qtbot, status: Status, frames) -> None:
    qtbot.waitUntil(lambda: _frames(window, status) == list(frames))


def _alpha(window, frame: int) -> np.ndarray:
    editor = window.editor
    return editor.cache.get_matte(matte_key(editor.project, FIRST, frame)).alpha


@pytest.fixture
def tracked(opened, qtbot):
    """The disc clicked on frame 0 and tracked to the end."""
    Hand(opened).click(80, 100)
    do(opened, "track.both")
    _wait_for(opened, qtbot, Status.FRESH, range(FRAMES))
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    return opened


@pytest.fixture
def selected(tracked):
    tracked.editor.view.select_span(SPAN)
    return tracked


def _click_on(window, qtbot, frame: int, x: float = 200, y: float = 60) -> None:
    window.editor.playback.seek(frame)
    qtbot.waitUntil(lambda: window.stage.picture.request.frame == frame)
    Hand(window).click(x, y)


def test_a_drag_with_shift_selects_a_span_and_a_click_ends_it(tracked):
    timeline, view = tracked.panels.timeline, tracked.editor.view
    row = timeline.row_rect(0).center().y()

    def place(frame):
        return QPoint(round(timeline.scale.middle(frame)), round(row))

    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, shift, place(7))
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, shift, place(7))
    assert view.span == FrameRange(7, 8)
    assert view.frame == 0
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place(3))
    assert view.span is None
    assert view.frame == 3


def test_in_to_out_can_be_selected_by_key(tracked):
    do(tracked, "track.select")
    assert tracked.editor.view.span == FrameRange(0, FRAMES)
    do(tracked, "track.select")
    assert tracked.editor.view.span is None


def test_locked_frames_stay_bit_for_bit_through_a_correction(selected, qtbot):
    do(selected, "track.lock")
    _wait_for(selected, qtbot, Status.LOCKED, SPAN)
    assert selected.commands["track.lock"].isChecked()
    before = {frame: _alpha(selected, frame) for frame in SPAN}
    _click_on(selected, qtbot, 0)
    qtbot.waitUntil(lambda: 4 in _frames(selected, Status.STALE))
    assert _frames(selected, Status.LOCKED) == list(SPAN)
    do(selected, "track.both")
    _wait_for(selected, qtbot, Status.FRESH, [*range(5), *range(8, FRAMES)])
    for frame in SPAN:
        assert np.array_equal(_alpha(selected, frame), before[frame])


def test_unlocked_frames_follow_todays_prompts_again(selected, qtbot):
    do(selected, "track.lock")
    _wait_for(selected, qtbot, Status.LOCKED, SPAN)
    _click_on(selected, qtbot, 0)
    do(selected, "track.lock")
    _wait_for(selected, qtbot, Status.STALE, range(1, FRAMES))


def test_frames_that_are_not_tracked_cannot_be_locked(opened, qtbot):
    Hand(opened).click(80, 100)
    _wait_for(opened, qtbot, Status.FRESH, [0])
    opened.editor.view.select_span(SPAN)
    do(opened, "track.lock")
    assert "Track these frames before you lock them." in opened.stage.messages.text
    assert opened.editor.active.locks == ()


def test_a_prompt_on_a_locked_frame_is_refused(selected, qtbot, log_guard):
    log_guard.expect("object 1 is locked on frame 6")
    do(selected, "track.lock")
    _wait_for(selected, qtbot, Status.LOCKED, SPAN)
    _click_on(selected, qtbot, 6)
    qtbot.waitUntil(lambda: "locked on frame 6; unlock it" in selected.stage.messages.text)
    assert selected.editor.active.prompt_frames == (0,)


def test_a_deleted_span_has_no_matte_and_comes_back(selected, qtbot):
    do(selected, "track.delete")
    _wait_for(selected, qtbot, Status.ABSENT, SPAN)
    assert _alpha(selected, 6).max() == 0
    assert selected.commands["track.delete"].isChecked()
    do(selected, "track.delete")
    _wait_for(selected, qtbot, Status.FRESH, range(FRAMES))
    do(selected, "edit.undo")
    _wait_for(selected, qtbot, Status.ABSENT, SPAN)


def test_without_a_selection_the_frame_on_screen_is_meant(tracked, qtbot):
    tracked.editor.playback.seek(4)
    do(tracked, "track.delete")
    _wait_for(tracked, qtbot, Status.ABSENT, [4])


def test_update_tracks_what_is_stale_and_nothing_else(opened, qtbot):
    Hand(opened).click(80, 100)
    opened.editor.tracking.track([FIRST], SPAN)
    _wait_for(opened, qtbot, Status.FRESH, [0, *SPAN])
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    _click_on(opened, qtbot, 0)
    _wait_for(opened, qtbot, Status.STALE, SPAN)
    do(opened, "track.update")
    _wait_for(opened, qtbot, Status.FRESH, [0, *SPAN])
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    assert _frames(opened, Status.NONE) == [1, 2, 3, 4, 8, 9, 10, 11]
    qtbot.waitUntil(lambda: not opened.commands["track.update"].isEnabled())


def test_an_object_without_prompts_has_nothing_stale_and_nothing_to_update(tracked, qtbot):
    tracked.editor.playback.seek(0)
    do(tracked, "edit.delete")
    _wait_for(tracked, qtbot, Status.NONE, range(FRAMES))
    update = tracked.commands["track.update"]
    qtbot.waitUntil(lambda: not update.isEnabled())
    tracked.editor.document.stack.undo()
    _wait_for(tracked, qtbot, Status.FRESH, range(FRAMES))


def test_what_arrives_late_for_an_object_without_prompts_marks_nothing(tracked, qtbot):
    editor = tracked.editor
    late = editor.results.latest(FIRST, 3)
    editor.playback.seek(0)
    do(tracked, "edit.delete")
    _wait_for(tracked, qtbot, Status.NONE, range(FRAMES))
    editor.results.mark(editor.project, late)
    assert _frames(tracked, Status.STALE) == []


def test_what_is_locked_is_shown_and_exported_when_the_prompts_are_gone(selected, qtbot):
    do(selected, "track.lock")
    selected.editor.playback.seek(0)
    do(selected, "edit.delete")
    selected.editor.playback.seek(SPAN.start)
    qtbot.waitUntil(lambda: selected.stage.picture.request.frame == SPAN.start)
    qtbot.waitUntil(lambda: selected.stage.picture.mattes == 1)
    selected.editor.playback.seek(SPAN.stop)
    qtbot.waitUntil(lambda: selected.stage.picture.request.frame == SPAN.stop)
    assert selected.stage.picture.mattes == 0


@pytest.mark.parametrize(
    ("command", "frame"),
    [("forward", 9), ("backward", 2), ("to_next", 9), ("to_previous", 2)],
)
def test_tracking_from_outside_the_range_says_what_to_do(opened, qtbot, command, frame):
    _click_on(opened, qtbot, 5, 80, 100)
    opened.editor.playback.seek(4)
    do(opened, "playback.in")
    opened.editor.playback.seek(7)
    do(opened, "playback.out")
    opened.editor.playback.seek(frame)
    do(opened, f"track.{command}")
    assert not opened.editor.runner.tracking
    assert opened.stage.messages.text == (
        "The playhead is outside the range; move it or clear the range (Alt+I, Alt+O)."
    )


def test_one_frame_either_way(opened, qtbot):
    opened.editor.playback.seek(6)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 6)
    Hand(opened).click(80, 100)
    do(opened, "track.one_on")
    _wait_for(opened, qtbot, Status.FRESH, [6, 7])
    assert opened.editor.view.frame == 7
    opened.editor.playback.seek(6)
    do(opened, "track.one_back")
    _wait_for(opened, qtbot, Status.FRESH, [5, 6, 7])
    assert opened.editor.view.frame == 5


def test_to_the_next_and_previous_prompt(opened, qtbot):
    for frame in (2, 7):
        _click_on(opened, qtbot, frame, 80, 100)
        _wait_for(opened, qtbot, Status.FRESH, {2: [2], 7: [2, 7]}[frame])
    opened.editor.playback.seek(4)
    do(opened, "track.to_next")
    _wait_for(opened, qtbot, Status.FRESH, [2, 4, 5, 6, 7])
    do(opened, "track.to_previous")
    _wait_for(opened, qtbot, Status.FRESH, range(2, 8))


def test_the_selected_span_can_be_tracked(opened, qtbot):
    Hand(opened).click(80, 100)
    opened.editor.view.select_span(SPAN)
    do(opened, "track.span")
    _wait_for(opened, qtbot, Status.FRESH, [0, *SPAN])


def test_an_earlier_version_comes_back_at_once_and_can_be_undone(tracked, qtbot):
    before = tracked.editor.project
    assert not tracked.commands["track.versions"].isEnabled()
    _click_on(tracked, qtbot, 0)
    do(tracked, "track.update")
    _wait_for(tracked, qtbot, Status.FRESH, range(FRAMES))
    qtbot.waitUntil(lambda: not tracked.editor.runner.tracking)
    after = tracked.editor.project
    do(tracked, "track.versions")
    dialog = tracked.findChild(VersionsDialog)
    assert [version.number for version in tracked.editor.versions.kept] == [1, 2]
    dialog._list.setCurrentRow(1)
    dialog._back.click()
    assert tracked.editor.project == before
    _wait_for(tracked, qtbot, Status.FRESH, range(FRAMES))
    assert not tracked.editor.runner.tracking
    do(tracked, "edit.undo")
    assert tracked.editor.project == after


def test_going_back_leaves_locked_frames_alone(tracked, qtbot):
    _click_on(tracked, qtbot, 0)
    do(tracked, "track.update")
    _wait_for(tracked, qtbot, Status.FRESH, range(FRAMES))
    tracked.editor.view.select_span(SPAN)
    do(tracked, "track.lock")
    _wait_for(tracked, qtbot, Status.LOCKED, SPAN)
    before = {frame: _alpha(tracked, frame) for frame in SPAN}
    outside = _alpha(tracked, 9)
    first = tracked.editor.versions.kept[0]
    tracked.editor.model.push("Go back", restore_version(first))
    _wait_for(tracked, qtbot, Status.FRESH, [*range(5), *range(8, FRAMES)])
    assert tracked.editor.active.prompts == first.project.objects[0].prompts
    assert _frames(tracked, Status.LOCKED) == list(SPAN)
    assert all(np.array_equal(_alpha(tracked, frame), before[frame]) for frame in SPAN)
    assert not np.array_equal(_alpha(tracked, 9), outside)


def test_the_mattes_of_a_project_that_was_opened_are_a_version(tracked, tmp_path, qtbot):
    editor, path = tracked.editor, tmp_path / "disc.wisp"
    with qtbot.waitSignal(editor.files.saved):
        editor.files.save(path)
    with qtbot.waitSignal(editor.files.adopted):
        editor.files.open(path)
    opened = editor.project
    assert [version.project for version in editor.versions.kept] == [opened]
    _wait_for(tracked, qtbot, Status.FRESH, range(FRAMES))
    _click_on(tracked, qtbot, 0)
    qtbot.waitUntil(lambda: editor.project != opened)
    assert editor.versions.earlier(editor.project).project == opened


def test_a_track_of_nothing_keeps_no_version_and_follows_nothing(make_window, clip, qtbot):
    window = make_window(follow=True)
    open_and_wait(window, clip, qtbot)
    add_object(window.editor)
    window.editor.tracking.track([FIRST], SPAN)
    assert window.editor.versions.kept == ()
    assert not window.editor.playback.following


def test_another_clip_has_no_versions(tracked, clip, tmp_path, qtbot):
    other = tmp_path / "other.mp4"
    other.write_bytes(clip.read_bytes() + b"\0" * 64)
    tracked.editor.files.open(other)
    qtbot.waitUntil(lambda: tracked.editor.project.clip.path == str(other))
    assert tracked.editor.versions.kept == ()


def test_a_lock_over_a_deleted_frame_can_be_taken_back(tracked, qtbot):
    tracked.editor.view.select_span(FrameRange(6, 7))
    do(tracked, "track.delete")
    _wait_for(tracked, qtbot, Status.ABSENT, [6])
    tracked.editor.view.select_span(SPAN)
    do(tracked, "track.lock")
    _wait_for(tracked, qtbot, Status.LOCKED, [5, 7])
    qtbot.waitUntil(tracked.commands["track.lock"].isChecked)
    do(tracked, "track.lock")
    _wait_for(tracked, qtbot, Status.LOCKED, [])
    assert tracked.editor.active.locks == ()


def test_locking_deleted_frames_alone_says_what_to_do(selected, qtbot, log_guard):
    log_guard.expect("bring the span back")
    do(selected, "track.delete")
    _wait_for(selected, qtbot, Status.ABSENT, SPAN)
    do(selected, "track.lock")
    assert "bring the span back to lock it" in selected.stage.messages.text
