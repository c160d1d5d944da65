"""A box is reshaped by its handles and moved by its edge; a right click on a prompt offers more."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.canvas.tools.gestures import Gesture, Menu, Select, ToolContext
from app.canvas.tools.handles import HANDLES, Handle, handle_at, place_of, resize_box
from app.canvas.tools.host import make_tools
from app.model.change import Change
from app.model.tool_names import ToolName
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt
from matting_core.types import ObjectId, Size
from tests.app.conftest import Hand
from tests.app.factories import a_clip
from tests.tables import table

SIZE = Size(320, 240)
BOX = BoxPrompt(3, (60.0, 50.0, 160.0, 150.0))
DOG = MatteObject(ObjectId(1), "dog", "#e69f00", (BOX,))


def dragged(*places, tool=ToolName.SELECT):
    """The steps of a drag, and the box afterwards."""
    tools, context = make_tools(), ToolContext(3, SIZE, DOG)
    kinds = ["press", *["move"] * (len(places) - 1)]
    gestures = [Gesture(kind, place) for kind, place in zip(kinds, places, strict=True)]
    gestures.append(Gesture("release", places[-1]))
    steps = [step for gesture in gestures for step in tools[tool].feed(context, gesture)]
    project = Project(clip=a_clip(), objects=(DOG,), next_id=2)
    for step in steps:
        project = step.edit(project) if isinstance(step, Change) else project
    return steps, project.objects[0].prompts[0].xyxy


@table(
    ("start", "box"),
    [
        ((60, 50), (70, 55, 160, 150)),
        ((110, 50), (60, 55, 160, 150)),
        ((160, 50), (60, 55, 170, 150)),
        ((60, 100), (70, 50, 160, 150)),
        ((160, 100), (60, 50, 170, 150)),
        ((60, 150), (70, 50, 160, 155)),
        ((110, 150), (60, 50, 160, 155)),
        ((160, 150), (60, 50, 170, 155)),
        ((60, 75), (70, 55, 170, 155)),
    ],
)
@table("tool", [ToolName.SELECT, ToolName.BOX])
def test_a_handle_moves_its_sides_and_the_edge_between_the_whole_box(start, box, tool):
    steps, after = dragged(start, (start[0] + 4, start[1] + 1), (start[0] + 10, start[1] + 5))
    assert steps[0] == Select(BOX)
    assert after == box
    assert len({step.drag for step in steps[1:]}) == 1
    texts = {step.text for step in steps[1:]}
    assert texts == {"Move box" if start == (60, 75) else "Resize box"}


def test_the_box_tool_too_takes_handles_but_draws_a_new_box_elsewhere():
    assert dragged((60, 50), (70, 55), tool=ToolName.BOX)[1] == (70, 55, 160, 150)
    assert dragged((60, 75), (70, 95), tool=ToolName.BOX)[1] == (60, 75, 70, 95)


@table("handle", HANDLES)
@table("by", [(900, 900), (-900, -900), (900, -900)])
def test_a_reshaped_box_stays_on_the_frame_and_is_never_inverted(handle, by):
    x0, y0, x1, y1 = resize_box(BOX.xyxy, handle, by, SIZE)
    assert 0 <= x0 < x1 <= 320
    assert 0 <= y0 < y1 <= 240


@table(("to", "box"), [((900, 75), (220, 50, 320, 150)), ((60, -900), (60, 0, 160, 100))])
def test_a_moved_box_stops_at_the_frame_and_keeps_its_size(to, box):
    assert dragged((60, 75), to)[1] == box


def test_handles_of_a_small_box_leave_its_edge_free():
    small = (100, 100, 112, 112)
    assert handle_at(small, (100, 100), 10) == Handle(-1, -1)
    assert handle_at(small, (103, 100), 10) is None


@table(
    ("place", "pointer"),
    [
        ((60, 50), "falling"),
        ((160, 50), "rising"),
        ((110, 150), "down"),
        ((160, 100), "across"),
        ((60, 75), "move"),
        ((110, 100), "arrow"),
    ],
)
def test_the_pointer_tells_what_a_press_would_take(place, pointer):
    context = ToolContext(3, SIZE, DOG)
    assert make_tools()[ToolName.SELECT].cursor(context, Gesture("hover", place)) == pointer
    if pointer not in ("move", "arrow"):
        assert make_tools()[ToolName.BOX].cursor(context, Gesture("hover", place)) == pointer
    assert make_tools()[ToolName.POINT].cursor(context, Gesture("hover", place)) == "cross"


def test_a_right_click_offers_a_menu_only_on_a_prompt():
    tools, context = make_tools(), ToolContext(3, SIZE, DOG)
    press = Gesture("press", (60, 75), "right")
    assert tools[ToolName.SELECT].feed(context, press) == (Select(BOX), Menu(BOX))
    aside = Gesture("press", (110, 100), "right")
    assert tools[ToolName.SELECT].feed(context, aside) == ()


@pytest.fixture
def boxed(opened, hand):
    opened.editor.view.set_tool(ToolName.BOX)
    hand.drag((60, 50), (160, 150))
    opened.editor.view.set_tool(ToolName.SELECT)
    return opened


def box_of(window):
    return pytest.approx(window.editor.project.objects[0].prompts[0].xyxy, abs=1)


def test_a_handle_dragged_on_the_canvas_is_one_undo_step(boxed, hand: Hand):
    count = boxed.editor.document.stack.count()
    hand.drag((160, 150), (170, 160), (190, 170), (200, 180))
    assert box_of(boxed) == (60, 50, 200, 180)
    assert boxed.editor.document.stack.count() == count + 1
    boxed.editor.document.stack.undo()
    assert box_of(boxed) == (60, 50, 160, 150)


def test_the_cursors_shape_follows_the_mouse(boxed, hand: Hand):
    for place, shape in [
        ((60, 50), Qt.CursorShape.SizeFDiagCursor),
        ((60, 75), Qt.CursorShape.SizeAllCursor),
        ((110, 100), Qt.CursorShape.ArrowCursor),
    ]:
        hand.hover(*place)
        assert boxed.stage.canvas.cursor().shape() == shape


def menu_of(window, qtbot) -> QMenu:
    qtbot.waitUntil(lambda: window.findChild(QMenu, "prompt_menu") is not None)
    return window.findChild(QMenu, "prompt_menu")


def test_the_menu_of_a_point_turns_it_and_deletes_it(opened, hand: Hand, qtbot):
    hand.click(80, 100)
    opened.editor.view.set_tool(ToolName.SELECT)
    hand.click(80, 100, Qt.MouseButton.RightButton)
    delete, turn = menu_of(opened, qtbot).actions()
    assert turn.text() == "Make it background"
    turn.trigger()
    (prompt,) = opened.editor.project.objects[0].prompts
    assert isinstance(prompt, PointPrompt)
    assert prompt.label is Label.BACKGROUND
    assert opened.editor.view.selected == prompt
    opened.editor.document.stack.undo()
    delete.trigger()
    assert opened.editor.project.objects[0].prompts == ()
    menu_of(opened, qtbot).close()
    assert opened.editor.document.stack.undoText() == "Remove prompt"


def test_handles_are_shown_on_the_selected_box(boxed, qtbot):
    place = boxed.stage.canvas.to_widget((60, 50)).toPoint()

    def corner_is_bright() -> bool:
        picture = boxed.stage.canvas.grab().toImage()
        color = picture.pixelColor(place + QPoint(-3, -3))
        return color.lightness() > 180

    qtbot.waitUntil(corner_is_bright)
    boxed.editor.view.select(None)
    qtbot.waitUntil(lambda: not corner_is_bright())


def test_place_of_handles_is_on_the_box():
    assert place_of(Handle(1, -1), BOX.xyxy) == (160, 50)
    assert place_of(Handle(0, 1), BOX.xyxy) == (110, 150)
