"""The palette lists what the menus have, gives commands, and leaves the focus alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.command_order import all_commands
from app.model.view import ViewMode
from app.shell.palette import Palette
from app.shell.palette_row import ENTRY


def shown(window):
    found = [each for each in window.findChildren(Palette) if each.isVisible()]
    return found[0] if found else None


def entries(palette):
    return [palette.list.item(row).data(ENTRY) for row in range(palette.list.count())]


@pytest.fixture
def open_palette(qtbot):
    def opened(window):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: shown(window) is not None)
        return shown(window)

    return opened


def test_it_lists_every_command_and_every_panel(window, open_palette):
    listed = {entry.id for entry in entries(open_palette(window))}
    assert {command.id for command in all_commands()} <= listed
    assert "View › Panels › Objects" in listed


def test_typing_and_enter_give_a_command(opened, open_palette, qtbot):
    palette = open_palette(opened)
    QTest.keyClicks(palette.line, "checker")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.editor.view.mode is ViewMode.CHECKER)
    qtbot.waitUntil(lambda: shown(opened) is None)


def test_what_was_given_comes_first_the_next_time(opened, open_palette, qtbot):
    palette = open_palette(opened)
    QTest.keyClicks(palette.line, "trimap")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(opened) is None)
    assert entries(open_palette(opened))[0].id == "view.trimap"


def test_up_and_down_choose(opened, open_palette, qtbot):
    palette = open_palette(opened)
    QTest.keyClicks(palette.line, "alpha")
    first, second = entries(palette)[:2]
    assert (first.id, second.id) == ("view.alpha", "view.toggle_alpha")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentItem().data(ENTRY) == second
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentItem().data(ENTRY) == entries(palette)[-1]


def test_a_disabled_command_says_what_is_to_be_done_first(window, open_palette):
    palette = open_palette(window)
    QTest.keyClicks(palette.line, "save as")
    assert not entries(palette)[0].enabled
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert "Open a clip first" in palette.hint.text()


def test_what_is_not_found_is_said(window, open_palette):
    palette = open_palette(window)
    QTest.keyClicks(palette.line, "xylophone")
    assert palette.list.count() == 0
    assert "Nothing is called" in palette.hint.text()
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_escape_closes_it_and_the_focus_is_where_it_was(opened, open_palette, qtbot):
    opened.stage.canvas.setFocus()
    palette = open_palette(opened)
    assert palette.line.hasFocus()
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shown(opened) is None)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is opened.stage.canvas)
    assert not opened.editor.view.selected


def test_a_row_is_as_wide_as_the_list_so_that_its_key_is_seen(window, open_palette):
    palette = open_palette(window)
    palette.list.doItemsLayout()
    width = palette.list.visualItemRect(palette.list.item(0)).width()
    assert palette.list.verticalScrollBar().maximum() > 0
    assert width <= palette.list.viewport().width()
