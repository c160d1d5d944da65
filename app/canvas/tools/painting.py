"""The brushes: a drag lays ink, Alt-drag a straight line, Ctrl-drag changes the size."""

from __future__ import annotations

from app.canvas.tools.gestures import (
    Drag,
    Finish,
    Gesture,
    Ink,
    Resize,
    Tell,
    ToolContext,
    Trail,
)
from app.model.brush import Dab, Paint
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.refine import Mark

_LEAST_PRESSURE = 0.05


def brush_tool(context: ToolContext, press: Gesture) -> Drag:
    """Paint the mask; the right button erases."""
    yield from _drag(context, press, "mask", (Mark.SOLID, Mark.CLEAR))


def eraser_tool(context: ToolContext, press: Gesture) -> Drag:
    """Erase from the mask; the right button paints."""
    yield from _drag(context, press, "mask", (Mark.CLEAR, Mark.SOLID))


def refine_tool(context: ToolContext, press: Gesture) -> Drag:
    """Mark where matting must look, or what is solid or clear; the right button unmarks."""
    if context.obj is None:
        yield (Tell(QT_TRANSLATE_NOOP("Commands", "Prompt an object first, then refine it.")),)
        return
    yield from _drag(context, press, "refine", (context.brush.mark, Mark.NOTHING))


def _drag(context: ToolContext, press: Gesture, paint: Paint, marks: tuple[Mark, Mark]) -> Drag:
    mark = marks[0] if press.button == "left" else marks[1]
    if press.control:
        yield from _resizing(context, press)
    elif press.alt:
        yield from _line(context, press, paint, mark)
    else:
        yield from _freehand(context, press, paint, mark)


def _freehand(context: ToolContext, press: Gesture, paint: Paint, mark: Mark) -> Drag:
    hardness = context.brush.hardness
    last = _dab(context, press)
    start = context.last if press.shift and context.last is not None else last
    gesture = yield (Ink(paint, mark, start, last, hardness),)
    while gesture.kind != "release":
        now = _dab(context, gesture)
        if now == last:
            gesture = yield ()
            continue
        gesture = yield (Ink(paint, mark, last, now, hardness),)
        last = now
    yield (Finish(last),)


def _line(context: ToolContext, press: Gesture, paint: Paint, mark: Mark) -> Drag:
    gesture, width = press, context.brush.diameter
    while gesture.kind != "release":
        gesture = yield (Trail((press.xy, gesture.xy), width),)
    # The pressure at the press counts: a pen that is lifted has none.
    start, end = (
        _dab(context, press),
        _dab(context, press)._replace(x=gesture.xy[0], y=gesture.xy[1]),
    )
    yield (Trail(()), Ink(paint, mark, start, end, context.brush.hardness), Finish(end))


def _resizing(context: ToolContext, press: Gesture) -> Drag:
    gesture = press
    while gesture.kind != "release":
        diameter = context.brush.diameter + 2 * (gesture.xy[0] - press.xy[0])
        gesture = yield (Resize(diameter, press.xy),)
    yield ()


def _dab(context: ToolContext, gesture: Gesture) -> Dab:
    share = max(gesture.pressure, _LEAST_PRESSURE)
    return Dab(*gesture.xy, context.brush.diameter / 2 * share)
