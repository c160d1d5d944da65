"""Painting in the window: what is drawn shows at once, and becomes one step of the document."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.features.objects.commands import add_object
from app.model.tool_names import ToolName
from matting_core.document import edits, span_edits
from matting_core.document.prompts import MaskPrompt, PointPrompt
from matting_core.document.refine import Mark
from matting_core.matte.refining import Refinement
from matting_core.media.masks import decode_mask
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import Hand, do

ONE = ObjectId(1)
RIGHT = Qt.MouseButton.RightButton


def mask_of(window, frame=0, object_id=ONE):
    obj = window.editor.project.find(object_id)
    (prompt,) = obj.prompts_on(frame)
    assert isinstance(prompt, MaskPrompt)
    return decode_mask(prompt.png, window.editor.project.clip.size)


def marks_of(window, mark, frame=0):
    strokes = window.editor.project.find(ONE).strokes_on(frame)
    return Refinement.decode(strokes.png, window.editor.project.clip.size).strength(mark)


@pytest.fixture
def paint(opened, hand: Hand, qtbot):
    """Chooses a tool, and drags it until the edit is made."""

    def drag(tool, *places, **held):
        opened.editor.view.set_tool(tool)
        count = opened.editor.document.stack.count()
        hand.drag(*places, **held)
        qtbot.waitUntil(lambda: not opened.editor.strokes.busy)
        return opened.editor.document.stack.count() - count

    opened.editor.view.set_brush(opened.editor.view.brush.sized(20))
    return drag


@pytest.fixture
def painted(opened, paint):
    paint(ToolName.BRUSH, (60, 60), (120, 60))
    return opened


def test_a_stroke_makes_an_object_with_a_mask_in_one_step(opened, paint):
    assert paint(ToolName.BRUSH, (60, 60), (90, 60), (120, 60)) == 1
    mask = mask_of(opened)
    assert mask[60, 60:120].min() == 1
    assert mask[60, 140] == mask[90, 90] == 0
    assert opened.editor.view.active == ONE
    assert opened.editor.document.stack.undoText() == "Paint mask"
    opened.editor.document.stack.undo()
    assert opened.editor.project.objects == ()


def test_strokes_go_on_from_one_another_and_erasing_makes_holes(painted, paint):
    assert paint(ToolName.BRUSH, (90, 60), (90, 120)) == 1
    assert paint(ToolName.ERASER, (70, 60), (72, 60)) == 1
    assert paint(ToolName.BRUSH, (90, 110), (90, 112), button=RIGHT) == 1
    mask = mask_of(painted)
    assert mask[60, 115] == mask[85, 90] == 1
    assert mask[60, 71] == mask[111, 90] == 0
    assert len(painted.editor.project.objects[0].prompts) == 1
    assert painted.editor.document.stack.undoText() == "Erase from mask"


def test_strokes_that_follow_fast_are_all_there(opened, hand: Hand, qtbot):
    opened.editor.view.set_tool(ToolName.BRUSH)
    for x in (60, 100, 140, 180):
        hand.drag((x, 60), (x + 5, 60))
    qtbot.waitUntil(lambda: not opened.editor.strokes.busy)
    assert [mask_of(opened)[60, x] for x in (62, 102, 142, 182)] == [1, 1, 1, 1]
    assert len(opened.editor.project.objects) == 1
    assert opened.editor.document.stack.count() == 4


def test_a_painted_mask_takes_the_place_of_the_frames_prompts_from_what_is_seen(
    opened, hand: Hand, paint, qtbot
):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 0) is not None)
    assert paint(ToolName.BRUSH, (200, 60), (220, 60)) == 1
    mask = mask_of(opened)
    assert mask[100, 80] == mask[60, 210] == 1
    text = opened.editor.document.stack.undoText()
    assert text == "Paint mask in place of this frame's prompts"
    opened.editor.document.stack.undo()
    assert [type(each) for each in opened.editor.project.objects[0].prompts] == [PointPrompt]


def test_a_tracked_frames_mask_is_what_is_painted_on(opened, hand: Hand, paint, qtbot):
    hand.click(80, 100)
    opened.editor.tracking.track([ONE], FrameRange(0, 3))
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 2) is not None)
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    opened.editor.playback.seek(2)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 2)
    paint(ToolName.ERASER, (200, 60), (220, 60))
    assert len(opened.editor.project.objects[0].prompts) == 1  # nothing was there to erase
    paint(ToolName.BRUSH, (200, 60), (220, 60))
    mask = mask_of(opened, 2)
    assert mask[60, 210] == 1
    assert mask.sum() > 600


def test_the_lasso_adds_and_removes(opened, paint):
    square = [(50, 50), (150, 50), (150, 150), (50, 150)]
    assert paint(ToolName.LASSO, *square) == 1
    inner = [(80, 80), (120, 80), (120, 120), (80, 120)]
    assert paint(ToolName.LASSO, *inner, button=RIGHT) == 1
    mask = mask_of(opened)
    assert mask[60, 60] == 1
    assert mask[100, 100] == mask[30, 30] == 0


def test_enter_closes_the_lassos_corners_and_esc_drops_them(opened, hand: Hand, qtbot):
    opened.editor.view.set_tool(ToolName.LASSO)
    for place in ((50, 50), (150, 50), (150, 150)):
        hand.click(*place)
    QTest.keyClick(opened.stage.canvas, Qt.Key.Key_Escape)
    QTest.keyClick(opened.stage.canvas, Qt.Key.Key_Return)
    assert not opened.editor.strokes.busy
    for place in ((60, 60), (160, 60), (160, 160)):
        hand.click(*place)
    QTest.keyClick(opened.stage.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not opened.editor.strokes.busy)
    assert mask_of(opened)[80, 140] == 1


def test_ink_shows_while_it_is_drawn_and_goes_when_its_matte_is_there(
    gate, opened, hand: Hand, qtbot
):
    gate.hold_previews = True
    opened.editor.view.set_tool(ToolName.BRUSH)
    layer = opened.painting.layer
    hand.press(100, 100)
    hand.move(150, 100)
    assert layer.plane[100, 125] > 0
    assert not opened.editor.project.objects
    hand.release(150, 100)
    qtbot.waitUntil(lambda: len(opened.editor.project.objects) == 1)
    assert layer.plane[100, 125] > 0
    gate.open()
    qtbot.waitUntil(lambda: not layer.plane.any())
    picture = opened.stage.canvas.grab().toImage()
    assert picture.pixelColor(hand.at(125, 100)) != picture.pixelColor(hand.at(125, 200))


def test_a_stroke_on_another_frame_or_tool_forgets_what_is_shown(opened, hand: Hand, qtbot):
    opened.editor.view.set_tool(ToolName.BRUSH)
    hand.press(100, 100)
    hand.move(150, 100)
    opened.editor.view.set_tool(ToolName.POINT)
    assert not opened.painting.layer.plane.any()
    hand.release(150, 100)
    assert not opened.editor.strokes.busy
    assert opened.editor.project.objects == ()


def test_a_locked_frame_is_not_painted_and_says_so(painted, paint, qtbot, log_guard):
    log_guard.expect("object 1 is locked")
    painted.editor.model.push("Lock", lambda p: span_edits.lock_span(p, ONE, FrameRange(0, 2)))
    assert paint(ToolName.BRUSH, (150, 150), (160, 150)) == 0
    assert "locked" in painted.stage.messages.text
    qtbot.waitUntil(lambda: not painted.painting.layer.plane.any())


def tablet(window, kind, place, pressure):
    viewport = window.stage.canvas.viewport()
    at = QPointF(window.stage.canvas.to_widget(place))
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Pressure,
        1,
        1,
    )
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind,
        device,
        at,
        viewport.mapToGlobal(at),
        pressure,
        0,
        0,
        0,
        0,
        0,
        Qt.KeyboardModifier.NoModifier,
        none if kind is QEvent.Type.TabletMove else left,
        none if kind is QEvent.Type.TabletRelease else left,
    )
    QApplication.sendEvent(viewport, event)
    assert event.isAccepted()


def test_a_pen_that_presses_less_paints_thinner(opened, qtbot):
    opened.editor.view.set_tool(ToolName.BRUSH)
    tablet(opened, QEvent.Type.TabletPress, (60, 100), 1.0)
    tablet(opened, QEvent.Type.TabletMove, (100, 100), 1.0)
    tablet(opened, QEvent.Type.TabletMove, (110, 100), 0.25)
    tablet(opened, QEvent.Type.TabletMove, (160, 100), 0.25)
    tablet(opened, QEvent.Type.TabletRelease, (160, 100), 0.0)
    qtbot.waitUntil(lambda: not opened.editor.strokes.busy)
    mask = mask_of(opened)
    assert mask[:, 80].sum() > 3 * mask[:, 140].sum() > 0


def test_keys_and_the_row_over_the_canvas_change_the_brush(opened, qtbot):
    view, options = opened.editor.view, opened.stage.options
    assert options.isHidden()
    do(opened, "edit.tool_brush")
    assert options.isVisible()
    do(opened, "edit.brush_larger")
    assert view.brush.diameter == options.size_box.value() == 48
    do(opened, "edit.brush_smaller")
    do(opened, "edit.brush_softer")
    assert options.hardness_box.value() == 70
    do(opened, "edit.brush_harder")
    options.size_box.setValue(77)
    options.hardness_box.setValue(30)
    assert (view.brush.diameter, view.brush.hardness) == (77, 0.3)
    assert not options.marks.button(int(Mark.SOLID)).isVisible()
    do(opened, "edit.tool_refine")
    options.marks.button(int(Mark.SOLID)).click()
    assert view.brush.mark is Mark.SOLID
    do(opened, "edit.brush_mark")
    assert options.marks.checkedId() == int(Mark.CLEAR)
    do(opened, "edit.tool_lasso")
    assert options.isHidden()


def test_ctrl_drag_changes_the_size_on_the_canvas(opened, hand: Hand):
    opened.editor.view.set_tool(ToolName.BRUSH)
    opened.editor.view.set_brush(opened.editor.view.brush.sized(40))
    hand.drag((100, 100), (110, 100), control=True)
    assert opened.editor.view.brush.diameter == pytest.approx(60, abs=2)
    assert opened.editor.project.objects == ()


def test_refine_strokes_are_kept_shown_erased_and_deleted(painted, paint, qtbot):
    layer = painted.painting.layer
    assert paint(ToolName.REFINE, (60, 150), (120, 150)) == 1
    assert painted.editor.document.stack.undoText() == "Mark where to look"
    assert marks_of(painted, Mark.UNKNOWN)[150, 90] == 1
    do(painted, "edit.brush_mark")
    assert paint(ToolName.REFINE, (200, 150), (220, 150)) == 1
    assert marks_of(painted, Mark.SOLID)[150, 210] == 1
    assert paint(ToolName.REFINE, (90, 150), (92, 150), button=RIGHT) == 1
    assert marks_of(painted, Mark.UNKNOWN)[150, 91] == 0
    painted.editor.view.set_tool(ToolName.POINT)
    assert not layer.plane.any()
    painted.editor.view.set_tool(ToolName.REFINE)
    qtbot.waitUntil(lambda: bool(layer.plane.any()))
    strokes = painted.editor.project.find(ONE).strokes_on(0)
    size = painted.editor.project.clip.size
    assert np.array_equal(layer.plane, Refinement.decode(strokes.png, size).marks)
    do(painted, "edit.delete")
    assert painted.editor.project.find(ONE).strokes == ()
    assert painted.editor.document.stack.undoText() == "Remove strokes"
    qtbot.waitUntil(lambda: not layer.plane.any())
    assert len(painted.editor.project.find(ONE).prompts) == 1


def test_a_solid_stroke_reaches_the_matte_of_its_frame_alone(opened, hand: Hand, paint, qtbot):
    hand.click(80, 100)
    opened.editor.tracking.track([ONE], FrameRange(0, 4))
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 3) is not None)
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    opened.editor.playback.seek(2)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 2)
    do(opened, "edit.tool_refine")
    do(opened, "edit.brush_mark")
    before = {frame: opened.editor.results.latest(ONE, frame).key for frame in (1, 2, 3)}
    paint(ToolName.REFINE, (250, 200), (270, 200))

    def solid() -> bool:
        found = opened.editor.results.latest(ONE, 2)
        return found.key != before[2] and opened.editor.cache.has_matte(found.key)

    qtbot.waitUntil(solid)
    matte = opened.editor.cache.get_matte(opened.editor.results.latest(ONE, 2).key)
    assert matte.alpha[200, 260] == 1
    assert [opened.editor.results.latest(ONE, frame).key for frame in (1, 3)] == [
        before[1],
        before[3],
    ]
    assert opened.editor.project.find(ONE).prompts_on(2) == ()


def test_refining_without_an_object_says_what_to_do(opened, paint):
    assert paint(ToolName.REFINE, (60, 150), (120, 150)) == 0
    assert opened.stage.messages.text == "Prompt an object first, then refine it."


def test_undo_takes_a_stroke_off_the_canvas(painted, paint, qtbot):
    paint(ToolName.REFINE, (60, 150), (120, 150))
    assert painted.painting.layer.plane[150, 90] > 0
    painted.editor.document.stack.undo()
    qtbot.waitUntil(lambda: not painted.painting.layer.plane.any())
    painted.editor.document.stack.redo()
    qtbot.waitUntil(lambda: bool(painted.painting.layer.plane[150, 90]))


def test_painting_goes_to_the_active_object(painted, paint):
    add_object(painted.editor)
    paint(ToolName.BRUSH, (200, 150), (220, 150))
    assert mask_of(painted, object_id=ObjectId(2))[150, 210] == 1
    assert mask_of(painted)[150, 210] == 0


def test_a_mask_that_is_damaged_is_told(painted, paint, log_guard):
    log_guard.expect("damaged")
    broken = MaskPrompt(0, b"no picture")
    painted.editor.model.push("Break", lambda p: edits.add_prompts(p, ONE, [broken]))
    assert paint(ToolName.BRUSH, (200, 150), (220, 150)) == 0
    assert "damaged" in painted.stage.messages.text


def test_the_tools_say_what_their_buttons_do(opened):
    for tool, words in [
        ("lasso", ["(L)", "right button, Ctrl or Alt", "Enter"]),
        ("brush", ["(D)", "right button erases", "Ctrl-drag", "Alt-drag", "Shift-click"]),
        ("refine", ["(R)", "Shift+R", "Delete"]),
    ]:
        tip = opened.commands[f"edit.tool_{tool}"].toolTip()
        assert [word for word in words if word not in tip] == []


def test_the_row_makes_way_for_messages(opened, qtbot):
    do(opened, "edit.tool_brush")
    options, messages = opened.stage.options, opened.stage.messages
    top = options.y()
    opened.editor.messenger.tell("Look at this.")
    qtbot.waitUntil(lambda: options.y() >= messages.height())
    messages.dismiss()
    qtbot.waitUntil(lambda: options.y() == top)


def test_corners_of_a_lasso_do_not_go_along_to_another_frame(opened, hand: Hand, qtbot):
    opened.editor.view.set_tool(ToolName.LASSO)
    for place in ((50, 50), (150, 50), (150, 150)):
        hand.click(*place)
    opened.editor.playback.seek(3)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 3)
    QTest.keyClick(opened.stage.canvas, Qt.Key.Key_Return)
    assert not opened.editor.strokes.busy


def test_esc_drops_the_lassos_corners_before_it_cancels_a_track(gate, opened, hand: Hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 0) is not None)
    opened.editor.tracking.track([ONE], FrameRange(0, 8))
    do(opened, "edit.tool_lasso")
    for place in ((50, 50), (150, 50), (150, 150)):
        hand.click(*place)
    do(opened, "track.cancel")
    assert opened.editor.runner.tracking
    QTest.keyClick(opened.stage.canvas, Qt.Key.Key_Return)
    assert not opened.editor.strokes.busy
    do(opened, "track.cancel")
    gate.open()
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)


def test_strokes_on_a_frame_ahead_are_taken_into_a_running_track(
    gate, opened, hand: Hand, paint, qtbot
):
    gate.let(3)
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 0) is not None)
    opened.editor.tracking.track([ONE], FrameRange(0, 8))
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 1) is not None)
    opened.editor.playback.seek(6)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 6)
    do(opened, "edit.tool_refine")
    do(opened, "edit.brush_mark")
    paint(ToolName.REFINE, (250, 200), (270, 200))
    gate.open()
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)

    def solid() -> bool:
        found = opened.editor.results.latest(ONE, 6)
        matte = None if found is None else opened.editor.cache.get_matte(found.key)
        return matte is not None and matte.alpha[200, 260] == 1

    qtbot.waitUntil(solid)
