"""Unsaved work is kept again and again, and offered after a crash; nothing goes by itself."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from glob import glob
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.features.files import recovery as recovery_module
from app.features.files.states_dialog import UnsavedDialog
from matting_core.document import edits, storage
from tests.app.conftest import FAKE, Hand, do, open_and_wait, task_ends
from tests.app.features.files.test_files import said, saved_project
from tests.clips import write_numbered_clip

NEVER = 10**8


def press(window, label):
    buttons = window.stage.messages.findChildren(QPushButton)
    (button,) = [button for button in buttons if button.text() == label]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def kept_files(tmp_path):
    # Not Path.glob: that one fails if a folder goes while it looks.
    found = glob(str(tmp_path / "wisp-cache/recovery/*/*.wisp"))  # noqa: PTH207 - see above
    return sorted(Path(each) for each in found)


def wait_for_kept(window, tmp_path, qtbot):
    qtbot.waitUntil(lambda: window.editor.recovery.kept_at is not None)
    (path,) = kept_files(tmp_path)
    return path


def patient(window):
    """Keep nothing at pauses."""
    window.editor.recovery._pause.setInterval(NEVER)


def leave(tmp_path, project, run="killed", name="001-disc", notes=None):
    """As a killed run leaves unsaved work behind."""
    folder = tmp_path / "wisp-cache" / "recovery" / run
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.wisp"
    storage.save(project, path, notes)
    return path


def test_unsaved_work_is_offered_at_the_next_start(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    project = opened.editor.project
    opened.close()
    (left,) = kept_files(tmp_path)
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on disc.mp4 was kept" in said(other))
    assert "1 object, 1 prompt, unsaved since" in said(other)
    press(other, "Restore")
    qtbot.waitUntil(lambda: other.editor.project == project)
    assert other.editor.document.modified
    qtbot.waitUntil(lambda: not left.parent.exists())
    assert [storage.load(path) for path in kept_files(tmp_path)] == [project]


def test_restored_work_is_not_offered_twice_once_it_is_saved(
    opened, hand, make_window, tmp_path, qtbot
):
    hand.click(80, 100)
    opened.close()
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on disc.mp4 was kept" in said(other))
    press(other, "Restore")
    qtbot.waitUntil(lambda: other.editor.document.modified)
    saved_project(other, tmp_path / "fox.wisp", qtbot)
    other.close()
    assert kept_files(tmp_path) == []


def test_work_of_a_killed_run_can_be_thrown_away(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    left = leave(tmp_path, opened.editor.project)
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on disc.mp4" in said(other))
    press(other, "Throw away")
    qtbot.waitUntil(lambda: not left.parent.exists())


CRASH = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from app.editor import Editor
from app.features.objects.commands import add_object
from app.options import EditorOptions
from matting_core.document import edits
from matting_core.document.project import Settings
from matting_core.document.prompts import PointPrompt

folder, clip, project = map(Path, sys.argv[1:])
application = QApplication([])
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "user"))
editor = Editor(EditorOptions(Settings("fake", "mask"), folder=folder))

def prompt():
    add_object(editor)
    obj = editor.active.id
    point = PointPrompt(3, (80.0, 100.0))
    editor.model.push("Add point", lambda p: edits.add_prompts(p, obj, [point]))

def saved():
    prompt()
    editor.recovery.kept_changed.connect(kept)

def kept():
    if editor.recovery.kept_at is not None:
        os.kill(os.getpid(), signal.SIGKILL)

editor.files.saved.connect(saved)
editor.files.adopted.connect(lambda: editor.files.save(project))
editor.files.open(clip)
application.exec()
"""


