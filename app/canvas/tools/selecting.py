"""The select tool: it picks prompts, moves and reshapes them, or moves the view."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from app.canvas.tools.base import CanvasTool
from app.canvas.tools.gestures import (
    XY,
    Drag,
    Gesture,
    Menu,
    Pan,
    Pointer,
    Select,
    ToolContext,
    clamp,
    replace_prompt,
)
from app.canvas.tools.handles import Handle, edge_distance, handle_at, move_box, resize_box
from app.model.change import Change, next_drag
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import BoxPrompt, PointPrompt, Prompt

Placed = Callable[[XY], Prompt]
"""What the prompt becomes when the cursor has gone so far."""


class SelectTool(CanvasTool):
    """Select tool: picks, moves and reshapes prompts, or moves the view."""

    resting = "arrow"

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A drag moves what is under the cursor, or else the view; a click selects."""
        yield from drag_selection(context, press)

    def cursor(self, context: ToolContext, gesture: Gesture) -> Pointer:
        """What a press would take hold of."""
        return grip_at(context, gesture.xy, gesture.reach)


def drag_selection(context: ToolContext, press: Gesture) -> Drag:
    """A drag moves the point or box under the cursor, or else the view; a click selects."""
    prompt = prompt_at(context, press.xy, press.reach)
    if press.button == "right":
        yield (Select(prompt), Menu(prompt)) if prompt is not None else ()
        return
    gesture = yield (Select(prompt),)
    if isinstance(prompt, PointPrompt):
        yield from _drag_point(context, prompt, press, gesture)
    elif isinstance(prompt, BoxPrompt):
        yield from drag_box(context, prompt, press, gesture)
    else:
        while gesture.kind != "release":
            # The view follows: the cursor is back over the pressed spot before the next move.
            gesture = yield (Pan((press.xy[0] - gesture.xy[0], press.xy[1] - gesture.xy[1])),)
        yield ()


def prompt_at(context: ToolContext, xy: XY, reach: float) -> Prompt | None:
    """Return the active object's prompt at a place: a point within reach, else a box's edge."""
    if context.obj is None:
        return None
    near = point_at(context, xy, reach)
    if near is not None:
        return near
    here = context.obj.prompts_on(context.frame)
    boxes = (prompt for prompt in here if isinstance(prompt, BoxPrompt))
    return next((box for box in boxes if edge_distance(box.xyxy, xy) <= reach), None)


def point_at(context: ToolContext, xy: XY, reach: float) -> PointPrompt | None:
    """The active object's nearest point within reach of a place."""
    here = context.obj.prompts_on(context.frame) if context.obj is not None else ()
    points = [prompt for prompt in here if isinstance(prompt, PointPrompt)]
    near = min(points, key=lambda prompt: math.dist(prompt.xy, xy), default=None)
    return near if near is not None and math.dist(near.xy, xy) <= reach else None


def box_handle(context: ToolContext, xy: XY, reach: float) -> tuple[BoxPrompt, Handle] | None:
    """The active object's box with a handle at a place, and the handle."""
    prompt = prompt_at(context, xy, reach)
    if not isinstance(prompt, BoxPrompt):
        return None
    handle = handle_at(prompt.xyxy, xy, reach)
    return None if handle is None else (prompt, handle)


def grip_at(context: ToolContext, xy: XY, reach: float) -> Pointer:
    """The pointer's shape over a place: what a press would take hold of."""
    prompt = prompt_at(context, xy, reach)
    if isinstance(prompt, PointPrompt):
        return "point"
    if not isinstance(prompt, BoxPrompt):
        return "arrow"
    handle = handle_at(prompt.xyxy, xy, reach)
    if handle is None:
        return "move"
    if handle.x == 0 or handle.y == 0:
        return "down" if handle.x == 0 else "across"
    return "falling" if handle.x == handle.y else "rising"


def drag_box(context: ToolContext, box: BoxPrompt, press: Gesture, gesture: Gesture) -> Drag:
    """Go on with a drag at a box's edge: its handle moves sides, the rest moves the whole."""
    handle = handle_at(box.xyxy, press.xy, press.reach)

    def placed(by: XY) -> Prompt:
        if handle is None:
            return replace(box, xyxy=move_box(box.xyxy, by, context.size))
        return replace(box, xyxy=resize_box(box.xyxy, handle, by, context.size))

    text = (
        QT_TRANSLATE_NOOP("Commands", "Move box")
        if handle is None
        else QT_TRANSLATE_NOOP("Commands", "Resize box")
    )
    yield from _drag_prompt(context, box, text, placed, press, gesture)


def _drag_point(context: ToolContext, point: PointPrompt, press: Gesture, gesture: Gesture) -> Drag:
    def placed(by: XY) -> Prompt:
        place = (point.xy[0] + by[0], point.xy[1] + by[1])
        return replace(point, xy=clamp(place, context.size))

    text = QT_TRANSLATE_NOOP("Commands", "Move point")
    yield from _drag_prompt(context, point, text, placed, press, gesture)


def _drag_prompt(
    context: ToolContext,
    prompt: Prompt,
    text: str,
    placed: Placed,
    press: Gesture,
    gesture: Gesture,
) -> Drag:
    drag = next_drag()
    while gesture.kind != "release" and context.obj is not None:
        after = placed((gesture.xy[0] - press.xy[0], gesture.xy[1] - press.xy[1]))
        if after == prompt:
            gesture = yield ()
            continue
        edit = replace_prompt(context.obj.id, prompt, after)
        gesture = yield (Change(text, edit, drag=drag, select=after),)
        prompt = after
    yield ()
