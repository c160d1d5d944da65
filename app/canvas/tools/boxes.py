"""Boxes: a drag draws one, or reshapes the one that is there."""

from __future__ import annotations

from app.canvas.tools.gestures import (
    XY,
    Drag,
    Gesture,
    Rubber,
    Select,
    ToolContext,
    adding,
    clamped,
)
from app.canvas.tools.selecting import box_handle, dragged_box
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import BoxPrompt
from matting_core.types import Size


def box_tool(context: ToolContext, press: Gesture) -> Drag:
    """A drag draws a box, clipped to the frame, or moves a handle; a mere click draws none."""
    if press.button != "left":
        yield ()
        return
    taken = box_handle(context, press.xy, press.reach)
    if taken is not None:
        gesture = yield (Select(taken[0]),)
        yield from dragged_box(context, taken[0], press, gesture)
        return
    gesture = yield ()
    while gesture.kind != "release":
        gesture = yield (Rubber(_box(press.xy, gesture.xy, context.size)),)
    box = _box(press.xy, gesture.xy, context.size)
    if min(box[2] - box[0], box[3] - box[1]) < max(1.0, gesture.reach / 2):
        yield (Rubber(None),)
        return
    prompt = BoxPrompt(context.frame, box)
    yield (
        Rubber(None),
        Change(QT_TRANSLATE_NOOP("Commands", "Add box"), adding(context, prompt), select=prompt),
    )


def _box(one: XY, other: XY, size: Size) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = clamped(one, size), clamped(other, size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
