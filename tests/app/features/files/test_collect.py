"""File > Collect into a folder…: a job with progress and cancel; the folder opens elsewhere."""

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.features.files.collect_dialog import CollectDialog
from matting_core.export import collecting
from matting_core.jobs import Pace
from tests.app.conftest import FRAMES, Hand, do, open_and_wait, task_ends
from tests.app.features.files.test_files import said


@pytest.fixture
def own(window, clip, tmp_path, qtbot):
    """A window with a copy of the clip that a test may delete."""
    copy = tmp_path / "media" / "füchse.mp4"
    copy.parent.mkdir()
    shutil.copy(clip, copy)
    open_and_wait(window, copy, qtbot)
    Hand(window).click(80, 100)
    return window


def collect(window, folder, *, results=False, overwrite=False):
    do(window, "file.collect")
    dialog = window.findChild(CollectDialog)
    dialog.folder.setText(str(folder))
    dialog.results.setChecked(results)
    dialog.overwrite.setChecked(overwrite)
    QTest.mouseClick(dialog.collect, Qt.MouseButton.LeftButton)


def test_the_collected_project_opens_elsewhere_with_its_mattes(own, make_window, tmp_path, qtbot):
    do(own, "track.both")
    qtbot.waitUntil(lambda: not own.editor.runner.tracking)
    with task_ends(qtbot, own.editor.collects):
        collect(own, tmp_path / "out", results=True)
    assert f"Collected in {tmp_path / 'out'}" in said(own)
    own.close()
    shutil.rmtree(tmp_path / "media")
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    other = make_window(folder=tmp_path / "another cache")
    open_and_wait(other, tmp_path / "elsewhere" / "füchse.wisp", qtbot)
    assert other.editor.project.objects == own.editor.project.objects
    assert other.editor.project.clip.path == str(tmp_path / "elsewhere" / "füchse.mp4")
    only = other.editor.project.objects[0].id
    qtbot.waitUntil(lambda: list(other.editor.results.statuses(only)) == [1] * FRAMES)


def test_the_open_document_stays_what_it_is(own, tmp_path, qtbot):
    project = own.editor.project
    with task_ends(qtbot, own.editor.collects):
        collect(own, tmp_path / "out")
    assert own.editor.project == project
    assert own.editor.files.path is None
    assert own.editor.document.modified
    qtbot.waitUntil(lambda: own.commands["file.collect"].isEnabled())


def test_what_is_in_the_way_is_said_and_stays(own, tmp_path, qtbot, log_guard):
    out = tmp_path / "out"
    out.mkdir()
    (out / "füchse.mp4").write_text("precious")
    log_guard.expect("is there already")
    with task_ends(qtbot, own.editor.collects):
        collect(own, out)
    assert "allow overwriting" in said(own)
    assert (out / "füchse.mp4").read_text() == "precious"
    with task_ends(qtbot, own.editor.collects):
        collect(own, out, overwrite=True)
    clip = Path(own.editor.project.clip.path)
    assert (out / "füchse.mp4").read_bytes() == clip.read_bytes()


def test_collecting_can_be_cancelled_and_leaves_nothing(own, tmp_path, qtbot, monkeypatch):
    permits = threading.Semaphore(3)

    class Gated(Pace):
        def advance(self):
            assert permits.acquire(timeout=20)
            return Pace.advance(self)

    monkeypatch.setattr(collecting, "_BLOCK", 64)
    monkeypatch.setattr(collecting, "Pace", Gated)
    collect(own, tmp_path / "out")
    qtbot.waitUntil(lambda: own.status.text.startswith("Collecting in out"))
    qtbot.waitUntil((tmp_path / "out").exists)
    do(own, "track.cancel")
    permits.release(100_000)
    qtbot.waitUntil(lambda: "nothing new is left" in said(own))
    assert not (tmp_path / "out").exists()


def test_a_missing_clip_cannot_be_collected(own, tmp_path, make_window, qtbot):
    with task_ends(qtbot, own.editor.collects):
        collect(own, tmp_path / "out")
    own.close()
    shutil.rmtree(tmp_path / "media")
    (tmp_path / "out" / "füchse.mp4").unlink()
    other = make_window()
    other.editor.files.open(tmp_path / "out" / "füchse.wisp")
    qtbot.waitUntil(other.stage.missing.isVisible)
    qtbot.waitUntil(lambda: not other.commands["file.collect"].isEnabled())


def test_an_empty_folder_name_cannot_be_collected_into(own):
    do(own, "file.collect")
    dialog = own.findChild(CollectDialog)
    dialog.folder.setText("  ")
    assert not dialog.collect.isEnabled()
    dialog.close()
