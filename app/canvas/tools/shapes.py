"""Shapes: clicks draw one point by point; a drag moves a point, or the shape by its outline.

Ctrl and a click put a point on the outline, the right button takes one away.
"""

from __future__ import annotations

import math

from app.canvas.tools.base import Bound, CanvasTool
from app.canvas.tools.gestures import (
    XY,
    Drag,
    Gesture,
    PickShape,
    Pointer,
    Step,
    TakeBack,
    ToolContext,
)
from app.model.change import Change, next_drag
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits, finishing_edits
from matting_core.document.edits import Edit
from matting_core.document.finishing import Finishing
from matting_core.document.project import MatteObject, Project
from matting_core.document.shapes import LEAST_POINTS, Shape, ShapeRole
from matting_core.types import ObjectId

_MOVE = QT_TRANSLATE_NOOP("Commands", "Move shape")


class ShapeTool(CanvasTool):
    """Shape tool: draws shapes of a role, and edits those that are there.

    Args:
        role: garbage or holdout.
    """

    bound = Bound.OBJECT

    def __init__(self, role: ShapeRole) -> None:
        super().__init__()
        self.role = role
        self._points: tuple[XY, ...] = ()

    @property
    def points(self) -> tuple[XY, ...]:
        """The points so far of the shape that is being drawn."""
        return self._points

    @property
    def unfinished(self) -> bool:
        """Whether a shape is being drawn."""
        return bool(self._points)

    @property
    def can_finish(self) -> bool:
        """Whether the shape that is being drawn has points enough."""
        return len(self._points) >= LEAST_POINTS

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A click draws on; without a drawing, a press takes hold of a shape that is there."""
        if self._points:
            yield self._draw_on(context, press)
            return
        found = shape_at(context, press.xy, press.reach)
        if found is not None and context.obj is not None:
            yield from _edit(context, context.obj.id, *found, press)
            return
        if press.button == "left":
            self._points = (press.xy,)
            yield (PickShape(None),)
        else:
            yield ()

    def cursor(self, context: ToolContext, gesture: Gesture) -> Pointer:
        """What a press would take hold of, unless a shape is being drawn."""
        found = None if self._points else shape_at(context, gesture.xy, gesture.reach)
        if found is None:
            return "cross"
        return "move" if found[1] is None else "point"

    def finish(self, context: ToolContext) -> tuple[Step, ...]:
        """Make a shape of the points, if there are enough."""
        return self._close(context) if self.can_finish else ()

    def cancel(self) -> None:
        """Forget the drag and the points."""
        super().cancel()
        self._points = ()

    def deletion(self, context: ToolContext) -> tuple[Step, ...]:
        """What the Delete key does: it removes a point of the selected shape, or all of it.

        While a shape is being drawn, it takes the last point back.
        """
        if self._points:
            return (TakeBack(),)
        obj, shape_id, point = context.obj, context.shape, context.point
        if obj is None or shape_id is None:
            return super().deletion(context)
        if point is not None:
            return without_point(obj.id, shape_id, point), PickShape(shape_id)
        text = QT_TRANSLATE_NOOP("Commands", "Remove shape")
        return (Change(text, lambda p: finishing_edits.remove_shape(p, obj.id, shape_id)),)

    def take_back(self) -> None:
        """Take the last point of the drawing back."""
        self._points = self._points[:-1]

    def _draw_on(self, context: ToolContext, press: Gesture) -> tuple[Step, ...]:
        """One more point, or the end: at the first point, or at the last once more.

        The right button gives the drawing up.
        """
        if press.button == "right":
            self._points = ()
            return ()
        ends = [math.dist(self._points[end], press.xy) <= press.reach for end in (0, -1)]
        if any(ends) and self.can_finish:
            return self._close(context)
        if not ends[1]:
            self._points = (*self._points, press.xy)
        return ()

    def _close(self, context: ToolContext) -> tuple[Step, ...]:
        points, self._points = self._points, ()
        return close_shape(context.obj, self.role, context.frame, points)


def close_shape(
    obj: MatteObject | None, role: ShapeRole, frame: int, points: tuple[XY, ...]
) -> tuple[Step, ...]:
    """Steps that make a shape of points and select it; without an object, of a new one."""
    number = finishing_edits.next_shape_id(obj.finishing if obj is not None else Finishing())
    text = (
        QT_TRANSLATE_NOOP("Commands", "Draw garbage shape")
        if role is ShapeRole.GARBAGE
        else QT_TRANSLATE_NOOP("Commands", "Draw holdout shape")
    )

    def edit(project: Project) -> Project:
        if obj is not None:
            return finishing_edits.add_shape(project, obj.id, role, frame, points)
        new = ObjectId(project.next_id)
        return finishing_edits.add_shape(edits.add_object(project), new, role, frame, points)

    return Change(text, edit), PickShape(number)


def without_point(object_id: ObjectId, shape_id: int, number: int) -> Change:
    """Take a point of a shape away."""
    return Change(
        QT_TRANSLATE_NOOP("Commands", "Remove point of shape"),
        lambda p: finishing_edits.remove_shape_point(p, object_id, shape_id, number),
    )


def shape_at(context: ToolContext, xy: XY, reach: float) -> tuple[Shape, int | None] | None:
    """The active object's shape at a place, and which of its points, or None for its outline.

    The selected shape comes first, then those that lie on top.
    """
    if context.obj is None:
        return None
    shapes = list(reversed(context.obj.finishing.shapes))
    shapes.sort(key=lambda shape: shape.id != context.shape)
    for shape in shapes:
        points = shape.points_at(context.frame)
        near = min(range(len(points)), key=lambda number: math.dist(points[number], xy))
        if math.dist(points[near], xy) <= reach:
            return shape, near
    for shape in shapes:
        if _nearest_edge(shape.outline_at(context.frame), xy)[0] <= reach:
            return shape, None
    return None


def _edit(
    context: ToolContext, object_id: ObjectId, shape: Shape, number: int | None, press: Gesture
) -> Drag:
    """The right button takes a point away, Ctrl puts one on the outline; else a drag moves."""
    if press.button == "right":
        if number is not None:
            yield (without_point(object_id, shape.id, number), PickShape(shape.id))
    elif press.control and number is None:
        yield _with_point(object_id, shape, context.frame, press.xy)
    else:
        yield from _move(context, object_id, shape, number, press)


def _with_point(object_id: ObjectId, shape: Shape, frame: int, xy: XY) -> tuple[Step, ...]:
    outline = shape.outline_at(frame)
    steps = len(outline) // len(shape.points_at(frame))
    _, edge, along = _nearest_edge(outline, xy)
    number, part = edge // steps, (edge % steps + along) / steps
    change = Change(
        QT_TRANSLATE_NOOP("Commands", "Add point to shape"),
        lambda p: finishing_edits.add_shape_point(p, object_id, shape.id, number, part),
    )
    return change, PickShape(shape.id, number + 1)


def _move(
    context: ToolContext, object_id: ObjectId, shape: Shape, number: int | None, press: Gesture
) -> Drag:
    drag, points = next_drag(), shape.points_at(context.frame)
    gesture = yield (PickShape(shape.id, number),)
    while gesture.kind != "release":
        by = gesture.xy[0] - press.xy[0], gesture.xy[1] - press.xy[1]
        moved = tuple(
            (x + by[0], y + by[1]) if number in (None, each) else (x, y)
            for each, (x, y) in enumerate(points)
        )
        edit = _placing(object_id, shape.id, context.frame, moved)
        gesture = yield (Change(_MOVE, edit, drag=drag),)
    yield ()


def _placing(object_id: ObjectId, shape_id: int, frame: int, points: tuple[XY, ...]) -> Edit:
    return lambda project: finishing_edits.move_shape(project, object_id, shape_id, frame, points)


def _nearest_edge(outline: tuple[XY, ...], xy: XY) -> tuple[float, int, float]:
    """How far the outline is, which of its edges is nearest, and how far along on that."""
    edges = zip(outline, (*outline[1:], outline[0]), strict=True)
    near = ((_to_edge(start, stop, xy), number) for number, (start, stop) in enumerate(edges))
    (distance, part), number = min(near)
    return distance, number, part


def _to_edge(start: XY, stop: XY, xy: XY) -> tuple[float, float]:
    """How far an edge is, and how far along on it."""
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    length = dx * dx + dy * dy
    along = ((xy[0] - start[0]) * dx + (xy[1] - start[1]) * dy) / length if length else 0.0
    part = min(max(along, 0.0), 1.0)
    return math.dist(xy, (start[0] + dx * part, start[1] + dy * part)), part
