"""Opening, saving, dropping, recovering: no file can bring the window down, no work is lost."""

import json

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton

from tests.app.conftest import FRAMES, Hand, do, open_and_wait


def said(window):
    return window.stage.messages.text


def saved_project(window, path, qtbot):
    with qtbot.waitSignal(window.editor.files.saved):
        window.editor.files.save(path)
    return path


def test_the_empty_window_says_what_to_do(window):
    assert window.stage.empty.isVisible()
    assert not window.stage.canvas.isVisible()
    assert not window.commands["file.save"].isEnabled()


def test_a_clip_opens(opened, clip):
    assert opened.stage.canvas.isVisible()
    assert opened.editor.project.clip.length == FRAMES
    assert opened.windowTitle().startswith("disc.mp4")
    assert opened.editor.user.recent == (clip,)


def test_a_folder_of_stills_opens(window, tmp_path, qtbot):
    import cv2
    import numpy as np

    for number in range(3):
        cv2.imwrite(str(tmp_path / f"still{number}.png"), np.full((48, 64, 3), 90, np.uint8))
    folder = tmp_path
    open_and_wait(window, folder, qtbot)
    assert window.editor.project.clip.length == 3


def test_saving_and_opening_brings_everything_back(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    do(opened, "playback.in")
    qtbot.waitUntil(opened.isWindowModified)
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    qtbot.waitUntil(lambda: not opened.isWindowModified())
    assert opened.windowTitle().startswith("fox")

    other = make_window()
    open_and_wait(other, path, qtbot)
    assert other.editor.project == opened.editor.project
    assert other.editor.files.path == path
    assert not other.editor.document.modified
    assert other.editor.user.recent[0] == path


def test_mattes_of_an_earlier_run_are_found_again(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    do(opened, "track.both")
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    other = make_window()
    open_and_wait(other, path, qtbot)
    only = other.editor.project.objects[0].id
    qtbot.waitUntil(lambda: list(other.editor.results.statuses(only)) == [1] * FRAMES)


def test_save_without_a_file_asks_for_one(opened, tmp_path, qtbot):
    from PySide6.QtWidgets import QFileDialog

    do(opened, "file.save")
    chooser = opened.findChild(QFileDialog)
    assert chooser.isVisible()
    with qtbot.waitSignal(opened.editor.files.saved):
        chooser.fileSelected.emit(str(tmp_path / "new.wisp"))
    assert (tmp_path / "new.wisp").exists()
    chooser.close()


def test_recent_files_are_in_the_menu(opened, window, clip, qtbot):
    (recent,) = [a for a in window.menus["file"].actions() if a.text() == "Open rece&nt"]
    entries = [action.text() for action in recent.menu().actions()]
    assert entries[0] == f"&1  {clip.name}"
    recent.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: "This clip is open" in said(window))
    window.editor.user.clear_recent()
    assert not recent.menu().isEnabled()


def test_a_recent_file_s_ampersand_is_seen(window, tmp_path):
    window.editor.user.add_recent(tmp_path / "cat & dog.mp4")
    (recent,) = [a for a in window.menus["file"].actions() if a.text() == "Open rece&nt"]
    assert recent.menu().actions()[0].text() == "&1  cat && dog.mp4"


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle, button = QPoint(300, 300), Qt.MouseButton.LeftButton
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(middle, copy, data, button, none)
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(middle), copy, data, button, none)
    QApplication.sendEvent(window, event)
    return enter.isAccepted()


def test_a_dropped_clip_opens(window, clip, qtbot):
    assert drop(window, clip)
    qtbot.waitUntil(lambda: window.stage.picture is not None)


def test_a_bad_file_makes_a_message_and_the_window_lives_on(
    window, clip, tmp_path, qtbot, log_guard
):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"this is no video")
    log_guard.expect("bad.mp4")
    drop(window, bad)
    qtbot.waitUntil(lambda: "bad.mp4" in said(window))
    assert window.stage.messages.isVisible()
    QTest.mouseClick(
        window.stage.messages.findChild(QToolButton, "close_message"), Qt.MouseButton.LeftButton
    )
    assert not window.stage.messages.isVisible()
    open_and_wait(window, clip, qtbot)


def test_a_bad_file_leaves_the_open_clip_alone(opened, clip, tmp_path, qtbot, log_guard):
    log_guard.expect("missing.mp4")
    Hand(opened).click(80, 100)
    opened.editor.files.open(tmp_path / "missing.mp4")
    qtbot.waitUntil(lambda: "missing.mp4" in said(opened))
    opened.editor.playback.seek(5)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 5)
    assert len(opened.editor.project.objects) == 1


def test_the_message_of_a_failed_open_goes_when_one_works(window, clip, tmp_path, qtbot, log_guard):
    log_guard.expect("gone.mp4")
    window.editor.files.open(tmp_path / "gone.mp4")
    qtbot.waitUntil(lambda: "gone.mp4" in said(window))
    open_and_wait(window, clip, qtbot)
    qtbot.waitUntil(lambda: said(window) == "")


