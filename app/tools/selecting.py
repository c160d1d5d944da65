"""The select tool: it picks prompts, moves them, or moves the view."""

from __future__ import annotations

import math
from dataclasses import replace

from app.tools.gestures import (
    XY,
    Change,
    Drag,
    Gesture,
    Pan,
    Select,
    ToolContext,
    clamped,
    next_drag,
    replacing,
)
from app.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import BoxPrompt, PointPrompt, Prompt
from matting_core.types import ObjectId


def select_tool(context: ToolContext, press: Gesture) -> Drag:
    """A drag moves the point under the cursor, or else the view; a click selects."""
    if press.button != "left":
        yield ()
        return
    prompt = hit(context, press.xy, press.reach)
    gesture = yield (Select(prompt),)
    if context.obj is not None and isinstance(prompt, PointPrompt):
        yield from _move_point(context, context.obj.id, prompt, press, gesture)
        return
    while gesture.kind != "release":
        # The view follows, so the cursor is back over the pressed spot before the next move.
        gesture = yield (Pan((press.xy[0] - gesture.xy[0], press.xy[1] - gesture.xy[1])),)
    yield ()


def hit(context: ToolContext, xy: XY, reach: float) -> Prompt | None:
    """Return the active object's prompt at a place: a point within reach, else a box's edge."""
    if context.obj is None:
        return None
    here = context.obj.on_frame(context.frame)
    points = [prompt for prompt in here if isinstance(prompt, PointPrompt)]
    near = min(points, key=lambda prompt: math.dist(prompt.xy, xy), default=None)
    if near is not None and math.dist(near.xy, xy) <= reach:
        return near
    boxes = (prompt for prompt in here if isinstance(prompt, BoxPrompt))
    return next((box for box in boxes if _edge_distance(box, xy) <= reach), None)


def _move_point(
    context: ToolContext, object_id: ObjectId, prompt: PointPrompt, press: Gesture, gesture: Gesture
) -> Drag:
    drag = next_drag()
    offset = (prompt.xy[0] - press.xy[0], prompt.xy[1] - press.xy[1])
    while gesture.kind != "release":
        place = (gesture.xy[0] + offset[0], gesture.xy[1] + offset[1])
        moved = replace(prompt, xy=clamped(place, context.size))
        if moved == prompt:
            gesture = yield ()
            continue
        edit = replacing(object_id, prompt, moved)
        gesture = yield (
            Change(QT_TRANSLATE_NOOP("Commands", "Move point"), edit, drag=drag, select=moved),
        )
        prompt = moved
    yield ()


def _edge_distance(box: BoxPrompt, xy: XY) -> float:
    x0, y0, x1, y1 = box.xyxy
    outside = math.hypot(max(x0 - xy[0], 0, xy[0] - x1), max(y0 - xy[1], 0, xy[1] - y1))
    inside = min(xy[0] - x0, x1 - xy[0], xy[1] - y0, y1 - xy[1])
    return outside if outside > 0 else max(inside, 0.0)
