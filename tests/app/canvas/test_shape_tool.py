"""Garbage and holdout shapes are drawn and moved on the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.tools.gestures import Gesture, PickShape, ToolContext
from app.canvas.tools.host import make_tools
from app.model.change import Change
from app.model.tool_names import ToolName
from matting_core.document.finishing import Finishing
from matting_core.document.project import MatteObject, Project
from matting_core.document.shapes import Shape, ShapeKey, ShapeRole
from matting_core.errors import InputError
from matting_core.types import ObjectId, Size
from tests.app.conftest import do
from tests.app.factories import a_clip

SIZE = Size(320, 240)
SQUARE = ((100.0, 50.0), (200.0, 50.0), (200.0, 150.0), (100.0, 150.0))
SHAPE = Shape(1, ShapeRole.GARBAGE, (ShapeKey(3, SQUARE),))
DOG = MatteObject(ObjectId(1), "dog", "#e69f00")
FINISHED = MatteObject(ObjectId(1), "dog", "#e69f00", finishing=Finishing(shapes=(SHAPE,)))
PLACES = ((20.0, 20.0), (90.0, 20.0), (60.0, 80.0))


def a_tool(*points):
    """The garbage tool, these points of a shape drawn with it."""
    tool = make_tools()[ToolName.GARBAGE]
    for point in points:
        click(ToolContext(3, SIZE, DOG), point, tool=tool)
    return tool


def press(context, *gestures, tool):
    return [step for gesture in gestures for step in tool.feed(context, gesture)]


def click(context, xy, tool=None, **more):
    gestures = Gesture("press", xy, **more), Gesture("release", xy, **more)
    return press(context, *gestures, tool=tool or a_tool())


def changed(project, steps) -> Shape:
    for step in steps:
        if isinstance(step, Change):
            project = step.edit(project)
    return project.objects[0].finishing.shapes[-1]


@pytest.fixture
def project():
    return Project(clip=a_clip(), objects=(DOG,), next_id=2)


@pytest.fixture
def finished():
    return Project(clip=a_clip(), objects=(FINISHED,), next_id=2)


def test_clicks_add_points():
    tool = a_tool()
    assert click(ToolContext(3, SIZE, DOG), (5, 6), tool=tool) == [PickShape(None)]
    assert tool.points == ((5, 6),)
    assert tool.unfinished
    tool = a_tool(*PLACES[:2])
    assert click(ToolContext(3, SIZE, DOG), PLACES[2], tool=tool) == []
    assert tool.points == PLACES


@pytest.mark.parametrize("end", [(21.0, 21.0), (60.0, 81.0)], ids=["first point", "double click"])
def test_the_first_point_or_a_double_click_closes_it(project, end):
    tool = a_tool(*PLACES)
    steps = click(ToolContext(3, SIZE, DOG), end, tool=tool)
    assert steps[1:] == [PickShape(1)]
    assert not tool.unfinished
    shape = changed(project, steps)
    assert (shape.role, shape.keys) == (ShapeRole.GARBAGE, (ShapeKey(3, PLACES),))


def test_a_double_click_with_too_few_points_adds_none():
    tool = a_tool(*PLACES[:2])
    assert click(ToolContext(3, SIZE, DOG), PLACES[1], tool=tool) == []
    assert tool.points == PLACES[:2]


def test_the_right_button_gives_a_drawing_up():
    tool = a_tool(*PLACES)
    assert click(ToolContext(3, SIZE, DOG), (5, 6), tool=tool, button="right") == []
    assert not tool.unfinished


def test_dragging_a_point_moves_it_in_one_step(finished):
    context = ToolContext(3, SIZE, FINISHED)
    gestures = [Gesture("press", (201, 51)), Gesture("move", (206, 56)), Gesture("move", (211, 61))]
    pick, *moves = press(context, *gestures, Gesture("release", (211, 61)), tool=a_tool())
    assert pick == PickShape(1, 1)
    assert len({move.drag for move in moves}) == 1
    expected = (SQUARE[0], (210.0, 60.0), *SQUARE[2:])
    assert changed(finished, moves).keys == (ShapeKey(3, expected),)


def test_dragging_the_outline_moves_the_shape_and_sets_a_keyframe_on_another_frame(finished):
    context = ToolContext(8, SIZE, FINISHED)
    gestures = [Gesture("press", (150, 51)), Gesture("move", (160, 56))]
    steps = press(context, *gestures, Gesture("release", (160, 56)), tool=a_tool())
    moved = tuple((x + 10, y + 5) for x, y in SQUARE)
    assert changed(finished, steps).keys == (ShapeKey(3, SQUARE), ShapeKey(8, moved))


MOVING = Shape(
    1, ShapeRole.GARBAGE, (*SHAPE.keys, ShapeKey(8, tuple((x, y + 40) for x, y in SQUARE)))
)
MOVED = MatteObject(ObjectId(1), "dog", "#e69f00", finishing=Finishing(shapes=(MOVING,)))


def test_ctrl_and_a_click_on_the_outline_puts_a_point_there_on_every_keyframe():
    project = Project(clip=a_clip(), objects=(MOVED,), next_id=2)
    change, pick = click(ToolContext(3, SIZE, MOVED), (125, 51), control=True)
    assert pick == PickShape(1, 1)
    assert change.text == "Add point to shape"
    first, last = changed(project, [change]).keys
    assert first.points == (SQUARE[0], (125.0, 50.0), *SQUARE[1:])
    assert last.points[1] == (125.0, 90.0)
    assert len(last.points) == 5


def test_the_right_button_takes_a_point_away_on_every_keyframe():
    project = Project(clip=a_clip(), objects=(MOVED,), next_id=2)
    change, pick = click(ToolContext(3, SIZE, MOVED), (201, 51), button="right")
    assert pick == PickShape(1)
    first, last = changed(project, [change]).keys
    assert first.points == (SQUARE[0], *SQUARE[2:])
    assert len(last.points) == 3
    assert click(ToolContext(3, SIZE, MOVED), (150, 100), button="right") == []


def test_the_last_three_points_stay():
    shape = Shape(1, ShapeRole.GARBAGE, (ShapeKey(3, PLACES),))
    obj = MatteObject(ObjectId(1), "dog", "#e69f00", finishing=Finishing(shapes=(shape,)))
    change, _ = click(ToolContext(3, SIZE, obj), PLACES[0], button="right")
    with pytest.raises(InputError, match="keeps three points"):
        change.edit(Project(clip=a_clip(), objects=(obj,), next_id=2))


def test_inside_a_shape_a_click_draws_another():
    tool = a_tool()
    click(ToolContext(3, SIZE, FINISHED), (150, 100), tool=tool)
    assert tool.points == ((150, 100),)


def test_the_pointer_says_what_a_press_would_take():
    context = ToolContext(3, SIZE, FINISHED)
    for place, pointer in (((200, 50), "point"), ((150, 50), "move"), ((150, 100), "cross")):
        assert make_tools()[ToolName.GARBAGE].cursor(context, Gesture("hover", place)) == pointer


@pytest.fixture
def drawing(opened, hand, qtbot):
    """The garbage tool with an object, and two points drawn."""
    hand.click(80, 100)
    do(opened, "edit.tool_garbage")
    for place in PLACES[:2]:
        hand.click(*place)
    assert len(opened.editor.tools.tool.points) == 2
    return opened


def shapes(window):
    return window.editor.active.finishing.shapes


def test_a_shape_is_drawn_with_the_mouse_and_closed_by_enter(drawing, hand, qtbot):
    hand.click(*PLACES[2])
    do(drawing, "object.close_shape")
    (shape,) = shapes(drawing)
    assert shape.role is ShapeRole.GARBAGE
    assert drawing.editor.objects.shape == shape.id
    assert not drawing.editor.tools.unfinished
    assert drawing.editor.document.stack.undoText() == "Draw garbage shape"


def test_a_double_click_closes_on_the_canvas_too(drawing, hand):
    canvas, at = drawing.stage.canvas, hand.at(*PLACES[2])
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(shapes(drawing)) == 1
    assert len(shapes(drawing)[0].keys[0].points) == 3


def test_delete_takes_a_point_back_then_the_selected_shape(drawing, hand):
    do(drawing, "edit.delete")
    assert len(drawing.editor.tools.tool.points) == 1
    hand.click(*PLACES[1])
    hand.click(*PLACES[2])
    do(drawing, "object.close_shape")
    do(drawing, "edit.delete")
    assert shapes(drawing) == ()
    assert len(drawing.editor.active.prompts) == 1


def test_escape_and_another_tool_give_a_drawing_up(drawing, hand):
    do(drawing, "track.cancel")
    assert not drawing.editor.tools.unfinished
    hand.click(*PLACES[0])
    do(drawing, "edit.tool_point")
    assert not drawing.editor.tools.unfinished


def test_a_shape_without_an_object_makes_one_in_the_same_step(opened, hand):
    do(opened, "edit.tool_holdout")
    for place in (*PLACES, PLACES[0]):
        hand.click(*place)
    assert [obj.name for obj in opened.editor.project] == ["object 1"]
    assert shapes(opened)[0].role is ShapeRole.HOLDOUT
    assert opened.editor.objects.shape == shapes(opened)[0].id
    assert opened.editor.document.stack.count() == 1
    do(opened, "edit.undo")
    assert opened.editor.project.objects == ()


def test_a_first_shape_that_is_given_up_leaves_nothing(opened, hand, qtbot):
    do(opened, "edit.tool_garbage")
    hand.click(*PLACES[0])
    hand.click(*PLACES[1])
    qtbot.waitUntil(lambda: bool(opened.stage.canvas.shape_marks.items))
    do(opened, "track.cancel")
    assert opened.editor.project.objects == ()
    assert opened.editor.document.stack.count() == 0


def test_enter_closes_a_first_shape_too(opened, hand):
    do(opened, "edit.tool_garbage")
    for place in PLACES:
        hand.click(*place)
    do(opened, "object.close_shape")
    assert len(shapes(opened)) == 1


@pytest.fixture
def drawn(drawing, hand):
    """A shape of four points, drawn and selected."""
    for place in (PLACES[2], (20.0, 80.0), PLACES[0]):
        hand.click(*place)
    return drawing


def test_delete_takes_the_selected_point_then_the_shape(drawn, hand, qtbot):
    hand.click(*PLACES[1])
    assert drawn.editor.objects.point == 1
    do(drawn, "edit.delete")
    assert [len(shape.keys[0].points) for shape in shapes(drawn)] == [3]
    assert drawn.editor.document.stack.undoText() == "Remove point of shape"
    assert drawn.editor.objects.point is None
    do(drawn, "edit.delete")
    assert shapes(drawn) == ()


def test_a_click_on_the_outline_selects_the_whole_shape(drawn, hand):
    hand.click(*PLACES[1])
    hand.click(75, 50)
    assert (drawn.editor.objects.shape, drawn.editor.objects.point) == (shapes(drawn)[0].id, None)


def test_the_diamond_sets_and_removes_a_shapes_keyframe(drawn, hand, qtbot):
    diamond = drawn.panels.finishing.shapes.diamond
    qtbot.waitUntil(lambda: drawn.panels.finishing.shapes.details.isVisibleTo(drawn))
    assert not diamond.isEnabled()  # its only keyframe is here
    drawn.editor.playback.seek(5)
    qtbot.waitUntil(diamond.isEnabled)
    diamond.click()
    assert shapes(drawn)[0].frames == (0, 5)
    assert drawn.editor.document.stack.undoText() == "Set keyframe"
    qtbot.waitUntil(lambda: diamond.toolTip() == "Remove the keyframe here")
    diamond.click()
    assert shapes(drawn)[0].frames == (0,)
    assert drawn.editor.document.stack.undoText() == "Remove keyframe"


def test_outlines_are_shown_with_the_tool_and_hidden_without(drawing, hand, qtbot):
    marks = drawing.stage.canvas.shape_marks
    qtbot.waitUntil(lambda: bool(marks.items))
    do(drawing, "edit.tool_select")
    qtbot.waitUntil(lambda: not marks.items)


def test_a_locked_object_refuses_a_shape(drawing, hand, qtbot, log_guard):
    log_guard.expect("object 1 is locked")
    do(drawing, "object.lock")
    hand.click(*PLACES[2])
    do(drawing, "object.close_shape")
    assert shapes(drawing) == ()
