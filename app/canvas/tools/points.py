"""Points: a click adds one; a drag moves one that is there."""

from __future__ import annotations

from app.canvas.tools.base import CanvasTool
from app.canvas.tools.gestures import (
    Drag,
    Gesture,
    Pointer,
    PreviewClick,
    Step,
    ToolContext,
    add_prompt,
    inside,
)
from app.canvas.tools.selecting import drag_selection, point_at
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import Label, PointPrompt


class PointTool(CanvasTool):
    """Point tool: adds points; with Shift held, shows what a click would give."""

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A click adds a point: left foreground, right or Ctrl+left background.

        A marker that is there is taken as the select tool takes it: two in one place say no more.
        """
        if point_at(context, press.xy, press.reach) is not None:
            yield from drag_selection(context, press)
            return
        if not inside(press.xy, context.size):
            yield ()
            return
        prompt = _point(context, press)
        background = prompt.label is Label.BACKGROUND
        text = (
            QT_TRANSLATE_NOOP("Commands", "Add background point")
            if background
            else QT_TRANSLATE_NOOP("Commands", "Add point")
        )
        yield (Change(text, add_prompt(context, prompt), corrects=True, select=prompt),)

    def cursor(self, context: ToolContext, gesture: Gesture) -> Pointer:
        """A hand over a marker that is there."""
        return "cross" if point_at(context, gesture.xy, gesture.reach) is None else "point"

    def hover(self, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        """Show what a click would give, while Shift is held."""
        asks = gesture.shift and inside(gesture.xy, context.size)
        return (PreviewClick(_point(context, gesture) if asks else None),)


def _point(context: ToolContext, gesture: Gesture) -> PointPrompt:
    background = gesture.button == "right" or gesture.control
    label = Label.BACKGROUND if background else Label.FOREGROUND
    return PointPrompt(context.frame, gesture.xy, label)
