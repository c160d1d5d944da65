"""Preferences count at once or at the next start, and come back."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget

from app.features.preferences.dialog import PreferencesDialog
from app.options import read_options
from app.shell.settings import UserSettings
from matting_core.document.project import Settings
from matting_core.results.status import Status
from matting_core.types import DeviceChoice, ObjectId, Quality
from tests.app.conftest import FRAMES, do, open_and_wait
from tests.tables import table


def click(widget):
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def choose(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def shown(window) -> PreferencesDialog:
    do(window, "edit.preferences")
    (dialog,) = window.findChildren(PreferencesDialog)
    return dialog


def test_it_is_shown_once_and_stops_nothing(window):
    dialog = shown(window)
    assert not dialog.isModal()
    assert shown(window) is dialog


def test_following_counts_at_once_and_in_the_menu(window, qtbot):
    dialog = shown(window)
    dialog.follow.setChecked(True)
    assert window.editor.tracking.follow
    do(window, "track.follow")
    assert not window.editor.user.follow
    assert not dialog.follow.isChecked()


def test_numbers_are_kept(window):
    dialog = shown(window)
    dialog.autosave.setValue(60)
    dialog.backups.setValue(3)
    user = UserSettings()
    assert (user.autosave_seconds, user.backups) == (60, 3)


def test_new_projects_start_with_what_was_chosen(window, clip, qtbot):
    dialog = shown(window)
    choose(dialog.new_projects.boxes["head"], "closed-form")
    choose(dialog.new_projects.boxes["quality"], Quality.FULL.value)
    open_and_wait(window, clip, qtbot)
    assert window.editor.project.settings == Settings("fake", "closed-form", Quality.FULL)


def test_without_a_choice_new_projects_start_with_what_is_in_use(window, clip, qtbot):
    open_and_wait(window, clip, qtbot)
    assert window.editor.project.settings == Settings("fake", "mask")


def test_the_options_at_the_start_are_those_chosen(tmp_path, monkeypatch):
    monkeypatch.delenv("WISP_CACHE")
    user = UserSettings()
    user.follow = False
    user.device = DeviceChoice.CPU
    user.cache_gigabytes = 7
    user.cache_folder = tmp_path / "fast disk"
    user.set_model("head", "mask")
    options = read_options(UserSettings())
    assert options.settings.head == "mask"
    assert (options.follow, options.device) == (False, DeviceChoice.CPU)
    assert options.cache_limit == 7 << 30
    assert options.mattes == tmp_path / "fast disk" / "wisp-mattes"


def test_the_environments_cache_goes_before_the_chosen_one(tmp_path):
    user = UserSettings()
    user.cache_folder = tmp_path
    assert read_options(user).mattes is None


@table("damaged", ["", "no-such-thing", "relative/path", "\x00"])
def test_damaged_choices_count_as_none(damaged, monkeypatch):
    monkeypatch.delenv("WISP_CACHE")
    store = UserSettings()._store
    for key in ("new/tracker", "new/head", "new/quality", "new/device", "cache/folder"):
        store.setValue(key, damaged)
    options = read_options(UserSettings())
    assert options.settings == Settings()
    assert options.device is DeviceChoice.AUTO
    assert options.mattes is None


def test_clearing_the_cache_says_what_it_frees_and_leaves_the_prompts(opened, hand, qtbot):
    editor, first = opened.editor, ObjectId(1)
    hand.click(80, 100)
    do(opened, "track.both")
    fresh = [Status.FRESH] * FRAMES
    qtbot.waitUntil(lambda: not editor.runner.tracking)
    qtbot.waitUntil(lambda: list(editor.results.statuses(first)) == fresh)
    size = editor.caching.size
    assert size > 0
    dialog = shown(opened)
    with qtbot.waitSignal(editor.caching.cleared) as freed:
        click(dialog.cache.clear)
    assert freed.args == [size]
    assert "freed" in dialog.cache.news.text()
    qtbot.waitUntil(
        lambda: list(editor.results.statuses(first))[1:] == [Status.NONE] * (FRAMES - 1)
    )
    assert len(editor.project.objects[0].prompts) == 1
    do(opened, "track.both")
    qtbot.waitUntil(lambda: list(editor.results.statuses(first)) == fresh)


def test_the_cache_is_not_cleared_under_a_running_track(gate, opened, hand, qtbot):
    hand.click(80, 100)
    dialog = shown(opened)
    do(opened, "track.both")
    click(dialog.cache.clear)
    assert "cancel it (Esc) first" in dialog.cache.news.text()
    gate.open()
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    with qtbot.waitSignal(opened.editor.caching.cleared):
        click(dialog.cache.clear)


def test_another_folder_is_kept_for_the_next_start(window, tmp_path):
    dialog = shown(window)
    dialog.cache._choose(tmp_path)
    assert UserSettings().cache_folder == tmp_path
    assert Path(dialog.cache.folder.text()) == tmp_path
    click(dialog.cache.usual)
    assert UserSettings().cache_folder is None


def test_the_layout_is_reset(window, qtbot):
    dock = window.findChild(QDockWidget, "objects")
    dock.close()
    assert not dock.isVisible()
    click(shown(window).reset)
    qtbot.waitUntil(dock.isVisible)
