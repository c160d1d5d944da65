"""The tool host: runs the chosen tool, and hands each of its steps to whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.canvas.tools.base import Bound, CanvasTool
from app.canvas.tools.boxes import BoxTool
from app.canvas.tools.gestures import (
    Gesture,
    PreviewClick,
    Stay,
    Step,
    TakeBack,
    ToolContext,
)
from app.canvas.tools.lasso import LassoTool
from app.canvas.tools.painting import BrushTool, EraserTool, LastStroke, RefineTool
from app.canvas.tools.points import PointTool
from app.canvas.tools.selecting import SelectTool
from app.canvas.tools.shapes import ShapeTool
from app.model.model import Model
from app.model.tool_names import ToolName
from matting_core.document.project import MatteObject
from matting_core.document.shapes import ShapeRole

StepT = TypeVar("StepT")


def make_tools() -> dict[ToolName, CanvasTool]:
    """Make one of every tool."""
    last = LastStroke()
    return {
        ToolName.SELECT: SelectTool(),
        ToolName.POINT: PointTool(),
        ToolName.BOX: BoxTool(),
        ToolName.GARBAGE: ShapeTool(ShapeRole.GARBAGE),
        ToolName.HOLDOUT: ShapeTool(ShapeRole.HOLDOUT),
        ToolName.BRUSH: BrushTool(last),
        ToolName.ERASER: EraserTool(last),
        ToolName.LASSO: LassoTool(last),
        ToolName.REFINE: RefineTool(last),
    }


class ToolHost(QObject):
    """Host of the tools: runs the chosen one, and drops its unfinished gesture with it or at Esc.

    Args:
        model: says which tool is chosen, and what the tools may know.
        parent: the Qt parent.
    """

    changed = Signal()
    """Another tool is chosen, or a gesture that goes on in parts has changed."""
    dropped = Signal()
    """An unfinished gesture was given up."""

    def __init__(self, model: Model, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tools = make_tools()
        self._tool = self._tools[model.view.tool]
        self._handlers: dict[type[object], Callable[..., object]] = {
            Stay: _nothing,
            TakeBack: self._on_take_back,
        }
        model.view.tool_changed.connect(self._on_tool_changed)
        model.view.active_changed.connect(self._on_active_changed)

    @property
    def tool(self) -> CanvasTool:
        """The tool that is chosen."""
        return self._tool

    @property
    def unfinished(self) -> bool:
        """Whether a gesture goes on after the button was released."""
        return self._tool.unfinished

    def context(self, frame: int, obj: MatteObject | None) -> ToolContext | None:
        """What a tool may know on a frame; None without a clip.

        Args:
            frame: on which the tool works.
            obj: the object that it works on, if there is one.
        """
        clip, view, objects = self._model.project.clip, self._model.view, self._model.objects
        if clip is None:
            return None
        return ToolContext(
            frame,
            clip.size,
            obj,
            brush=view.brush,
            shape=objects.shape,
            point=objects.point,
            selected=view.selected,
        )

    def on(self, kind: type[StepT], handler: Callable[[StepT], object]) -> None:
        """Let a handler do all steps of a kind."""
        self._handlers[kind] = handler

    def feed(self, context: ToolContext, gesture: Gesture) -> None:
        """Run the tool on one gesture."""
        hovers = gesture.kind == "hover"
        self.do(self._tool.hover(context, gesture) if hovers else (PreviewClick(None),))
        before = self._tool.unfinished
        self.do(self._tool.feed(context, gesture))
        if not hovers and (before or self._tool.unfinished):
            self.changed.emit()

    def finish(self, context: ToolContext) -> None:
        """Complete what is drawn in parts."""
        self.do(self._tool.finish(context))
        self.changed.emit()

    def delete(self, context: ToolContext) -> None:
        """Do what the Delete key does with this tool."""
        self.do(self._tool.deletion(context))
        self.changed.emit()

    def do(self, steps: Iterable[Step]) -> None:
        """Hand steps to whoever does them."""
        for step in steps:
            self._handlers[type(step)](step)

    @Slot()
    def cancel(self) -> None:
        """Give up what is drawn."""
        self._tool.cancel()
        self.dropped.emit()
        self.changed.emit()

    def leave(self, bound: Bound) -> None:
        """Give up an unfinished gesture that belongs to the frame or object that is left."""
        if self._tool.unfinished and self._tool.bound is bound:
            self.cancel()

    def _on_take_back(self, _step: TakeBack) -> None:
        self._tool.take_back()

    @Slot()
    def _on_tool_changed(self) -> None:
        self._tool.cancel()
        self.do((PreviewClick(None),))
        self._tool = self._tools[self._model.view.tool]
        self.dropped.emit()
        self.changed.emit()

    @Slot()
    def _on_active_changed(self) -> None:
        self.leave(Bound.OBJECT)


def _nothing(_step: object) -> None:
    """Do nothing: the tool has taken notice itself."""
