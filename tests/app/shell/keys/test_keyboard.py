"""Everything can be reached and named without a mouse, and it is seen where the focus is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QPushButton,
    QToolButton,
)

from app.features.objects.commands import add_object
from app.shell.keys.panel_cycle import parts
from app.shell.visible import seen_rect
from matting_core.document.finishing import Parameter
from tests.app.conftest import open_and_wait


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
    transport = active.editor.playback
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
    add_object(active.editor)
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
