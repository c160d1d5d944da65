"""Every command is in a menu, has one meaning per key, and is enabled when it makes sense."""

from collections import Counter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from app.command_order import all_commands
from app.features.objects.commands import add_object
from app.model.look import PRESETS, Against, Comparison, Overlay
from app.model.tool_names import ToolName
from app.model.view import ViewMode
from app.shell.commands import MENUS
from app.shell.conditions import ALWAYS
from matting_core.document.project import PALETTE
from tests.app.conftest import FRAMES, do
from tests.tables import table


def test_ids_and_shortcuts_are_unique():
    ids = Counter(command.id for command in all_commands())
    keys = Counter(QKeySequence(key).toString() for each in all_commands() for key in each.keys)
    assert max(ids.values()) == 1
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_every_command_that_can_be_disabled_has_a_reason():
    unexplained = [
        command.id
        for command in all_commands()
        for part in command.enabled_when.parts
        if part is not ALWAYS and not part.advice
    ]
    assert unexplained == []


def test_a_disabled_command_says_why_in_its_tooltip(opened, hand, qtbot):
    track = opened.commands["track.both"]
    assert not track.isEnabled()
    assert track.toolTip().splitlines() == [
        "Track object (Ctrl+T)",
        "Prompt the object first: click it; if it is locked, unlock it.",
    ]
    hand.click(80, 100)
    qtbot.waitUntil(track.isEnabled)
    assert track.toolTip() == "Track object (Ctrl+T)"


def test_menus_show_the_tooltips_of_what_is_disabled_alone(opened, qtbot):
    menu = opened.menus["track"]
    menu.popup(opened.mapToGlobal(QPoint(0, 0)))
    qtbot.waitUntil(menu.isVisible)
    said = {}
    for command in ("track.follow", "track.both"):
        at = menu.actionGeometry(opened.commands[command]).center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, menu.mapToGlobal(at))
        QApplication.sendEvent(menu, event)
        said[command] = QToolTip.text()
    menu.close()
    reason = "Prompt the object first: click it; if it is locked, unlock it."
    assert said["track.follow"] == ""
    assert said["track.both"] == f"Track object (Ctrl+T)\n{reason}"


def test_every_command_is_in_a_menu(window):
    for command in all_commands():
        assert command.menu in MENUS
        menu = window.menus[command.menu]
        inner = {each.menu().title(): each.menu() for each in menu.actions() if each.menu()}
        menu = inner[command.submenu] if command.submenu else menu
        assert window.commands[command.id] in menu.actions()


def test_a_letter_means_one_thing_in_each_menu(window, tmp_path):
    for number in range(12):
        window.editor.user.add_recent(tmp_path / f"clip {number}.mp4")
    menus = [window.menuBar(), *window.menuBar().findChildren(QMenu)]
    menus += [each.menu() for each in window.menus["file"].actions() if each.menu()]
    assert set(window.menus.values()) < set(menus)
    for menu in menus:
        texts = [each.text() for each in menu.actions() if not each.isSeparator()]
        letters = Counter(QKeySequence.mnemonic(text).toString() for text in texts)
        del letters[""]
        assert [letter for letter, count in letters.items() if count > 1] == [], texts


SWITCHES = {f"edit.tool_{tool.value}" for tool in ToolName}
SWITCHES |= {f"view.{mode.value}" for mode in ViewMode}
SWITCHES |= {f"view.over_{overlay.value}" for overlay in Overlay}
SWITCHES |= {f"view.compare_{each.value}" for each in (*Comparison, *Against)}
SWITCHES |= {f"view.backdrop_{name}" for name in PRESETS} | {"view.backdrop_image"}
SWITCHES |= {f"object.color_{number}" for number in range(1, len(PALETTE) + 1)}
SWITCHES |= {"object.solo", "object.lock", "object.share", "object.auto_key"}
SWITCHES |= {"track.select", "track.lock", "track.delete", "track.pause", "track.follow"}
SWITCHES |= {"playback.play", "view.prompts"}


def test_only_switches_can_be_checked(window):
    checkable = {each.id for each in all_commands() if window.commands[each.id].isCheckable()}
    assert checkable == SWITCHES


@table(
    "keys",
    ["Ctrl+O", "Ctrl+S", "Ctrl+Shift+S", "Ctrl+E", "Ctrl+T", "Esc", "Space", "Left", "Right"]
    + ["Shift+Left", "Shift+Right", "Home", "End", "PgUp", "PgDown", "Ctrl+Z", "Ctrl+Shift+Z"]
    + ["Ctrl+Y", "Del", "I", "O", "Alt+I", "Alt+O", "A", "M", "1", "9"]
    + ["V", "P", "B", "D", "E", "L", "R", "Shift+R", "[", "]", "Shift+[", "Shift+]"]
    + [f"F{number}" for number in range(1, 9)],
)
def test_the_keys_of_the_design_are_there(keys):
    assert any(keys in command.keys for command in all_commands())


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, key, modifiers)