def test_a_project_of_a_newer_wisp_makes_a_message(opened, tmp_path, qtbot, log_guard):
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    record = json.loads(path.read_bytes())
    path.write_text(json.dumps({**record, "version": 99}))
    log_guard.expect("newer Wisp")
    opened.editor.files.open(path)
    qtbot.waitUntil(lambda: "newer Wisp" in said(opened))


def test_a_project_whose_clip_is_gone_opens_and_can_be_linked_again(
    opened, hand, make_window, tmp_path, qtbot
):
    hand.click(80, 100)
    path = tmp_path / "fox.wisp"
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(open_bytes(opened))
    saved_project(opened, path, qtbot)
    record = json.loads(path.read_bytes())
    record["clip"]["path"] = record["clip"]["relative_path"] = "/gone/disc.mp4"
    path.write_text(json.dumps(record))
    other = make_window()
    other.editor.files.open(path)
    qtbot.waitUntil(lambda: "/gone/disc.mp4" in other.stage.missing.trouble.text())
    assert other.editor.project.objects == opened.editor.project.objects
    open_and_wait(other, moved, qtbot)
    assert other.editor.project.clip.path == str(moved)
    assert other.editor.project.objects == opened.editor.project.objects


def open_bytes(window):
    from pathlib import Path

    return Path(window.editor.project.clip.path).read_bytes()


def test_saving_where_nothing_may_be_written_makes_a_message(opened, tmp_path, qtbot, log_guard):
    blocked = tmp_path / "file"
    blocked.write_text("")
    log_guard.expect("folder")
    opened.editor.files.save(blocked / "fox.wisp")
    qtbot.waitUntil(lambda: bool(said(opened)))
    assert opened.editor.files.path is None


@pytest.mark.parametrize(
    "name", ["file.open", "file.open_folder", "file.unsaved", "help.about", "help.keys"]
)
def test_dialogs_do_not_block(window, name):
    window.commands[name].trigger()
    (dialog,) = window.findChildren(QDialog)
    assert dialog.isVisible()
    dialog.close()


def test_a_project_with_an_unknown_model_opens_and_says_so(
    opened, hand, make_window, tmp_path, qtbot, log_guard
):
    hand.click(80, 100)
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    path.write_text(path.read_text().replace('"fake"', '"of-a-plug-in"'))
    other = make_window()
    log_guard.expect("of-a-plug-in")
    open_and_wait(other, path, qtbot)
    assert "of-a-plug-in" in said(other)
    do(other, "track.both")
    qtbot.waitUntil(lambda: not other.editor.runner.tracking)
    assert other.isVisible()


def test_a_single_still_opens(window, tmp_path, qtbot):
    import cv2
    import numpy as np

    cv2.imwrite(str(tmp_path / "still.png"), np.full((48, 64, 3), 90, np.uint8))
    open_and_wait(window, tmp_path / "still.png", qtbot)
    window.commands["playback.play"].trigger()
    window.commands["playback.last"].trigger()
    assert window.editor.view.frame == 0


def choose_save(window, path):
    from PySide6.QtWidgets import QFileDialog

    do(window, "file.save_as")
    chooser = window.findChild(QFileDialog)
    chooser.fileSelected.emit(str(path))
    chooser.close()


def test_a_name_with_a_dot_gets_the_suffix_and_opens_again(opened, make_window, tmp_path, qtbot):
    with qtbot.waitSignal(opened.editor.files.saved):
        choose_save(opened, tmp_path / "shot.v2")
    path = tmp_path / "shot.v2.wisp"
    assert opened.editor.files.path == path
    other = make_window()
    open_and_wait(other, path, qtbot)
    assert other.editor.files.path == path


def test_saving_over_a_clip_saves_beside_it(opened, clip, tmp_path, qtbot):
    victim = tmp_path / "victim.mp4"
    victim.write_bytes(clip.read_bytes())
    with qtbot.waitSignal(opened.editor.files.saved):
        choose_save(opened, victim)
    assert victim.read_bytes() == clip.read_bytes()
    assert opened.editor.files.path == tmp_path / "victim.mp4.wisp"


def test_the_name_with_its_suffix_is_asked_about_before_it_is_replaced(
    opened, hand, tmp_path, qtbot
):
    path = saved_project(opened, tmp_path / "shot.v2.wisp", qtbot)
    before = path.read_bytes()
    hand.click(80, 100)
    choose_save(opened, tmp_path / "shot.v2")
    assert "shot.v2.wisp is there already" in said(opened)
    (button,) = [
        each for each in opened.stage.messages.findChildren(QPushButton) if "Replace" in each.text()
    ]
    assert path.read_bytes() == before
    with qtbot.waitSignal(opened.editor.files.saved):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert path.read_bytes() != before


def test_a_project_under_another_suffix_opens(opened, hand, make_window, tmp_path, qtbot):
    hand.click(80, 100)
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot).rename(tmp_path / "fox.v2")
    other = make_window()
    open_and_wait(other, path, qtbot)
    assert other.editor.project == opened.editor.project
