"""The brushes: a drag lays ink, Alt-drag a straight line, Ctrl-drag changes the size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.canvas.tools.base import CanvasTool, ToolOption
from app.canvas.tools.gestures import (
    Drag,
    Finish,
    Gesture,
    Ink,
    Pointer,
    Resize,
    Step,
    Tell,
    ToolContext,
    Trail,
)
from app.model.brush import Dab, Paint
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.refine import Mark

_LEAST_PRESSURE = 0.05


@dataclass(slots=True)
class LastStroke:
    """End of the last stroke, shared by the brushes: Shift goes on from there."""

    _frame: int = -1
    _end: Dab | None = None

    def on_frame(self, frame: int) -> Dab | None:
        """Where the last stroke on a frame ended, or None."""
        return self._end if frame == self._frame else None

    def end(self, frame: int, end: Dab) -> None:
        """Keep where a stroke ended."""
        self._frame, self._end = frame, end

    def forget(self) -> None:
        """Let there be no last stroke."""
        self._end = None


class BrushTool(CanvasTool):
    """Brush: paints the mask; the right button erases.

    Args:
        last: where the last stroke ended.
    """

    options = frozenset({ToolOption.BRUSH})
    paint: ClassVar[Paint] = "mask"

    def __init__(self, last: LastStroke) -> None:
        super().__init__()
        self._last = last

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A drag lays ink; with Alt a straight line; with Ctrl it changes the size."""
        left, right = self.marks(context)
        mark = left if press.button == "left" else right
        if press.control:
            yield from _resize(context, press)
        elif press.alt:
            yield from self._end(context, _line(context, press, self.paint, mark))
        else:
            start = self._last.on_frame(context.frame) if press.shift else None
            yield from self._end(context, _freehand(context, press, self.paint, mark, start))

    def marks(self, _context: ToolContext) -> tuple[Mark, Mark]:
        """What the left and the right button say."""
        return Mark.SOLID, Mark.CLEAR

    def cursor(self, context: ToolContext, gesture: Gesture) -> Pointer:
        """None where the brush's circle is seen well enough."""
        return "none" if context.brush.diameter >= gesture.reach else "cross"

    def _end(self, context: ToolContext, drag: Drag) -> Drag:
        """Keep where the stroke of a drag ends."""
        steps = next(drag)
        while True:
            for step in steps:
                if isinstance(step, Finish):
                    self._last.end(context.frame, step.end)
            gesture = yield steps
            try:
                steps = drag.send(gesture)
            except StopIteration:
                return


class EraserTool(BrushTool):
    """Eraser: erases from the mask; the right button paints."""

    def marks(self, _context: ToolContext) -> tuple[Mark, Mark]:
        """What the left and the right button say."""
        return Mark.CLEAR, Mark.SOLID


class RefineTool(BrushTool):
    """Refine Edge brush: marks where to look, what is solid or clear; the right button unmarks."""

    options = frozenset({ToolOption.BRUSH, ToolOption.MARK})
    paint = "refine"

    def press(self, context: ToolContext, press: Gesture) -> Drag:
        """A drag lays ink on the active object's strokes."""
        if context.obj is None:
            yield (Tell(QT_TRANSLATE_NOOP("Commands", "Prompt an object first, then refine it.")),)
            return
        yield from super().press(context, press)

    def marks(self, context: ToolContext) -> tuple[Mark, Mark]:
        """What the left and the right button say."""
        return context.brush.mark, Mark.NOTHING

    def deletion(self, context: ToolContext) -> tuple[Step, ...]:
        """What the Delete key does: it removes the strokes on this frame, or else prompts."""
        obj, frame = context.obj, context.frame
        if obj is None or obj.strokes_on(frame) is None:
            return super().deletion(context)
        text = QT_TRANSLATE_NOOP("Commands", "Remove strokes")
        return (Change(text, lambda p: edits.clear_strokes(p, obj.id, frame)),)


def _freehand(
    context: ToolContext, press: Gesture, paint: Paint, mark: Mark, start: Dab | None
) -> Drag:
    hardness = context.brush.hardness
    last = _dab(context, press)
    gesture = yield (Ink(paint, mark, start or last, last, hardness),)
    while gesture.kind != "release":
        now = _dab(context, gesture)
        if now == last:
            gesture = yield ()
            continue
        gesture = yield (Ink(paint, mark, last, now, hardness),)
        last = now
    yield (Finish(last),)


def _line(context: ToolContext, press: Gesture, paint: Paint, mark: Mark) -> Drag:
    gesture, width = press, context.brush.diameter
    while gesture.kind != "release":
        gesture = yield (Trail((press.xy, gesture.xy), width),)
    # The pressure at the press counts: a pen that is lifted has none.
    start, end = (
        _dab(context, press),
        _dab(context, press)._replace(x=gesture.xy[0], y=gesture.xy[1]),
    )
    yield (Trail(()), Ink(paint, mark, start, end, context.brush.hardness), Finish(end))


def _resize(context: ToolContext, press: Gesture) -> Drag:
    gesture = press
    while gesture.kind != "release":
        diameter = context.brush.diameter + 2 * (gesture.xy[0] - press.xy[0])
        gesture = yield (Resize(diameter, press.xy),)
    yield ()


def _dab(context: ToolContext, gesture: Gesture) -> Dab:
    share = max(gesture.pressure, _LEAST_PRESSURE)
    return Dab(*gesture.xy, context.brush.diameter / 2 * share)
