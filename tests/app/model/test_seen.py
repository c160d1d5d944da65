"""What was seen of the mattes is noted with a project, and known again when it is opened."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.model.results import Status
from app.model.seen import Found, noted, recalled
from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.results.recipes import MatteKey
from matting_core.types import ObjectId, Size
from tests.app.conftest import FRAMES, Hand, do, open_and_wait
from tests.app.factories import a_clip
from tests.app.features.files.test_files import said, saved_project
from tests.tables import table

ONE, TWO = ObjectId(1), ObjectId(2)
OLD, NEW = "a" * 32, "b" * 32
CORRECTED = 8


def a_project():
    return edits.add_object(edits.add_object(Project(clip=a_clip())))


def found(object_id, frame, digest, blank=None):
    return Found(MatteKey(object_id, frame, digest, blank), MatteKey(object_id, frame, OLD, blank))


def seen(*each):
    return {one.place: one for one in each}


def test_frames_made_from_the_same_take_one_note():
    before = seen(
        *(found(ONE, frame, OLD) for frame in (0, 1, 2, 5)),
        *(found(ONE, frame, NEW) for frame in (3, 4)),
        found(TWO, 6, OLD),
    )
    notes = noted(a_project(), before)
    assert [entry[:3] for entry in notes["seen"]] == [[1, 0, 3], [1, 3, 5], [1, 5, 6], [2, 6, 7]]
    assert recalled(notes, a_project()) == before


def test_removed_objects_and_blank_mattes_are_not_noted():
    before = seen(found(ObjectId(7), 0, OLD), found(ONE, 0, "absent", Size(4, 4)))
    assert noted(a_project(), before) == {"seen": []}


@table(
    "entry",
    [
        None,
        [1, 0, 3, OLD],
        [1, 3, 3, OLD, OLD],
        [1, 0, 99, OLD, OLD],
        [9, 0, 3, OLD, OLD],
        [1, -1, 3, OLD, OLD],
        [1, 0, 3, "../../x", OLD],
    ],
)
def test_damaged_notes_are_left_out(entry):
    good = [TWO, 0, 1, OLD, OLD]
    assert list(recalled({"seen": [entry, good]}, a_project())) == [(TWO, 0)]
    assert recalled({"seen": entry}, a_project()) == recalled({}, a_project()) == {}


def statuses(window):
    return [Status(int(value)) for value in window.editor.coverage.statuses(ONE)]


@pytest.fixture
def corrected(opened, qtbot):
    """The disc tracked, then corrected on one frame: those near to it are stale."""
    Hand(opened).click(80, 100)
    do(opened, "track.both")
    qtbot.waitUntil(lambda: statuses(opened) == [Status.FRESH] * FRAMES)
    qtbot.waitUntil(lambda: not opened.editor.engine.tracking)
    opened.editor.transport.seek(CORRECTED)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == CORRECTED)
    Hand(opened).click(200, 60)
    qtbot.waitUntil(lambda: Status.STALE in statuses(opened))
    qtbot.waitUntil(lambda: statuses(opened)[CORRECTED] == Status.FRESH)
    return opened


def assert_stale_and_updated(window, expected, qtbot):
    qtbot.waitUntil(lambda: statuses(window) == expected)
    window.editor.transport.seek(expected.index(Status.STALE))
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
