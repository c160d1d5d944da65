"""The latest mattes are packed with a project, and restored when it is opened."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from matting_core.results.status import Status
from matting_core.types import ObjectId
from tests.app.conftest import FRAMES, Hand, do, open_and_wait
from tests.app.features.files.test_files import said, saved_project

ONE, TWO = ObjectId(1), ObjectId(2)
CORRECTED = 8


def statuses(window):
    return [Status(int(value)) for value in window.editor.results.statuses(ONE)]


@pytest.fixture
def corrected(opened, qtbot):
    """The disc tracked, then corrected on one frame: those near to it are stale."""
    Hand(opened).click(80, 100)
    do(opened, "track.both")
    qtbot.waitUntil(lambda: statuses(opened) == [Status.FRESH] * FRAMES)
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    opened.editor.playback.seek(CORRECTED)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == CORRECTED)
    Hand(opened).click(200, 60)
    qtbot.waitUntil(lambda: Status.STALE in statuses(opened))
    qtbot.waitUntil(lambda: statuses(opened)[CORRECTED] == Status.FRESH)
    return opened


def assert_stale_and_updated(window, expected, qtbot):
    qtbot.waitUntil(lambda: statuses(window) == expected)
    window.editor.playback.seek(expected.index(Status.STALE))
    qtbot.waitUntil(lambda: window.stage.picture.stale and window.stage.picture.mattes == 1)
    do(window, "track.update")
    qtbot.waitUntil(lambda: statuses(window) == [Status.FRESH] * FRAMES)


def test_stale_frames_are_stale_after_reopening(corrected, make_window, tmp_path, qtbot):
    before = statuses(corrected)
    path = saved_project(corrected, tmp_path / "fox.wisp", qtbot)
    other = make_window()
    open_and_wait(other, path, qtbot)
    assert not other.editor.document.modified
    assert_stale_and_updated(other, before, qtbot)


def test_stale_frames_are_stale_in_restored_work(corrected, make_window, qtbot):
    before = statuses(corrected)
    corrected.close()
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on disc.mp4 was kept" in said(other))
    buttons = other.stage.messages.findChildren(QPushButton)
    (restore,) = [button for button in buttons if button.text() == "Restore"]
    QTest.mouseClick(restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: other.stage.picture is not None)
    assert_stale_and_updated(other, before, qtbot)


def test_a_clip_found_elsewhere_keeps_its_stale_frames(corrected, tmp_path, qtbot):
    from pathlib import Path

    before, clip = statuses(corrected), Path(corrected.editor.project.clip.path)
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(clip.read_bytes())
    corrected.editor.files.open(moved)
    qtbot.waitUntil(lambda: corrected.editor.project.clip.path == str(moved))
    qtbot.waitUntil(lambda: statuses(corrected) == before)