def test_after_a_crash_the_work_is_offered_and_belongs_to_its_file(
    make_window, clip, tmp_path, qtbot
):
    project = tmp_path / "füchsin.wisp"
    folder = tmp_path / "wisp-cache"
    arguments = [sys.executable, "-c", CRASH, str(folder), str(clip), str(project)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    killed = subprocess.run(arguments, env=environment, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    window = make_window()
    window.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on füchsin.wisp · disc.mp4" in said(window))
    assert "1 object, 1 prompt" in said(window)
    press(window, "Restore")
    qtbot.waitUntil(lambda: window.editor.document.modified)
    assert window.editor.files.path == project
    assert window.editor.project.objects[0].prompt_frames == (3,)
    assert storage.load(project).objects == ()  # the user's own file is as it was saved


def test_restored_work_leaves_a_file_alone_that_was_saved_later(
    opened, hand, make_window, tmp_path, qtbot
):
    hand.click(80, 100)
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    left = leave(tmp_path, opened.editor.project, notes={"file": str(path), "since": 5})
    os.utime(left, (1000, 1000))
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work on fox.wisp · disc.mp4" in said(other))
    press(other, "Restore")
    qtbot.waitUntil(lambda: other.editor.document.modified)
    assert other.editor.files.path is None


def test_several_projects_are_listed_and_each_is_restored_or_thrown_away(
    opened, hand, make_window, tmp_path, qtbot
):
    hand.click(80, 100)
    project = opened.editor.project
    horse = replace(project, clip=replace(project.clip, path="/clips/horse.mp4"))
    more = edits.add_object(project)
    saved_project(opened, tmp_path / "own.wisp", qtbot)
    paths = [
        leave(tmp_path, project, "one"),
        leave(tmp_path, horse, "two", "001-horse"),
        leave(tmp_path, more, "two", "002-disc", {"file": "/shots/fox.wisp", "since": 1e9}),
    ]
    for age, path in enumerate(paths):
        os.utime(path, (1e9 + age, 1e9 + age))
    other = make_window()
    other.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work was kept (3)" in said(other))
    press(other, "Show…")
    dialog = other.findChild(UnsavedDialog)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 3)
    rows = [dialog.table.topLevelItem(row) for row in range(3)]
    assert [row.text(0) for row in rows] == ["fox.wisp · disc.mp4", "horse.mp4", "disc.mp4"]
    assert [(row.text(3), row.text(4)) for row in rows] == [("2", "1"), ("1", "1"), ("1", "1")]
    assert rows[0].text(2) != rows[1].text(2) == "–"
    dialog.table.setCurrentItem(rows[1])
    QTest.mouseClick(dialog.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 2)
    assert [path.exists() for path in paths] == [True, False, True]
    dialog.table.setCurrentItem(dialog.table.topLevelItem(1))
    QTest.mouseClick(dialog.open_state, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: other.editor.project == project)
    qtbot.waitUntil(lambda: not paths[0].exists())
    assert paths[2].exists()


def test_all_that_is_selected_is_thrown_away_at_once(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    project = opened.editor.project
    saved_project(opened, tmp_path / "own.wisp", qtbot)
    paths = [leave(tmp_path, project, "one", f"{number:03d}-disc") for number in range(4)]
    other = make_window()
    do(other, "file.unsaved")
    dialog = other.findChild(UnsavedDialog)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 4)
    dialog.table.clearSelection()
    for row in (1, 3):
        dialog.table.topLevelItem(row).setSelected(True)
    thrown = [state.path for state in dialog.table.selected_states]
    QTest.mouseClick(dialog.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 2)
    assert len(thrown) == 2
    assert [path for path in paths if path.exists()] == [p for p in paths if p not in thrown]


def test_damaged_work_is_listed_and_can_only_be_thrown_away(window, tmp_path, qtbot):
    folder = tmp_path / "wisp-cache" / "recovery" / "killed"
    folder.mkdir(parents=True)
    (folder / "001-disc.wisp").write_text("{")
    window.editor.start()
    qtbot.waitUntil(lambda: "Unsaved work was kept (1)" in said(window))
    press(window, "Show…")
    dialog = window.findChild(UnsavedDialog)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 1)
    assert "damaged" in dialog.table.topLevelItem(0).text(0)
    assert not dialog.open_state.isEnabled()
    QTest.mouseClick(dialog.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not folder.exists())


