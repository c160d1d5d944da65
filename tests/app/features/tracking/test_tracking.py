"""Tracking in the background: pause, resume, cancel, preview first, edit and scrub meanwhile."""

import pytest
from PySide6.QtCore import QTimer

from app.shell.tasks import Task
from matting_core.document import edits
from matting_core.results.status import Status
from matting_core.types import ObjectId
from tests.app.conftest import FRAMES, Hand, do, open_and_wait

FIRST = ObjectId(1)


@pytest.fixture
def tracking(gate, window, clip, qtbot):
    """A window whose track waits for the gate after frame 0, which the preview has made."""
    open_and_wait(window, clip, qtbot)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: fresh(window) == 1)
    do(window, "track.both")
    return window


def fresh(window):
    return int((window.editor.results.statuses(FIRST) == Status.FRESH).sum())


def tracked(gate):
    return [frame for what, frame in gate.log if what == "track"]


def test_results_come_live(tracking, gate, qtbot):
    gate.let(3)
    qtbot.waitUntil(lambda: fresh(tracking) == 4)
    assert tracking.editor.runner.tracking
    assert tracking.editor.view.frame == 0
    assert "Tracking object 1" in tracking.status.text


def test_pause_stops_and_resume_goes_on(tracking, gate, qtbot):
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    do(tracking, "track.pause")
    assert tracking.commands["track.pause"].isChecked()
    gate.open()
    # Whatever was under way ends; a preview on the same lane shows that the lane is free.
    tracking.editor.playback.seek(9)
    tracking.editor.model.push("Point", lambda p: edits.add_object(p))
    qtbot.waitUntil(lambda: "paused" in tracking.status.text)
    assert fresh(tracking) <= 4
    do(tracking, "track.pause")
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    assert fresh(tracking) == FRAMES


def test_nothing_comes_after_cancel(tracking, gate, qtbot):
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    found = []
    tracking.editor.runner.found.connect(found.append)
    do(tracking, "track.cancel")
    gate.open()
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    assert found == []
    assert len(tracked(gate)) <= 3


def test_a_preview_overtakes_the_track(tracking, gate, clip, qtbot):
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3 and gate.waiting)
    gate.log.clear()
    Hand(tracking).click(200, 50)  # while frame 3 waits at the gate
    gate.let(1)
    qtbot.waitUntil(lambda: ("preview", 0) in gate.log)
    assert gate.log[:2] == [("track", 3), ("preview", 0)]


def test_an_edit_restarts_the_track_with_the_new_prompts(tracking, gate, qtbot):
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    Hand(tracking).click(200, 50)
    gate.open()
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    qtbot.waitUntil(lambda: fresh(tracking) == FRAMES)


def test_other_objects_edits_leave_the_track_alone(tracking, gate, qtbot):
    job = tracking.editor.runner.job
    do(tracking, "object.add")
    Hand(tracking).click(200, 50)
    gate.open()
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    assert job.finished
    assert not job.cancelled


def test_removing_the_tracked_object_stops_the_track(tracking, gate, qtbot):
    do(tracking, "object.remove")
    gate.open()
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)


def test_scrubbing_goes_on_while_tracking(tracking, gate, qtbot):
    shown = []
    tracking.editor.loader.loaded.connect(lambda picture: shown.append(picture.request.frame))
    for frame in (5, 9, 2, 11):
        gate.let(1)
        tracking.editor.playback.seek(frame)
        qtbot.waitUntil(lambda frame=frame: shown[-1:] == [frame])
    assert tracking.editor.runner.tracking


def test_the_window_closes_during_a_track(tracking, gate, qtbot):
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    gate.open()
    tracking.close()
    assert not tracking.isVisible()


