"""The canvas tools by name, and what feeds them."""

from __future__ import annotations

from collections.abc import Mapping

from app.canvas.tools.boxes import box_tool
from app.canvas.tools.gestures import Drag, Gesture, Pointer, Stay, Step, Tool, ToolContext
from app.canvas.tools.lasso import lasso_tool
from app.canvas.tools.painting import brush_tool, eraser_tool, refine_tool
from app.canvas.tools.points import point_tool
from app.canvas.tools.selecting import box_handle, grip_at, point_at, select_tool
from app.canvas.tools.shapes import SHAPE_ROLES, shape_at, shape_tool
from app.model.tool_names import BRUSHES, ToolName

TOOLS: Mapping[ToolName, Tool] = {
    ToolName.SELECT: select_tool,
    ToolName.POINT: point_tool,
    ToolName.BOX: box_tool,
    **{name: shape_tool(role) for name, role in SHAPE_ROLES.items()},
    ToolName.BRUSH: brush_tool,
    ToolName.ERASER: eraser_tool,
    ToolName.LASSO: lasso_tool,
    ToolName.REFINE: refine_tool,
}


def pointer_at(tool: ToolName, context: ToolContext, gesture: Gesture) -> Pointer:
    """The pointer's shape where the mouse hovers."""
    if tool is ToolName.SELECT:
        return grip_at(context, gesture.xy, gesture.reach)
    if tool is ToolName.POINT and point_at(context, gesture.xy, gesture.reach) is not None:
        return "point"
    if tool is ToolName.BOX and box_handle(context, gesture.xy, gesture.reach) is not None:
        return grip_at(context, gesture.xy, gesture.reach)
    if tool in SHAPE_ROLES and not context.drawing:
        found = shape_at(context, gesture.xy, gesture.reach)
        if found is not None:
            return "move" if found[1] is None else "point"
    if tool in BRUSHES and context.brush.diameter >= gesture.reach:
        return "none"  # its circle is seen well enough
    return "cross"


class ToolRunner:
    """Feeds one drag after the other to the tools."""

    def __init__(self) -> None:
        self._drag: Drag | None = None
        self._stays = False

    @property
    def waiting(self) -> bool:
        """Whether a tool goes on after a release."""
        return self._stays

    def feed(self, tool: ToolName, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        """Return what is to happen after one gesture."""
        steps = self._fed(tool, context, gesture)
        if gesture.kind != "hover" or self._stays:
            self._stays = any(isinstance(step, Stay) for step in steps)
        return steps

    def drop(self) -> None:
        """Forget the drag, for instance because Esc was pressed."""
        self._drag, self._stays = None, False

    def _fed(self, tool: ToolName, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        if gesture.kind == "press" and not self._stays:
            self._drag = TOOLS[tool](context, gesture)
            return next(self._drag, ())
        if self._drag is None or (gesture.kind in ("hover", "close") and not self._stays):
            return ()
        try:
            return self._drag.send(gesture)
        except StopIteration:
            self._drag = None
            return ()
