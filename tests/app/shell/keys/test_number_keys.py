"""Numbers are typed and left again with the keyboard, and the tools' keys go on working."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionSpinBox

from app.model.tool_names import ToolName
from matting_core.document.finishing import Parameter
from tests.app.conftest import do


def press(key):
    QTest.keyClick(QApplication.focusWidget(), key)


@pytest.fixture
def active(opened, hand, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    hand.click(80, 100)
    return opened


@pytest.fixture
def size_box(active):
    do(active, "edit.tool_brush")
    return active.stage.options.size_box


@pytest.fixture
def number(active):
    return active.panels.finishing.rows[Parameter.FEATHER].number


def click_arrow(box):
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    arrow = QStyle.SubControl.SC_SpinBoxUp
    kind = QStyle.ComplexControl.CC_SpinBox
    place = box.style().subControlRect(kind, option, arrow, box).center()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=place)


def test_an_arrow_is_clicked_and_the_keys_work(active, size_box):
    before = size_box.value()
    click_arrow(size_box)
    assert size_box.value() == before + 1
    assert QApplication.focusWidget() is active.stage.canvas
    press(Qt.Key.Key_Right)
    assert active.editor.view.frame == 1
    press(Qt.Key.Key_P)
    assert active.editor.view.tool is ToolName.POINT


def test_a_value_is_typed_and_after_enter_the_keys_work(active, number, qtbot):
    number.setFocus(Qt.FocusReason.MouseFocusReason)
    number.selectAll()
    QTest.keyClicks(number, "2.5")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active.editor.active.finishing[Parameter.FEATHER].at(0) == 2.5)
    assert QApplication.focusWidget() is active.stage.canvas
    press(Qt.Key.Key_Space)
    assert active.editor.playback.playing
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_B)
    assert active.editor.view.tool is ToolName.BOX


def test_escape_drops_what_was_typed_and_cancels_nothing(active, number, monkeypatch):
    cancelled = []
    monkeypatch.setattr(active.editor, "cancel", lambda: cancelled.append(1))
    number.setFocus(Qt.FocusReason.MouseFocusReason)
    number.selectAll()
    QTest.keyClicks(number, "9")
    press(Qt.Key.Key_Escape)
    assert number.value() == 0
    assert number.text().startswith("0")
    assert active.editor.active.finishing[Parameter.FEATHER].at(0) == 0
    assert QApplication.focusWidget() is active.stage.canvas
    assert not cancelled


def test_letters_are_the_tools_even_while_a_number_is_typed(active, size_box):
    size_box.setFocus(Qt.FocusReason.MouseFocusReason)
    before = size_box.value()
    press(Qt.Key.Key_BracketRight)
    assert size_box.value() > before
    press(Qt.Key.Key_E)
    assert active.editor.view.tool is ToolName.ERASER
    assert QApplication.focusWidget() is size_box


def test_a_number_that_goes_away_leaves_the_focus_with_the_canvas(active, size_box, qtbot):
    size_box.setFocus(Qt.FocusReason.MouseFocusReason)
    press(Qt.Key.Key_P)
    assert active.editor.view.tool is ToolName.POINT
    qtbot.waitUntil(lambda: QApplication.focusWidget() is active.stage.canvas)


def test_digits_and_cursor_keys_are_the_numbers_while_it_is_typed(active, size_box):
    size_box.setFocus(Qt.FocusReason.MouseFocusReason)
    size_box.selectAll()
    press(Qt.Key.Key_3)
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_4)
    press(Qt.Key.Key_Return)
    assert size_box.value() == 43
    assert active.editor.view.frame == 0


def test_the_wheel_moves_no_focus_to_a_number(active, size_box, number):
    wheel = Qt.FocusPolicy.WheelFocus.value & ~Qt.FocusPolicy.StrongFocus.value
    assert not any(each.focusPolicy().value & wheel for each in (size_box, number))
