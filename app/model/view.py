"""What the user looks at: playhead, active object, selected prompt, view and tool."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.model.brush import Brush
from app.model.look import Look
from app.model.tool_names import PROMPTERS, ToolName
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import Prompt
from matting_core.types import FrameRange, ObjectId


class ViewMode(StrEnum):
    """Ways in which the canvas shows a frame."""

    SOURCE = "source"
    OVERLAY = "overlay"
    ALPHA = "alpha"
    ROI = "roi"
    TRIMAP = "trimap"
    CHECKER = "checker"
    BACKDROP = "backdrop"
    FOREGROUND = "foreground"
    DIFFERENCE = "difference"


UNJUDGED = frozenset({ViewMode.SOURCE, ViewMode.OVERLAY})
"""Views for working on the clip; in all others a matte is judged."""


class ViewState(QObject):
    """State of the view: all on screen that is not part of the document, never saved or undone."""

    playhead_moved = Signal(int)
    active_changed = Signal()
    selection_changed = Signal()
    mode_changed = Signal()
    look_changed = Signal()
    tool_changed = Signal()
    brush_changed = Signal()
    span_changed = Signal()
    prompts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = 0
        self._active: ObjectId | None = None
        self._selected: Prompt | None = None
        self._mode = ViewMode.OVERLAY
        self._before = ViewMode.OVERLAY
        self._look = Look()
        self._tool = ToolName.POINT
        self._brush = Brush()
        self._span: FrameRange | None = None
        self._prompts = True

    @property
    def frame(self) -> int:
        """The playhead's frame index."""
        return self._frame

    @property
    def active(self) -> ObjectId | None:
        """The object that prompts go to."""
        return self._active

    @property
    def selected(self) -> Prompt | None:
        """The prompt of the active object that Delete removes."""
        return self._selected

    @property
    def mode(self) -> ViewMode:
        """How the frame is shown."""
        return self._mode

    @property
    def look(self) -> Look:
        """What was chosen about the views."""
        return self._look

    @property
    def tool(self) -> ToolName:
        """What the left button does on the canvas."""
        return self._tool

    @property
    def brush(self) -> Brush:
        """How the brushes paint."""
        return self._brush

    @property
    def span(self) -> FrameRange | None:
        """The span of the active object that was selected in the timeline."""
        return self._span

    @property
    def prompts(self) -> bool:
        """Whether prompts are marked on the picture."""
        return self._prompts

    @property
    def span_here(self) -> FrameRange:
        """The selected span, or else the playhead's frame."""
        return self._span or FrameRange(self._frame, self._frame + 1)

    def active_object(self, project: Project) -> MatteObject | None:
        """The active object in a project, or None."""
        return next((obj for obj in project if obj.id == self._active), None)

    def set_frame(self, frame: int) -> None:
        """Move the playhead; the selected prompt stays behind."""
        if frame != self._frame:
            self._frame = frame
            self.select(None)
            self.playhead_moved.emit(frame)

    def set_active(self, object_id: ObjectId | None) -> None:
        """Choose the object that prompts go to."""
        if object_id != self._active:
            self._active = object_id
            self.select(None)
            self.select_span(None)
            self.active_changed.emit()

    def select(self, prompt: Prompt | None) -> None:
        """Select one prompt, or none."""
        if prompt != self._selected:
            self._selected = prompt
            self.selection_changed.emit()

    def select_span(self, span: FrameRange | None) -> None:
        """Select frames of the active object, or none."""
        if span != self._span:
            self._span = span
            self.span_changed.emit()

    def set_mode(self, mode: ViewMode) -> None:
        """Show frames another way."""
        if mode is not self._mode:
            self._before, self._mode = self._mode, mode
            self.mode_changed.emit()

    def toggle_mode(self, mode: ViewMode, other: ViewMode) -> None:
        """Switch to `mode`, or from it back to the view before (else to `other`)."""
        if self._mode is not mode:
            self.set_mode(mode)
        else:
            self.set_mode(self._before if self._before is not mode else other)

    def set_look(self, look: Look) -> None:
        """Choose something else about the views."""
        if look != self._look:
            self._look = look
            self.look_changed.emit()

    def set_tool(self, tool: ToolName) -> None:
        """Choose what the left button does on the canvas."""
        if tool is not self._tool:
            self._tool = tool
            self.tool_changed.emit()

    def set_brush(self, brush: Brush) -> None:
        """Paint another way."""
        if brush != self._brush:
            self._brush = brush
            self.brush_changed.emit()

    def set_prompts(self, prompts: bool) -> None:
        """Mark prompts on the picture, or do not."""
        if prompts != self._prompts:
            self._prompts = prompts
            self.prompts_changed.emit()

    def marks_prompts(self, mode: ViewMode, *, hovered: bool) -> bool:
        """Whether a picture has its prompts on it.

        Nothing lies over a matte that is judged, unless the hand is there to work on prompts.
        """
        wanted = mode in UNJUDGED or (hovered and self._tool in PROMPTERS)
        return self._prompts and wanted

    def settle(self, project: Project) -> None:
        """Keep only what the project still has: after an undo, a removal, another clip."""
        length = project.clip.length if project.clip else 1
        self.set_frame(min(self._frame, length - 1))
        ids = [obj.id for obj in project]
        if self._active not in ids:
            self.set_active(ids[-1] if ids else None)
        if self._span is not None and self._span.stop > length:
            self.select_span(None)
        active = self.active_object(project)
        if active is None or self._selected not in active.prompts:
            self.select(None)
