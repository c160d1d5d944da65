"""The canvas tools by name, and what feeds them."""

from __future__ import annotations

from collections.abc import Mapping

from app.tools.boxes import box_tool
from app.tools.gestures import Drag, Gesture, Pointer, Step, Tool, ToolContext
from app.tools.points import point_tool
from app.tools.selecting import box_handle, grip_at, select_tool
from app.tools.shapes import SHAPE_ROLES, shape_at, shape_tool
from app.view_state import ToolName

TOOLS: Mapping[ToolName, Tool] = {
    ToolName.SELECT: select_tool,
    ToolName.POINT: point_tool,
    ToolName.BOX: box_tool,
    **{name: shape_tool(role) for name, role in SHAPE_ROLES.items()},
}


def pointer_at(tool: ToolName, context: ToolContext, gesture: Gesture) -> Pointer:
    """The pointer's shape where the mouse hovers."""
    if tool is ToolName.SELECT:
        return grip_at(context, gesture.xy, gesture.reach)
    if tool is ToolName.BOX and box_handle(context, gesture.xy, gesture.reach) is not None:
        return grip_at(context, gesture.xy, gesture.reach)
    if tool in SHAPE_ROLES and not context.drawing:
        found = shape_at(context, gesture.xy, gesture.reach)
        if found is not None:
            return "move" if found[1] is None else "point"
    return "cross"


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
