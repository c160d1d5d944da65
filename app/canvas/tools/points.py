"""Points: a click adds one; a drag moves one that is there."""

from __future__ import annotations

from app.canvas.tools.gestures import Drag, Gesture, ToolContext, adding, inside
from app.canvas.tools.selecting import point_at, select_tool
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import Label, PointPrompt


def point_tool(context: ToolContext, press: Gesture) -> Drag:
    """A click adds a point: left foreground, right or Ctrl+left background.

    A marker that is there is taken as the select tool takes it: two in one place say nothing more.
    """
    if point_at(context, press.xy, press.reach) is not None:
        yield from select_tool(context, press)
        return
    if not inside(press.xy, context.size):
        yield ()
        return
    background = press.button == "right" or press.control
    label = Label.BACKGROUND if background else Label.FOREGROUND
    prompt = PointPrompt(context.frame, press.xy, label)
    text = (
        QT_TRANSLATE_NOOP("Commands", "Add background point")
        if background
        else QT_TRANSLATE_NOOP("Commands", "Add point")
    )
    yield (Change(text, adding(context, prompt), corrects=True, select=prompt),)
