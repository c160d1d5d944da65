"""What every canvas tool is: it owns its drag, cursor, options, what cancelling and Delete do."""

from __future__ import annotations

from enum import Enum, auto
from typing import ClassVar

from app.canvas.tools.gestures import (
    Drag,
    Gesture,
    Pointer,
    PreviewClick,
    Stay,
    Step,
    ToolContext,
)
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits


class ToolOption(Enum):
    """An option that a tool lets the user choose in the row over the canvas."""

    BRUSH = auto()
    """Size and hardness."""
    MARK = auto()
    """What the Refine Edge brush says."""


class Bound(Enum):
    """What an unfinished gesture ends with, if the user goes elsewhere."""

    FRAME = auto()
    """Another frame on screen."""
    OBJECT = auto()
    """Another active object."""


class CanvasTool:
    """Canvas tool: its drag, cursor, options, and what cancelling and Delete do. Needs no window.

    One drag is a generator: it gets the press as an argument, then every further gesture by `send`,
    and yields the steps that are to happen.

    Attributes:
        resting: the pointer's shape before the mouse has moved.
        options: what the user can choose about the tool.
        bound: what an unfinished gesture is dropped with.
    """

    resting: ClassVar[Pointer] = "cross"
    options: ClassVar[frozenset[ToolOption]] = frozenset()
    bound: ClassVar[Bound] = Bound.FRAME

    def __init__(self) -> None:
        self._drag: Drag | None = None
        self._stays = False

    @property
    def unfinished(self) -> bool:
        """Whether a gesture goes on after the button was released."""
        return self._stays

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """Begin a drag."""
        raise NotImplementedError

    def cursor(self, _context: ToolContext, _gesture: Gesture) -> Pointer:
        """The pointer's shape where the mouse hovers."""
        return "cross"

    def hover(self, _context: ToolContext, _gesture: Gesture) -> tuple[Step, ...]:
        """What is to happen while the mouse hovers with no button held."""
        return (PreviewClick(None),)

    def feed(self, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        """What is to happen after one gesture."""
        steps = self._advance(context, gesture)
        if gesture.kind != "hover" or self._stays:
            self._stays = any(isinstance(step, Stay) for step in steps)
        return steps

    def finish(self, context: ToolContext) -> tuple[Step, ...]:
        """Complete what is drawn in parts: Enter, or a double click."""
        return self.feed(context, Gesture("close", (0, 0)))

    def cancel(self) -> None:
        """Forget the drag and what is drawn in parts."""
        self._drag, self._stays = None, False

    def take_back(self) -> None:
        """Take the last point of what is drawn in parts back."""

    def deletion(self, context: ToolContext) -> tuple[Step, ...]:
        """What the Delete key does: it removes the selected prompt, or all on this frame."""
        obj, selected, frame = context.obj, context.selected, context.frame
        if obj is None or not obj.prompts_on(frame):
            return ()
        if selected is not None:
            text = QT_TRANSLATE_NOOP("Commands", "Remove prompt")
            return (Change(text, lambda p: edits.remove_prompt(p, obj.id, selected)),)
        text = QT_TRANSLATE_NOOP("Commands", "Remove prompts")
        return (Change(text, lambda p: edits.clear_frame(p, obj.id, frame)),)

    def _advance(self, context: ToolContext, gesture: Gesture) -> tuple[Step, ...]:
        if gesture.kind == "press" and not self._stays:
            self._drag = self.press(context, gesture)
            return next(self._drag, ())
        if self._drag is None or (gesture.kind in ("hover", "close") and not self._stays):
            return ()
        try:
            return self._drag.send(gesture)
        except StopIteration:
            self._drag = None
            return ()
