"""Brush, eraser, Refine Edge brush and lasso turn gestures into ink; no window here."""

from dataclasses import replace

import pytest

from app.canvas.tools.gestures import Fill, Finish, Gesture, Ink, Resize, Tell, ToolContext, Trail
from app.canvas.tools.host import make_tools
from app.model.brush import LARGEST, SMALLEST, Brush, Dab
from app.model.tool_names import ToolName
from matting_core.document.project import MatteObject
from matting_core.document.refine import Mark
from matting_core.types import ObjectId, Size
from tests.tables import table

DOG = MatteObject(ObjectId(1), "dog", "#e69f00")
BRUSH = Brush(20.0, 0.5)
BRUSHES = [ToolName.BRUSH, ToolName.ERASER, ToolName.REFINE]


def steps_of(tool, gestures, context=None):
    tools = make_tools()
    context = context or ToolContext(3, Size(320, 240), DOG, BRUSH)
    return [step for gesture in gestures for step in tools[tool].feed(context, gesture)]


def drag(*places, **held):
    yield Gesture("press", places[0], **held)
    for place in places[1:]:
        yield Gesture("move", place, **held)
    yield Gesture("release", places[-1], **held)


def click(place, **held):
    return drag(place, **held)


@table(
    ("tool", "button", "paint", "mark"),
    [
        (ToolName.BRUSH, "left", "mask", Mark.SOLID),
        (ToolName.BRUSH, "right", "mask", Mark.CLEAR),
        (ToolName.ERASER, "left", "mask", Mark.CLEAR),
        (ToolName.ERASER, "right", "mask", Mark.SOLID),
        (ToolName.REFINE, "left", "refine", Mark.UNKNOWN),
        (ToolName.REFINE, "right", "refine", Mark.NOTHING),
    ],
)
def test_a_drag_lays_ink_from_place_to_place(tool, button, paint, mark):
    first, second, end = steps_of(tool, drag((10, 20), (30, 20), button=button))
    assert first == Ink(paint, mark, Dab(10, 20, 10), Dab(10, 20, 10), 0.5)
    assert second == Ink(paint, mark, Dab(10, 20, 10), Dab(30, 20, 10), 0.5)
    assert end == Finish(Dab(30, 20, 10))


def test_a_still_mouse_lays_no_more_ink():
    steps = steps_of(ToolName.BRUSH, drag((10, 20), (10, 20), (10, 20)))
    assert [type(step) for step in steps] == [Ink, Finish]


def test_a_pens_pressure_scales_the_brush():
    gestures = [
        Gesture("press", (10, 20), pressure=0.5),
        Gesture("move", (30, 20), pressure=1.0),
        Gesture("move", (50, 20), pressure=0.0),
        Gesture("release", (50, 20)),
    ]
    inks = [step for step in steps_of(ToolName.BRUSH, gestures) if isinstance(step, Ink)]
    assert [(ink.start.radius, ink.end.radius) for ink in inks] == [(5, 5), (5, 10), (10, 0.5)]


@table("tool", BRUSHES)
def test_alt_drag_draws_one_straight_line_and_shows_it_meanwhile(tool):
    *trails, gone, ink, end = steps_of(tool, drag((10, 20), (40, 90), (80, 20), alt=True))
    assert trails[-1] == Trail(((10, 20), (80, 20)), 20)
    assert gone == Trail(())
    assert (ink.start, ink.end) == (Dab(10, 20, 10), Dab(80, 20, 10))
    assert end == Finish(Dab(80, 20, 10))


def test_shift_click_goes_on_from_the_last_strokes_end_on_this_frame():
    tools, context = make_tools(), ToolContext(3, Size(320, 240), DOG, BRUSH)

    def ink_of(tool, place, frame=3, **held):
        here = replace(context, frame=frame)
        return next(tools[tool].feed(here, each)[0] for each in click(place, **held))

    ink_of(ToolName.BRUSH, (100, 100))
    tools[ToolName.BRUSH].feed(context, Gesture("release", (100, 100)))
    assert ink_of(ToolName.ERASER, (10, 20), shift=True).start == Dab(100, 100, 10)
    assert ink_of(ToolName.BRUSH, (10, 20), frame=4, shift=True).start == Dab(10, 20, 10)
    assert ink_of(ToolName.BRUSH, (10, 20)).start == Dab(10, 20, 10)


