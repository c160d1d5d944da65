"""The panel and the commands of objects: order, colour, solo, lock, duplicate, names."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QLineEdit, QMenu

from app.features.objects.commands import add_object
from app.features.objects.object_list import COLOR, EYE, LOCK, NAME, SOLO
from app.model.versions import restore_version
from app.model.view import ViewMode
from matting_core.document import edits
from matting_core.document.project import PALETTE
from matting_core.types import ObjectId
from tests.app.conftest import do


@pytest.fixture
def two(opened, hand, qtbot):
    """Two prompted objects, the second one active."""
    hand.click(80, 100)
    add_object(opened.editor)
    hand.click(200, 100)
    qtbot.waitUntil(lambda: opened.panels.objects.list.topLevelItemCount() == 2)
    return opened


def names(window):
    return [obj.name for obj in window.editor.project]


def listed(window):
    tree = window.panels.objects.list
    return [tree.topLevelItem(row).text(NAME) for row in range(tree.topLevelItemCount())]


def place(window, row, column) -> QPoint:
    tree = window.panels.objects.list
    return tree.visualRect(tree.model().index(row, column)).center()


def click(window, row, column):
    viewport = window.panels.objects.list.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place(window, row, column))


def test_the_cells_are_large_enough_and_the_name_is_last(two):
    tree = two.panels.objects.list
    rects = {column: tree.visualRect(tree.model().index(0, column)) for column in range(5)}
    assert all(rect.width() >= 24 and rect.height() >= 24 for rect in rects.values())
    lefts = [rects[column].left() for column in (EYE, SOLO, LOCK, COLOR, NAME)]
    assert lefts == sorted(lefts)


def test_each_cell_does_what_it_shows(two):
    click(two, 0, EYE)
    assert not two.editor.project.objects[0].visible
    click(two, 0, LOCK)
    assert two.editor.project.objects[0].locked
    click(two, 0, SOLO)
    assert two.editor.objects.soloed == {1}
    click(two, 0, SOLO)
    assert two.editor.objects.soloed == set()


def test_a_colour_is_chosen_from_the_palette_or_freely(two, qtbot):
    do(two, "object.color_4")
    assert two.editor.active.color == PALETTE[3]
    assert two.commands["object.color_4"].isChecked()
    click(two, 0, COLOR)
    dialog = two.findChild(QColorDialog, "object_color")
    dialog.setCurrentColor(QColor("#123456"))
    dialog.accept()
    assert two.editor.project.objects[0].color == "#123456"


def test_commands_move_the_active_object(two, qtbot):
    do(two, "object.up")
    assert names(two) == ["object 2", "object 1"]
    qtbot.waitUntil(lambda: listed(two) == names(two))
    qtbot.waitUntil(lambda: not two.commands["object.up"].isEnabled())
    do(two, "object.down")
    assert names(two) == ["object 1", "object 2"]


def test_a_row_is_dragged_to_another_place(two, qtbot):
    tree = two.panels.objects.list
    tree.setCurrentItem(tree.topLevelItem(0))
    drop(tree, QPointF(place(two, 1, NAME) + QPoint(0, -6)))
    assert names(two) == ["object 1", "object 2"]
    drop(tree, QPointF(place(two, 1, NAME) + QPoint(0, 6)))
    assert names(two) == ["object 2", "object 1"]
    qtbot.waitUntil(lambda: listed(two) == names(two))
    do(two, "edit.undo")
    assert names(two) == ["object 1", "object 2"]


def drop(tree, at: QPointF):
    event = QDropEvent(
        at,
        Qt.DropAction.MoveAction,
        QMimeData(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    tree.dropEvent(event)


def test_a_duplicate_becomes_active_with_prompts_of_its_own(two):
    do(two, "object.duplicate")
    copy = two.editor.active
    assert (copy.name, copy.id) == ("object 2 copy", 3)
    assert copy.prompts == two.editor.project.objects[1].prompts
    assert len({obj.color for obj in two.editor.project}) == 3


def test_f2_renames_in_the_list_and_shows_the_overlay_elsewhere(two, qtbot):
    two.activateWindow()
    qtbot.waitUntil(two.isActiveWindow)
    two.editor.view.set_mode(ViewMode.ALPHA)
    tree = two.panels.objects.list
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "fox")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(two) == ["object 1", "fox"])
    assert two.editor.view.mode is ViewMode.ALPHA
    two.stage.canvas.setFocus()
    QTest.keyClick(two.stage.canvas, Qt.Key.Key_F2)
    assert two.editor.view.mode is ViewMode.OVERLAY


def test_the_command_renames_in_the_list(two):
    do(two, "object.rename")
    assert two.panels.objects.list.findChild(QLineEdit).text() == "object 2"


def test_a_row_offers_the_commands_of_the_menu(two, qtbot):
    tree = two.panels.objects.list
    tree.customContextMenuRequested.emit(place(two, 0, NAME))
    menu = next(each for each in two.panels.objects.findChildren(QMenu) if each.isVisible())
    offered = {action.objectName() for action in menu.actions()}
    assert {"object.rename", "object.duplicate", "object.lock", "object.solo"} <= offered
    menu.close()


def test_solo_shows_one_object_and_is_neither_undone_nor_saved(two, qtbot):
    steps = two.editor.document.stack.count()
    do(two, "object.solo")
    assert two.editor.document.stack.count() == steps
    shown = [two.editor.objects.shows(obj) for obj in two.editor.project]
    assert shown == [False, True]
    qtbot.waitUntil(
        lambda: [layer.shown for layer in two.stage.picture.request.layers] == [False, True]
    )
    qtbot.waitUntil(lambda: two.stage.picture.mattes == 1)
    two.editor.document.stack.undo()
    assert two.editor.objects.soloed == {2}
    two.editor.model.push("", lambda p: edits.remove_object(p, 2))
    assert two.editor.objects.soloed == set()


def test_a_locked_object_refuses_a_click_in_one_sentence(two, hand, qtbot, log_guard):
    log_guard.expect("object 2 is locked")
    do(two, "object.lock")
    prompts = two.editor.active.prompts
    hand.click(60, 60)
    assert two.editor.active.prompts == prompts
    qtbot.waitUntil(lambda: two.stage.messages.isVisible())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("object.visible", "object 2 is hidden; show it (H)."),
        ("object.solo", "object 2 is hidden while others are soloed; show it too (S)."),
    ],
)
def test_an_object_that_is_not_shown_takes_no_drawing_and_says_why(
    two, hand, subtests, command, said
):
    other, steps = ObjectId(1), two.editor.document.stack.count
    two.editor.view.set_active(other if command == "object.solo" else ObjectId(2))
    do(two, command)
    two.editor.view.set_active(ObjectId(2))
    for tool in ("point", "box", "brush", "lasso", "garbage"):
        with subtests.test(tool=tool):
            do(two, f"edit.tool_{tool}")
            before = steps()
            two.stage.messages.dismiss()
            hand.drag((40, 40), (60, 50), (80, 90))
            assert steps() == before
            assert not two.editor.tools.unfinished
            assert two.stage.messages.text == said


def test_the_markers_of_an_object_that_is_not_shown_cannot_be_taken(two, hand):
    do(two, "object.visible")
    do(two, "edit.tool_select")
    place = two.editor.active.prompts[0].xy
    hand.drag(place, (place[0] + 30, place[1]))
    assert two.editor.active.prompts[0].xy == place


def test_a_locked_object_is_not_tracked(two, qtbot):
    do(two, "object.lock")
    qtbot.waitUntil(lambda: not two.commands["track.both"].isEnabled())
    locked, other = (obj.id for obj in reversed(two.editor.project.objects))
    with qtbot.waitSignal(two.editor.runner.finished):
        two.editor.tracking.track([other, locked], two.editor.project.range)
    coverage = two.editor.results
    qtbot.waitUntil(lambda: bool(coverage.statuses(other).all()))
    assert not coverage.statuses(locked)[5]


def test_going_back_to_a_version_leaves_a_locked_object_alone(two):
    editor = two.editor
    editor.versions.keep(editor.project)
    before = [obj.prompts for obj in editor.project]
    for obj in editor.project:
        editor.model.push("", lambda p, number=obj.id: edits.clear_frame(p, number, 0))
    do(two, "object.lock")
    editor.model.push("Go back", restore_version(editor.versions.kept[-1]))
    assert [obj.prompts for obj in editor.project] == [before[0], ()]


def test_hiding_locking_and_moving_leave_mattes_alone(two, qtbot):
    keys = [layer.fresh for layer in two.stage.picture.request.layers]
    for command in ("object.visible", "object.visible", "object.lock", "object.up", "object.down"):
        do(two, command)
    qtbot.waitUntil(lambda: [layer.fresh for layer in two.stage.picture.request.layers] == keys)