def test_keys_move_the_playhead(opened, qtbot):
    view = opened.editor.view
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    for key, modifiers, frame in [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 11),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 10),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, FRAMES - 1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 1),
    ]:
        press(opened, key, modifiers)
        assert view.frame == frame


def test_keys_choose_tools_and_views(opened, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    for key, tool in [(Qt.Key.Key_V, "select"), (Qt.Key.Key_B, "box"), (Qt.Key.Key_P, "point")]:
        press(opened, key)
        assert opened.editor.view.tool is ToolName(tool)
    press(opened, Qt.Key.Key_F6)
    assert opened.editor.view.mode is ViewMode.CHECKER
    press(opened, Qt.Key.Key_A)
    assert opened.editor.view.mode is ViewMode.ALPHA
    press(opened, Qt.Key.Key_A)
    assert opened.editor.view.mode is ViewMode.CHECKER
    press(opened, Qt.Key.Key_M)
    assert opened.editor.view.mode is ViewMode.OVERLAY
    assert opened.commands["view.overlay"].isChecked()


def test_in_and_out_are_set_and_cleared(opened):
    editor = opened.editor
    editor.playback.seek(3)
    opened.commands["playback.in"].trigger()
    editor.playback.seek(8)
    opened.commands["playback.out"].trigger()
    assert (editor.project.range.start, editor.project.range.stop) == (3, 9)
    opened.commands["playback.clear_in"].trigger()
    assert (editor.project.range.start, editor.project.range.stop) == (0, 9)
    opened.commands["playback.clear_out"].trigger()
    assert editor.project.work_range is None


def test_an_in_behind_the_out_takes_the_out_away(opened):
    editor = opened.editor
    editor.playback.seek(2)
    opened.commands["playback.out"].trigger()
    editor.playback.seek(6)
    opened.commands["playback.in"].trigger()
    assert (editor.project.range.start, editor.project.range.stop) == (6, FRAMES)


def test_playing_moves_on_and_stops(opened, qtbot):
    opened.commands["playback.play"].trigger()
    qtbot.waitUntil(lambda: opened.editor.view.frame > 2)
    opened.commands["playback.play"].trigger()
    assert not opened.editor.playback.playing


def test_prompts_are_stepped_through(opened, hand, qtbot):
    hand.click(80, 100)
    opened.editor.playback.seek(7)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 7)
    hand.click(90, 100)
    opened.commands["playback.previous_prompt"].trigger()
    assert opened.editor.view.frame == 0
    opened.commands["playback.next_prompt"].trigger()
    assert opened.editor.view.frame == 7


def test_undo_names_its_step(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.commands["edit.undo"].text() == "&Undo add point")


def test_what_is_switched_on_has_a_tick_in_its_menu(opened, qtbot):
    commands = opened.commands.commands
    switches = [each for each in commands if each.checked_when is not None and each.icon]
    assert {"edit.tool_box", "track.lock"} <= {each.id for each in switches}
    for command in switches:
        action, menu = opened.commands[command.id], opened.menus[command.menu]
        menu.popup(opened.pos())
        place = menu.actionGeometry(action)

        def seen(checked, action=action, menu=menu, place=place):
            action.setChecked(checked)
            return menu.grab(place).toImage()

        assert seen(True) != seen(False), command.id
        menu.close()


@pytest.mark.parametrize("objects", [1, 6, 12])
def test_the_window_fits_a_small_screen(opened, hand, qtbot, objects):
    hand.click(80, 100)
    for _ in range(objects - 1):
        add_object(opened.editor)
    qtbot.waitUntil(lambda: len(opened.panels.timeline.content.rows) == objects)
    opened.editor.messenger.tell("A long message " * 30)
    qtbot.waitUntil(lambda: opened.stage.messages.isVisible())
    timeline, status = opened.panels.timeline, opened.statusBar()
    QCoreApplication.sendPostedEvents()  # the layouts of all that contain the timeline
    least = opened.minimumSizeHint()
    assert least.width() <= 1280
    assert least.height() <= 720
    opened.resize(1280, 720)
    qtbot.waitUntil(lambda: opened.height() == 720)
    ends = timeline.mapTo(opened, timeline.rect().bottomLeft()).y()
    assert ends < status.y()
    assert status.geometry().bottom() < 720


def test_actual_pixels_are_those_of_the_screen(opened, monkeypatch):
    canvas = opened.stage.canvas
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 1.25)
    do(opened, "view.actual")
    assert canvas.zoom == pytest.approx(0.8)
    assert opened.stage.controls.zoom.text() == "100 %"