def test_opening_another_clip_stops_the_track(tracking, gate, clip, tmp_path, qtbot):
    other = tmp_path / "other.mp4"
    other.write_bytes(clip.read_bytes() + b"\0" * 64)
    gate.let(2)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    tracking.editor.files.open(other)
    gate.open()
    qtbot.waitUntil(lambda: tracking.editor.project.clip.path == str(other))
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    assert tracking.editor.project.objects == ()
    assert "The unsaved work on disc.mp4 is kept" in tracking.stage.messages.text


def test_the_playhead_follows_the_track_and_comes_back(gate, make_window, clip, qtbot):
    window = make_window(follow=True)
    open_and_wait(window, clip, qtbot)
    window.editor.playback.seek(4)
    qtbot.waitUntil(lambda: window.stage.picture.request.frame == 4)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: fresh(window) == 1)
    do(window, "track.both")
    for frame in (5, 6, 7):  # a frame that comes while the screen is busy is not followed
        qtbot.waitUntil(lambda: window.editor.loader.idle)
        gate.let(1)
        qtbot.waitUntil(lambda frame=frame: fresh(window) == frame - 3)
    assert window.editor.view.frame > 4
    gate.open()
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)
    assert window.editor.view.frame == 4


def test_moving_the_playhead_ends_following(gate, make_window, clip, qtbot):
    window = make_window(follow=True)
    open_and_wait(window, clip, qtbot)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: fresh(window) == 1)
    do(window, "track.both")
    window.editor.playback.seek(7)
    gate.open()
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)
    assert window.editor.view.frame == 7


def test_following_can_be_switched_on_and_off_while_a_track_runs(tracking, gate, qtbot):
    editor = tracking.editor
    do(tracking, "track.follow")
    gate.let(2)
    qtbot.waitUntil(lambda: editor.view.frame > 0)
    qtbot.waitUntil(lambda: fresh(tracking) == 3)
    here = editor.view.frame
    do(tracking, "track.follow")
    assert editor.view.frame == here
    gate.open()
    qtbot.waitUntil(lambda: not editor.runner.tracking)
    assert editor.view.frame == here


def test_esc_cancels_one_thing_at_a_time_and_of_the_jobs_the_one_that_is_shown(
    tracking, gate, qtbot
):
    editor = tracking.editor

    def work(_token):
        yield None

    other = editor.tasks.run(Task(work), editor.lanes.export, title="Exporting", pausable=True)
    other.set_paused(True)
    editor.playback.toggle()
    assert "Exporting" in tracking.status.text
    do(tracking, "track.cancel")
    assert not editor.playback.playing
    assert not other.cancelled
    do(tracking, "track.cancel")
    qtbot.waitUntil(lambda: other.finished)
    assert "Tracking object 1" in tracking.status.text
    assert not editor.runner.job.cancelled
    do(tracking, "track.cancel")
    gate.open()
    qtbot.waitUntil(lambda: not editor.runner.tracking)
    qtbot.waitUntil(lambda: not tracking.commands["track.cancel"].isEnabled())


def test_cancel_holds_when_an_edit_is_about_to_restart_the_track(tracking, gate, qtbot):
    Hand(tracking).click(200, 50)
    do(tracking, "track.cancel")
    restart = tracking.editor.runner.findChild(QTimer)
    qtbot.waitUntil(lambda: not restart.isActive())
    gate.open()
    qtbot.waitUntil(lambda: not tracking.editor.runner.tracking)
    assert fresh(tracking) < FRAMES


def test_a_slow_preview_is_shown_in_the_status_bar(gate, window, clip, qtbot, monkeypatch):
    monkeypatch.setattr(gate, "hold_previews", True)
    open_and_wait(window, clip, qtbot)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: window.status.text == "Matting object 1 on frame 0…")
    gate.let(1)
    qtbot.waitUntil(lambda: window.status.text == "Ready")


def test_files_dropped_on_the_canvas_reach_the_window(opened):
    assert not opened.stage.canvas.acceptDrops()
    assert not opened.stage.canvas.viewport().acceptDrops()