def test_a_running_wisps_work_is_not_offered(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    wait_for_kept(opened, tmp_path, qtbot)
    other = make_window()
    asked = []
    other.editor.recovery.offered.connect(asked.append)
    with qtbot.waitSignal(other.editor.runner.device_known, timeout=60_000):
        other.editor.start()
    qtbot.waitUntil(lambda: other.editor.loader.idle)
    with qtbot.waitSignal(other.editor.recovery.listed) as listed:
        other.editor.recovery.refresh()
    assert (asked, listed.args) == ([], [()])


def test_saved_work_leaves_nothing_behind(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    wait_for_kept(opened, tmp_path, qtbot)
    saved_project(opened, tmp_path / "fox.wisp", qtbot)
    opened.close()
    assert kept_files(tmp_path) == []


def test_opening_another_clip_keeps_unsaved_work_and_says_where(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    project = opened.editor.project
    other = write_numbered_clip(tmp_path / "numbers.mp4", 6)
    opened.editor.files.open(other)
    qtbot.waitUntil(lambda: opened.editor.project.clip.path == str(other))
    assert "disc.mp4" in said(opened)
    qtbot.waitUntil(lambda: len(kept_files(tmp_path)) == 1)
    assert storage.load(kept_files(tmp_path)[0]) == project
    do(opened, "file.unsaved")
    dialog = opened.findChild(UnsavedDialog)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 1)
    QTest.mouseClick(dialog.open_state, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.editor.project == project)
    assert opened.editor.document.modified


def test_switching_between_projects_loses_neither_work_nor_backups(opened, hand, tmp_path, qtbot):
    """Two saved projects, each changed and left for the other: all four states are there."""
    files = opened.editor.files
    paths = [tmp_path / "one.wisp", tmp_path / "two.wisp"]
    hand.click(80, 100)
    saved_project(opened, paths[0], qtbot)
    hand.click(110, 100)
    saved_project(opened, paths[1], qtbot)
    hand.click(140, 100)
    changed = opened.editor.project
    open_and_wait(opened, paths[0], qtbot)
    qtbot.waitUntil(lambda: files.path == paths[0])
    Hand(opened).click(170, 100)
    changed_first = opened.editor.project
    files.open(paths[1])
    qtbot.waitUntil(lambda: files.path == paths[1])
    qtbot.waitUntil(lambda: len(kept_files(tmp_path)) == 2)
    kept = {json.loads(path.read_bytes())["notes"]["file"]: path for path in kept_files(tmp_path)}
    assert storage.load(kept[str(paths[0])]) == changed_first
    assert storage.load(kept[str(paths[1])]) == changed
    assert [len(storage.load(path).objects[0].prompts) for path in paths] == [1, 2]


def test_work_is_kept_at_the_latest_after_the_users_interval(opened, hand, tmp_path, qtbot):
    opened.editor.user.autosave_seconds = 77
    patient(opened)
    hand.click(80, 100)
    latest = opened.editor.recovery._latest
    assert latest.interval() == 77_000
    assert latest.isActive()
    remaining = latest.remainingTime()
    hand.click(90, 100)
    assert latest.remainingTime() <= remaining  # going on with the work does not put it off
    latest.timeout.emit()
    path = wait_for_kept(opened, tmp_path, qtbot)
    assert storage.load(path) == opened.editor.project
    assert not latest.isActive()


def test_a_document_that_is_slow_to_write_is_not_written_at_every_pause(
    opened, hand, tmp_path, qtbot, monkeypatch
):
    monkeypatch.setattr(recovery_module, "_CHEAP", 0.0)
    hand.click(80, 100)
    assert not opened.editor.recovery._pause.isActive()
    assert opened.editor.recovery._latest.isActive()


def test_work_is_kept_before_a_track_and_the_users_file_stays(gate, opened, hand, tmp_path, qtbot):
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    before = path.read_bytes()
    patient(opened)
    hand.click(80, 100)
    do(opened, "track.both")
    kept = wait_for_kept(opened, tmp_path, qtbot)
    assert opened.editor.runner.tracking
    assert storage.load(kept) == opened.editor.project
    assert path.read_bytes() == before


def test_work_is_kept_before_an_export(opened, hand, tmp_path, qtbot):
    from matting_core.export.run import ExportRequest

    patient(opened)
    hand.click(80, 100)
    project = opened.editor.project
    with task_ends(qtbot, opened.editor.exports):
        opened.editor.exports.run(project, ExportRequest(tmp_path / "out", project.range))
    wait_for_kept(opened, tmp_path, qtbot)


def test_work_is_kept_before_masks_are_imported(opened, hand, tmp_path, qtbot, log_guard):
    log_guard.expect("gone.png")
    patient(opened)
    hand.click(80, 100)
    editor = opened.editor
    with task_ends(qtbot, editor.masks):
        editor.masks.read_one(tmp_path / "gone.png", editor.project.clip, None, 0)
    wait_for_kept(opened, tmp_path, qtbot)


def test_a_disk_that_takes_nothing_is_said_once(opened, hand, tmp_path, qtbot, log_guard):
    (tmp_path / "wisp-cache").mkdir(exist_ok=True)
    (tmp_path / "wisp-cache" / "recovery").write_text("in the way")
    log_guard.expect("in the way of a folder")
    told = []
    opened.editor.messenger.posted.connect(told.append)
    hand.click(80, 100)
    opened.editor.recovery.write()
    hand.click(90, 100)
    opened.editor.recovery.write()
    assert ["in the way" in message.text for message in told] == [True]
    assert opened.status.saved == "unsaved"
    (tmp_path / "wisp-cache" / "recovery").unlink()
    opened.editor.recovery.write()
    qtbot.waitUntil(lambda: opened.status.saved.startswith("kept"))


def test_the_status_bar_says_how_safe_the_work_is(opened, hand, tmp_path, qtbot, monkeypatch):
    from app.features.files import saved_state

    qtbot.waitUntil(lambda: opened.status.saved == "unsaved")
    patient(opened)
    hand.click(80, 100)
    opened.editor.recovery.write()
    qtbot.waitUntil(lambda: opened.status.saved.startswith("kept"))
    saved_project(opened, tmp_path / "fox.wisp", qtbot)
    qtbot.waitUntil(lambda: opened.status.saved.startswith("saved"))
    start = opened.editor.files.saved_at
    for seconds, words in ((12, "12 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h")):
        now = start + seconds + 0.5
        monkeypatch.setattr(saved_state.time, "monotonic", lambda now=now: now)
        opened._saved_state.refresh()
        assert opened.status.saved == f"saved {words} ago"
    hand.click(90, 100)
    qtbot.waitUntil(lambda: opened.status.saved == "unsaved")


def test_an_opened_project_counts_as_saved(opened, hand, make_window, tmp_path, qtbot):
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    other = make_window()
    open_and_wait(other, path, qtbot)
    qtbot.waitUntil(lambda: other.status.saved == "saved")


def test_a_clip_with_a_very_long_name_is_kept_too(window, clip, tmp_path, qtbot):
    named = tmp_path / ("長" * 80 + ".mp4")
    named.write_bytes(Path(clip).read_bytes())
    open_and_wait(window, named, qtbot)
    Hand(window).click(80, 100)
    kept = wait_for_kept(window, tmp_path, qtbot)
    assert storage.load(kept).clip.path == str(named)


@pytest.mark.parametrize("saved_first", [True, False])
def test_a_save_that_ends_after_another_project_opened_names_only_its_own(
    opened, hand, tmp_path, qtbot, saved_first
):
    """The other document must not take over the file of the one before it."""
    editor = opened.editor
    hand.click(80, 100)
    other = write_numbered_clip(tmp_path / "numbers.mp4", 6)
    if saved_first:
        editor.files.save(tmp_path / "fox.wisp")
        editor.files.open(other)
    else:
        editor.files.open(other)
        editor.files.save(tmp_path / "fox.wisp")
    with qtbot.waitSignal(editor.files.saved):
        qtbot.waitUntil(lambda: editor.project.clip.path == str(other))
    qtbot.waitUntil(lambda: editor.project.clip.path == str(other))
    assert editor.files.path is None
    assert storage.load(tmp_path / "fox.wisp").settings == FAKE
    assert len(storage.load(tmp_path / "fox.wisp").objects) == 1


def test_quitting_at_once_loses_nothing_that_the_lane_did_not_get_to(opened, hand, tmp_path, qtbot):
    """Another clip is open, the work before it not written yet, and the window closes."""
    hand.click(80, 100)
    project = opened.editor.project
    write = []
    opened.editor.files.adopted.connect(lambda: write.append(opened.close()))
    opened.editor.files.open(write_numbered_clip(tmp_path / "numbers.mp4", 6))
    qtbot.waitUntil(lambda: write == [True])
    assert [storage.load(path) for path in kept_files(tmp_path)] == [project]
