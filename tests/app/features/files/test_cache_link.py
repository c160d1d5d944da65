"""Mattes that have to go are not gone in silence, and what is locked does not go."""

from dataclasses import replace

import pytest

from matting_core.document import edits
from matting_core.results.recipes import matte_key
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId, Quality
from tests.app.conftest import FRAMES, Hand, do
from tests.app.features.files.test_files import said

ONE = ObjectId(1)
SPAN = FrameRange(2, 6)


def frames(window, status):
    statuses = window.editor.results.statuses(ONE)
    return [frame for frame in range(len(statuses)) if statuses[frame] == status]


@pytest.fixture
def tracked(opened, qtbot):
    Hand(opened).click(80, 100)
    do(opened, "track.both")
    qtbot.waitUntil(lambda: frames(opened, Status.FRESH) == list(range(FRAMES)))
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    return opened


@pytest.fixture
def locked(tracked, qtbot):
    """Some frames locked, then another quality chosen: only the old one could make them again."""
    tracked.editor.view.select_span(SPAN)
    do(tracked, "track.lock")
    qtbot.waitUntil(lambda: frames(tracked, Status.LOCKED) == list(SPAN))
    tracked.editor.model.push(
        "Quality", lambda p: edits.set_settings(p, replace(p.settings, quality=Quality.FULL))
    )
    qtbot.waitUntil(lambda: frames(tracked, Status.STALE) != [])
    return tracked


def forget_memory(window):
    """As when so much was made since that only the disk has the first mattes."""
    blobs = window.editor.cache._blobs
    blobs._memory.clear()
    blobs._memory_bytes = 0


def test_mattes_that_the_limit_drops_are_said_once_and_not_fresh(tracked, qtbot, log_guard):
    log_guard.expect("dropped to stay below the limit")
    forget_memory(tracked)
    tracked.editor.caching.limit(1)
    qtbot.waitUntil(lambda: len(frames(tracked, Status.FRESH)) <= 1)
    qtbot.waitUntil(lambda: "raise it in Preferences" in said(tracked))
    tracked.editor.caching.limit(1 << 30)
    tracked.stage.messages.dismiss()
    do(tracked, "track.both")
    qtbot.waitUntil(lambda: frames(tracked, Status.FRESH) == list(range(FRAMES)))
    qtbot.waitUntil(lambda: not tracked.editor.runner.tracking)
    forget_memory(tracked)
    tracked.editor.caching.limit(1)
    qtbot.waitUntil(lambda: len(frames(tracked, Status.FRESH)) <= 1)
    assert "raise it" not in said(tracked)


def test_locked_frames_outlive_clearing_and_the_limit(locked, qtbot, log_guard):
    log_guard.allow("dropped to stay below the limit")  # by whichever comes first
    keys = [matte_key(locked.editor.project, ONE, frame) for frame in SPAN]
    with qtbot.waitSignal(locked.editor.caching.cleared):
        locked.editor.caching.clear()
    qtbot.waitUntil(lambda: frames(locked, Status.LOCKED) == list(SPAN))
    assert frames(locked, Status.STALE) == []
    forget_memory(locked)
    locked.editor.caching.limit(1)
    with qtbot.waitSignal(locked.editor.caching.cleared):
        locked.editor.caching.clear()
    assert all(locked.editor.cache.has_matte(key) for key in keys)
    qtbot.waitUntil(lambda: frames(locked, Status.LOCKED) == list(SPAN))


def test_locked_frames_that_are_missing_say_what_they_need(locked, qtbot, log_guard):
    log_guard.expect("4 locked frames need the models they were made with")
    locked.editor.cache.protect({})
    locked.editor.cache.clear()
    locked.editor.results.survey(locked.editor.project)
    qtbot.waitUntil(lambda: "4 locked frames need" in said(locked))
    locked.stage.messages.dismiss()
    with qtbot.waitSignal(locked.editor.results.surveyed):
        locked.editor.results.survey(locked.editor.project)
    assert said(locked) == ""
