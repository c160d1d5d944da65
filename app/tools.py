"""Canvas tools: what a press, its moves and its release do; needs no window.

A tool is a generator for one drag. It gets the press as an argument, then every further gesture by
`send`, and yields what is to happen: a rubber band, a pan, a selection, or a change of the project.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.view_state import ToolName
from app.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, Prompt, TextPrompt
from matting_core.types import ObjectId, Size

XY = tuple[float, float]
_drags = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Gesture:
    """One mouse event on the canvas.

    Attributes:
        kind: press, move (with the button held) or release.
        xy: position in image pixels; may lie outside the frame.
        button: the button that the drag began with.
        control: whether Ctrl was held.
        reach: how many image pixels count as "on" a marker, so about 10 on screen.
    """

    kind: Literal["press", "move", "release"]
    xy: XY
    button: Literal["left", "right"] = "left"
    control: bool = False
    reach: float = 4.0


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know: the frame on screen and the active object, if there is one."""

    frame: int
    size: Size
    obj: MatteObject | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Make an undoable edit.

    Attributes:
        text: what undo calls it.
        edit: from project to project.
        drag: number of the drag, where several edits make one step.
        corrects: whether the edit should start from the mask that is seen on the frame.
        select: the prompt that is selected afterwards.
    """

    text: str
    edit: Edit
    drag: int | None = None
    corrects: bool = False
    select: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Rubber:
    """Show a box while it is drawn; None takes it away."""

    xyxy: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Pan:
    """Move the view by so many image pixels."""

    dxy: XY


@dataclass(frozen=True, slots=True)
class Select:
    """Select a prompt, or none."""

    prompt: Prompt | None


Step = Change | Rubber | Pan | Select
Drag = Generator[tuple[Step, ...], Gesture, None]
Tool = Callable[[ToolContext, Gesture], Drag]


def point_tool(context: ToolContext, press: Gesture) -> Drag:
    """A click adds a point: left foreground, right or Ctrl+left background."""
    if not _inside(press.xy, context.size):
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
    yield (Change(text, _adding(context, prompt), corrects=True, select=prompt),)


def box_tool(context: ToolContext, press: Gesture) -> Drag:
    """A drag draws a box, clipped to the frame; a mere click draws none."""
    if press.button != "left":
        yield ()
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
        Change(QT_TRANSLATE_NOOP("Commands", "Add box"), _adding(context, prompt), select=prompt),
    )


def text_change(context: ToolContext, text: str) -> Change:
    """The change that names the object on the frame; an earlier name there goes."""
    prompt = TextPrompt(context.frame, text.strip())
    adding = _adding(context, prompt)
    return Change(QT_TRANSLATE_NOOP("Commands", "Add text"), adding, select=prompt)


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


TOOLS: Mapping[ToolName, Tool] = {
    ToolName.SELECT: select_tool,
    ToolName.POINT: point_tool,
    ToolName.BOX: box_tool,
}


class ToolRunner:
    """Feeds one drag after the other to the tools."""

    def __init__(self) -> None:
        self._drag: Drag | None = None

    def feed(self, tool: ToolName, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        """Return what is to happen after one gesture."""
        if gesture.kind == "press":
            self._drag = TOOLS[tool](context, gesture)
            return next(self._drag, ())
        if self._drag is None:
            return ()
        try:
            return self._drag.send(gesture)
        except StopIteration:
            self._drag = None
            return ()

    def drop(self) -> None:
        """Forget the drag, for instance because Esc was pressed."""
        self._drag = None


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
    drag = next(_drags)
    offset = (prompt.xy[0] - press.xy[0], prompt.xy[1] - press.xy[1])
    while gesture.kind != "release":
        place = (gesture.xy[0] + offset[0], gesture.xy[1] + offset[1])
        moved = replace(prompt, xy=_clamped(place, context.size))
        if moved == prompt:
            gesture = yield ()
            continue
        edit = _replacing(object_id, prompt, moved)
        gesture = yield (
            Change(QT_TRANSLATE_NOOP("Commands", "Move point"), edit, drag=drag, select=moved),
        )
        prompt = moved
    yield ()


def _adding(context: ToolContext, prompt: Prompt) -> Edit:
    """Add a prompt to the active object, or to a new one if there is none."""

    def edit(project: Project) -> Project:
        if context.obj is not None:
            return edits.add_prompts(project, context.obj.id, [prompt])
        new = ObjectId(project.next_id)
        return edits.add_prompts(edits.add_object(project), new, [prompt])

    return edit


def _replacing(object_id: ObjectId, old: Prompt, new: Prompt) -> Edit:
    def edit(project: Project) -> Project:
        obj = project.find(object_id)
        prompts = tuple(new if prompt == old else prompt for prompt in obj.prompts)
        objects = tuple(
            replace(other, prompts=prompts) if other.id == object_id else other for other in project
        )
        return replace(project, objects=objects)

    return edit


def _inside(xy: XY, size: Size) -> bool:
    return 0 <= xy[0] < size.width and 0 <= xy[1] < size.height


def _clamped(xy: XY, size: Size) -> XY:
    return min(max(xy[0], 0.0), float(size.width)), min(max(xy[1], 0.0), float(size.height))


def _box(one: XY, other: XY, size: Size) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = _clamped(one, size), _clamped(other, size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _edge_distance(box: BoxPrompt, xy: XY) -> float:
    x0, y0, x1, y1 = box.xyxy
    outside = math.hypot(max(x0 - xy[0], 0, xy[0] - x1), max(y0 - xy[1], 0, xy[1] - y1))
    inside = min(xy[0] - x0, x1 - xy[0], xy[1] - y0, y1 - xy[1])
    return outside if outside > 0 else max(inside, 0.0)