@table("tool", BRUSHES)
def test_ctrl_drag_changes_the_size_around_the_press(tool):
    steps = steps_of(tool, drag((100, 50), (105, 90), (95, 50), control=True))
    assert steps == [Resize(20, (100, 50)), Resize(30, (100, 50)), Resize(10, (100, 50))]


def test_refining_needs_an_object():
    context = ToolContext(3, Size(320, 240), None, BRUSH)
    steps = steps_of(ToolName.REFINE, drag((10, 20), (30, 20)), context)
    assert [type(step) for step in steps] == [Tell]


def test_sizes_and_hardness_stay_within_limits():
    brush = Brush(40.0, 0.5)
    assert brush.larger().smaller().diameter == pytest.approx(40, abs=1)
    assert Brush(1.0).larger().diameter == 2
    assert Brush(2.0).smaller().diameter == 1
    assert Brush(SMALLEST).smaller().diameter == SMALLEST
    assert Brush(LARGEST).larger().diameter == LARGEST
    assert brush.harder(99).hardness == 1
    assert brush.harder(-99).hardness == 0
    assert brush.harder(-1).hardness == 0.4


def test_the_refine_edge_brush_says_one_thing_after_the_other():
    brush = Brush()
    marks = [brush.mark]
    for _ in range(3):
        brush = brush.next_mark()
        marks.append(brush.mark)
    assert marks == [Mark.UNKNOWN, Mark.SOLID, Mark.CLEAR, Mark.UNKNOWN]


@table(("reach", "pointer"), [(4, "none"), (40, "cross")])
def test_a_circle_too_small_to_be_seen_has_a_cross_in_it(reach, pointer):
    context = ToolContext(3, Size(320, 240), DOG, BRUSH)
    gesture = Gesture("hover", (10, 10), reach=reach)
    assert make_tools()[ToolName.BRUSH].cursor(context, gesture) == pointer


@table(
    ("held", "mark"),
    [
        ({}, Mark.SOLID),
        ({"button": "right"}, Mark.CLEAR),
        ({"control": True}, Mark.CLEAR),
        ({"alt": True}, Mark.CLEAR),
    ],
)
def test_the_lasso_closes_on_release(held, mark):
    places = ((10, 10), (60, 10), (60, 60))
    *trails, gone, fill = steps_of(ToolName.LASSO, drag(*places, **held))
    assert trails[-1] == Trail(places)
    assert gone == Trail(())
    assert fill == Fill(mark, places)


CORNERS = ((10, 10), (90, 10), (90, 80))


def corners():
    for place in CORNERS:
        yield from click(place)
        yield Gesture("hover", (place[0] + 5, place[1]))


@table(
    "closing",
    [
        [Gesture("close", (0, 0))],
        [Gesture("press", (11, 12)), Gesture("release", (11, 12))],
        [Gesture("press", CORNERS[-1]), Gesture("close", (0, 0)), Gesture("release", (0, 0))],
    ],
)
def test_clicks_set_the_lassos_corners_until_it_is_closed(closing):
    steps = steps_of(ToolName.LASSO, [*corners(), *closing])
    assert steps[-1] == Fill(Mark.SOLID, CORNERS)
    assert [step for step in steps if isinstance(step, Fill)] == steps[-1:]
    assert Trail((*CORNERS[:2], (95, 10))) in steps  # it follows the cursor


def test_a_lasso_without_an_inside_fills_nothing():
    assert steps_of(ToolName.LASSO, drag((10, 10), (60, 10)))[-1] == Trail(())
    steps = steps_of(ToolName.LASSO, [*click((10, 10)), Gesture("close", (0, 0))])
    assert steps[-1] == Trail(())


def test_a_dropped_lasso_lets_the_next_press_begin_anew():
    tools, context = make_tools(), ToolContext(3, Size(320, 240), DOG, BRUSH)
    for gesture in corners():
        tools[ToolName.LASSO].feed(context, gesture)
    tools[ToolName.LASSO].cancel()
    (trail,) = tools[ToolName.LASSO].feed(context, Gesture("press", (50, 50)))
    assert trail == Trail(((50, 50),))


def test_hovering_is_nothing_to_a_tool_that_waits_for_nothing():
    tools, context = make_tools(), ToolContext(3, Size(320, 240), DOG, BRUSH)
    for gesture in drag((10, 10), (20, 10)):
        tools[ToolName.BRUSH].feed(context, gesture)
    assert tools[ToolName.BRUSH].feed(context, Gesture("hover", (50, 50))) == ()
    assert tools[ToolName.BRUSH].feed(context, Gesture("close", (50, 50))) == ()
