"""Everything can be reached and named without a mouse, and it is seen where the focus is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.help.visible import seen_rect
from app.keys.panel_cycle import parts
from matting_core.document.finishing import Parameter
from tests.app.conftest import do, open_and_wait

DIALOGS = ["help.keys", "help.about", "help.guide", "help.palette"]
DIALOGS += ["edit.preferences", "edit.models"]


INPUTS = (QLineEdit, QComboBox, QAbstractSpinBox, QCheckBox)


def focused():
    return QApplication.focusWidget()


@pytest.fixture
def active(opened, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.stage.canvas.setFocus()
    return opened


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(focused(), key, modifiers)


def takes_keys(widget):
    inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QToolBar)
    return bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value) and not inner


def named(widget, labels):
    buddies = [label.buddy() for label in labels]
    text = getattr(widget, "text", str)() if isinstance(widget, QPushButton) else ""
    label = getattr(widget, "text", str)() if widget.inherits("QAbstractButton") else ""
    said = (widget.accessibleName(), widget.toolTip(), text, label)
    proxied = widget.focusProxy() is not None
    return any(said) or widget in buddies or proxied


def nameless(root):
    labels = root.findChildren(QLabel)
    return [
        f"{type(each).__name__} in {type(each.parent()).__name__}"
        for each in root.findChildren(QWidget)
        if takes_keys(each) and each.metaObject().className() not in SILENT
        if not named(each, labels)
    ]


SILENT = {"QScrollBar", "QComboBoxPrivateContainer", "QComboBoxListView", "QMenuBar"}
SILENT |= {"QTabBar", "QMainWindowTabBar"}
"""Parts of other controls, which speak for them."""


def test_every_control_of_the_window_has_a_name(opened, hand, qtbot):
    hand.click(80, 100)
    opened.editor.messenger.tell("A message")
    assert nameless(opened) == []


@pytest.mark.parametrize("command", DIALOGS)
def test_every_control_of_the_dialogs_has_a_name(opened, command):
    do(opened, command)
    (dialog,) = [
        each
        for each in QApplication.topLevelWidgets()
        if each.isVisible() and each.parent() is opened
    ]
    assert [each for each in dialog.findChildren(QWidget) if takes_keys(each)]
    assert nameless(dialog) == []


def test_every_control_of_the_export_dialog_has_a_name(opened, hand, qtbot):
    hand.click(80, 100)
    do(opened, "file.export")
    dialog = opened.findChild(QWidget, "export_dialog")
    assert nameless(dialog) == []
    dialog.close()


def letters(dialog):
    """The Alt letters of a dialog, and the inputs that have none."""
    labels = [each for each in dialog.findChildren(QLabel) if each.buddy() is not None]
    buttons = [each for each in dialog.findChildren(QAbstractButton) if each.isVisible()]
    found = [QKeySequence.mnemonic(each.text()).toString() for each in [*labels, *buttons]]
    buddies = [each.buddy() for each in labels]
    inputs = [each for each in dialog.findChildren(QWidget) if isinstance(each, INPUTS)]
    unmarked = [each for each in buttons if not QKeySequence.mnemonic(each.text()).toString()]
    without = [
        each
        for each in inputs
        if takes_keys(each) and (each in unmarked or each not in [*buddies, *buttons])
    ]
    return [letter for letter in found if letter], without


def test_every_input_of_a_form_has_a_letter_and_each_letter_one_meaning(opened, hand, qtbot):
    hand.click(80, 100)
    for command in ("file.export", "edit.preferences", "edit.models", "help.keys"):
        do(opened, command)
        dialog = next(
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QDialog) and each.isVisible()
        )
        found, without = letters(dialog)
        search = getattr(dialog, "search", None)
        assert [each for each in without if each is not search] == []
        assert found
        assert sorted(set(found)) == sorted(found)
        dialog.close()


def test_the_walk_finds_a_control_without_a_name(opened):
    QPushButton(opened.stage)
    assert nameless(opened) == ["QPushButton in Stage"]


def test_tab_goes_through_the_window_and_comes_back(active):
    seen = []
    for _ in range(200):
        press(Qt.Key.Key_Tab)
        if focused() is active.stage.canvas:
            break
        seen.append(focused())
    assert focused() is active.stage.canvas
    assert len(set(seen)) == len(seen)
    docks = {
        dock.objectName()
        for dock in active.findChildren(QDockWidget)
        for each in seen
        if dock.isAncestorOf(each)
    }
    assert {"objects", "prompts", "models", "timeline"} <= docks
    assert active.panels.timeline in seen


def test_panels_are_cycled_through_both_ways(active):
    control = Qt.KeyboardModifier.ControlModifier
    order = parts(active)

    def part():
        return next(each for each in order if each is focused() or each.isAncestorOf(focused()))

    seen = [part()]
    for _ in order[1:]:
        press(Qt.Key.Key_Tab, control)
        seen.append(part())
    assert seen == order
    press(Qt.Key.Key_Tab, control)
    assert focused() is active.stage.canvas
    press(Qt.Key.Key_Backtab, control | Qt.KeyboardModifier.ShiftModifier)
    assert part() is order[-1]


def test_a_panel_behind_the_tab_of_another_is_brought_to_the_front(active, qtbot):
    front, behind = (active.findChild(QDockWidget, name) for name in ("objects", "models"))
    active.tabifyDockWidget(behind, front)
    front.raise_()
    qtbot.waitUntil(lambda: seen_rect(behind).isEmpty() and not seen_rect(front).isEmpty())
    for _ in parts(active):
        active.focus_panel(1)
        if behind.isAncestorOf(focused()):
            break
    qtbot.waitUntil(lambda: not seen_rect(behind).isEmpty())
    assert behind.isAncestorOf(focused())
    qtbot.waitUntil(lambda: active.ring.widget is focused())


def test_a_panel_gives_the_focus_to_what_it_is_there_for(active, hand, qtbot):
    hand.click(80, 100)
    panels = active.panels
    qtbot.waitUntil(lambda: panels.prompts.list.isVisible() and panels.finishing.isEnabled())
    seen = []
    for _ in parts(active):
        active.focus_panel(1)
        seen.append(focused())
    black = panels.finishing.rows[Parameter.BLACK].slider
    for main in (panels.objects.list, panels.prompts.list, black, panels.timeline):
        assert main in seen


def test_a_cross_says_which_panel_it_closes(active):
    docks = active.findChildren(QDockWidget)
    titles = {dock.windowTitle(): dock.titleBarWidget() for dock in docks}
    for title in ("Objects", "Prompts on this frame"):
        (cross,) = titles[title].findChildren(QToolButton)
        assert cross.accessibleName() == f"Close {title}"
        assert cross.toolTip().startswith(f"Close {title}")


def test_the_timeline_gets_the_focus_of_its_panel(active):
    for _ in parts(active):
        active.focus_panel(1)
        if focused() is active.panels.timeline:
            break
    assert focused() is active.panels.timeline


def test_the_ring_is_seen_with_the_keyboard_only(active, hand, qtbot):
    assert active.ring.widget is None
    press(Qt.Key.Key_Tab)
    assert active.ring.widget is focused()
    press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert active.ring.widget is active.stage.canvas
    press(Qt.Key.Key_Tab)
    hand.click(80, 100)
    assert focused() is active.stage.canvas
    assert active.ring.widget is None


def test_the_ring_goes_along_with_its_widget(active, qtbot):
    press(Qt.Key.Key_Tab)
    outline = active.ring._outline
    before = outline.geometry()
    active.resize(1200, 800)
    qtbot.waitUntil(lambda: outline.geometry() != before)
    corner = focused().mapTo(active, focused().rect().topLeft())
    qtbot.waitUntil(lambda: outline.geometry().contains(corner))


def test_space_presses_what_the_keyboard_has_reached_and_plays_else(active, qtbot):
    transport = active.editor.transport
    press(Qt.Key.Key_Space)
    assert transport.playing
    press(Qt.Key.Key_Space)
    assert not transport.playing
    for _ in range(100):
        press(Qt.Key.Key_Tab)
        if focused().toolTip().startswith("Next frame"):
            break
    press(Qt.Key.Key_Space)
    assert not transport.playing
    assert active.editor.view.frame == 1


def test_up_and_down_on_the_timeline_choose_the_object(active, hand, qtbot):
    hand.click(80, 100)
    active.editor.add_object()
    timeline = active.panels.timeline
    qtbot.waitUntil(lambda: len(timeline._content.rows) == 2)
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Up)
    assert active.editor.active.name == "object 1"
    qtbot.waitUntil(lambda: timeline._content.rows[0].active)
    press(Qt.Key.Key_Down)
    assert active.editor.active.name == "object 2"


def test_the_canvas_has_the_focus_when_a_clip_is_there(window, clip, qtbot):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.stage.empty.findChild(QPushButton, "open_demo").setFocus()
    open_and_wait(window, clip, qtbot)
    assert focused() is window.stage.canvas
