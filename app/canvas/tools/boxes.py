"""Boxes: a drag draws one, or reshapes the one that is there."""

from __future__ import annotations

from app.canvas.tools.base import CanvasTool
from app.canvas.tools.gestures import (
    XY,
    Drag,
    Gesture,
    Pointer,
    Rubber,
    Select,
    ToolContext,
    add_prompt,
    clamp,
)
from app.canvas.tools.selecting import box_handle, drag_box, grip_at
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import BoxPrompt
from matting_core.types import Size


class BoxTool(CanvasTool):
    """Box tool: draws boxes, reshapes and moves those that are there."""

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A drag draws a box, clipped to the frame, or moves a handle; a mere click draws none."""
        if press.button != "left":
            yield ()
            return
        taken = box_handle(context, press.xy, press.reach)
        if taken is not None:
            gesture = yield (Select(taken[0]),)
            yield from drag_box(context, taken[0], press, gesture)
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
            Change(
                QT_TRANSLATE_NOOP("Commands", "Add box"), add_prompt(context, prompt), select=prompt
            ),
        )

    def cursor(self, context: ToolContext, gesture: Gesture) -> Pointer:
        """What a press would take hold of, over a handle."""
        if box_handle(context, gesture.xy, gesture.reach) is None:
            return "cross"
        return grip_at(context, gesture.xy, gesture.reach)


def _box(one: XY, other: XY, size: Size) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = clamp(one, size), clamp(other, size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
