"""The Keys dialog: find a command, press a key, see a conflict before it is taken."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from app.shell.keys.dialog import KeysDialog
from tests.app.conftest import do

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(window, qtbot) -> KeysDialog:
    do(window, "help.keys")
    (shown,) = window.findChildren(KeysDialog)
    return shown


def press(dialog, command_id, key, modifiers=CONTROL):
    dialog.table.choose(command_id)
    QTest.keyClick(dialog.record, key, modifiers)
    dialog.record.editingFinished.emit()  # which Qt sends when no further key has come


def click(button):
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_free_key_is_given_at_once(dialog, window):
    press(dialog, "file.demo", Qt.Key.Key_9)
    action = window.commands["file.demo"]
    assert action.shortcut() == QKeySequence("Ctrl+9")
    assert action.toolTip() == "Open the demo (Ctrl+9)"
    assert "Ctrl+9" in dialog.news.text()
    assert not dialog.take.isVisible()


def test_a_taken_key_is_shown_and_taken_only_if_wanted(dialog, window):
    press(dialog, "file.demo", Qt.Key.Key_T)
    assert "Track object" in dialog.news.text()
    assert window.commands["track.both"].shortcut() == QKeySequence("Ctrl+T")
    click(dialog.leave)
    assert dialog.news.text() == ""
    assert window.commands["track.both"].shortcut() == QKeySequence("Ctrl+T")
    press(dialog, "file.demo", Qt.Key.Key_T)
    click(dialog.take)
    assert window.commands["file.demo"].shortcut() == QKeySequence("Ctrl+T")
    assert window.commands["track.both"].shortcuts() == []
    assert window.commands["track.both"].toolTip().splitlines()[0] == "Track object"


def test_a_reserved_key_is_refused_with_the_reason(dialog, window):
    press(dialog, "file.demo", Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert "opens the menu File" in dialog.news.text()
    assert window.commands["file.demo"].shortcuts() == []


def test_a_key_is_removed_and_the_command_reset(dialog, window, qtbot):
    dialog.table.choose("view.fit")
    assert not dialog.reset.isEnabled()
    (fit,) = [each for each in dialog.findChildren(QToolButton) if each.text().startswith("F ")]
    qtbot.waitUntil(fit.isVisible)
    click(fit)
    assert window.commands["view.fit"].shortcuts() == [QKeySequence("Ctrl+0")]
    click(dialog.reset)
    assert len(window.commands["view.fit"].shortcuts()) == 2


def test_all_are_reset(dialog, window):
    press(dialog, "file.demo", Qt.Key.Key_9)
    press(dialog, "help.about", Qt.Key.Key_8)
    click(dialog.reset_all)
    assert window.commands["file.demo"].shortcuts() == []
    assert window.commands["help.about"].shortcuts() == []


def test_searching_finds_by_name_and_by_key(dialog):
    def seen():
        items = (dialog.table.topLevelItem(n) for n in range(dialog.table.topLevelItemCount()))
        return [item.text(0) for item in items if not item.isHidden()]

    QTest.keyClicks(dialog.search, "checker")
    assert seen() == ["View", "Checker"]
    assert dialog.command_id == "view.checker"
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "ctrl+e")
    assert seen() == ["File", "Export"]
    dialog.search.setText("xylophone")
    assert seen() == []
    assert "Nothing is called that" in dialog.news.text()
    dialog.search.clear()
    assert dialog.news.text() == ""


def test_the_new_keys_are_there_at_the_next_start(dialog, make_window):
    press(dialog, "file.demo", Qt.Key.Key_9)
    assert make_window().commands["file.demo"].shortcut() == QKeySequence("Ctrl+9")


def test_it_is_shown_once(dialog, window):
    do(window, "help.keys")
    assert window.findChildren(KeysDialog) == [dialog]
