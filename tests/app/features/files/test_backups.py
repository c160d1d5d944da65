"""Every save keeps the state before it; File > Revert to a backup… opens one."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.features.files.states_dialog import BackupsDialog
from matting_core import files
from matting_core.document import backups, storage
from tests.app.conftest import do
from tests.app.features.files.test_files import said, saved_project


def save_three_times(window, hand, path, qtbot):
    states = []
    for x in (80, 90, 100):
        hand.click(x, 100)
        states.append(window.editor.project)
        saved_project(window, path, qtbot)
    return states


def test_saving_again_keeps_as_many_states_as_the_user_wants(opened, hand, tmp_path, qtbot):
    opened.editor.user.backups = 1
    path = tmp_path / "fox.wisp"
    states = save_three_times(opened, hand, path, qtbot)
    assert [storage.load(each) for each in backups.list_backups(path)] == [states[1]]


def test_a_backup_opens_as_unsaved_work_on_the_file(opened, hand, tmp_path, qtbot):
    path = tmp_path / "fox.wisp"
    states = save_three_times(opened, hand, path, qtbot)
    hand.click(110, 100)
    unsaved = opened.editor.project
    do(opened, "file.revert")
    dialog = opened.findChild(BackupsDialog)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 2)
    rows = [dialog.table.topLevelItem(row) for row in range(2)]
    assert [(row.text(3), row.text(4)) for row in rows] == [("1", "2"), ("1", "1")]
    dialog.table.setCurrentItem(rows[1])
    QTest.mouseClick(dialog.open_state, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.editor.project == states[0])
    assert opened.editor.document.modified
    assert opened.editor.files.path == path
    assert storage.load(path) == states[2]
    kept = (tmp_path / "wisp-cache" / "recovery").glob("*/*.wisp")
    qtbot.waitUntil(lambda: unsaved in [storage.load(each) for each in kept])
    saved_project(opened, path, qtbot)
    assert storage.load(path) == states[0]
    assert storage.load(backups.list_backups(path)[0]) == states[2]


def test_without_a_file_there_is_nothing_to_revert_to(opened):
    assert not opened.commands["file.revert"].isEnabled()


def test_without_backups_the_dialog_says_how_they_come(opened, hand, tmp_path, qtbot):
    saved_project(opened, tmp_path / "fox.wisp", qtbot)
    do(opened, "file.revert")
    dialog = opened.findChild(BackupsDialog)
    with qtbot.waitSignal(opened.editor.files.backups_listed):
        opened.editor.files.list_backups()
    assert not dialog.table.isVisible()
    assert not dialog.open_state.isEnabled()
    dialog.close()


def test_a_backup_that_cannot_be_made_is_said_but_the_save_counts(
    opened, hand, tmp_path, qtbot, log_guard
):
    path = tmp_path / "fox.wisp"
    hand.click(80, 100)
    saved_project(opened, path, qtbot)
    backups.backup_folder(path).write_text("")
    hand.click(90, 100)
    log_guard.expect("without a backup")
    saved_project(opened, path, qtbot)
    assert "without a backup" in said(opened)
    assert not opened.editor.document.modified
    assert storage.load(path) == opened.editor.project


def test_a_full_disk_leaves_the_file_and_the_work(
    opened, hand, tmp_path, qtbot, log_guard, monkeypatch
):
    path = tmp_path / "fox.wisp"
    hand.click(80, 100)
    saved_project(opened, path, qtbot)
    before = path.read_bytes()
    hand.click(90, 100)
    opened.editor.recovery.write()
    qtbot.waitUntil(lambda: opened.editor.recovery.kept_at is not None)

    def full(_handle):
        raise OSError(28, "No space left on device")

    log_guard.expect("The disk is full")
    monkeypatch.setattr(files.os, "fsync", full)
    opened.editor.files.save(path)
    qtbot.waitUntil(lambda: "The disk is full" in said(opened))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert opened.editor.document.modified
    (kept,) = (tmp_path / "wisp-cache" / "recovery").glob("*/*.wisp")
    assert storage.load(kept) == opened.editor.project
