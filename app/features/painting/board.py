"""Painting on the canvas: ink appears while it is drawn, and becomes an edit on release."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.canvas.pictures.picture import Picture
from app.canvas.tools.gestures import Fill, Finish, Gesture, Ink, Resize, Step, Tell, Trail
from app.canvas.view import Canvas
from app.editor import Editor
from app.features.painting.layer import PaintLayer, Tints
from app.features.painting.paints import Unpacked
from app.features.painting.strokes import Sheet, Stroke
from app.model.brush import Dab, Paint
from app.model.results import current_key
from app.model.tool_names import BRUSHES, ToolName
from app.shell import theme
from app.shell.words import translated
from matting_core.document.edits import choose_color
from matting_core.document.refine import Mark, RefineStrokes
from matting_core.matte.refining import add_stroke
from matting_core.types import ObjectId, Size
from matting_core.windows import Window

REFINE_TINTS: Tints = {
    Mark.UNKNOWN: theme.ACCENT,
    Mark.SOLID: theme.FOREGROUND_PROMPT,
    Mark.CLEAR: theme.BACKGROUND_PROMPT,
}
_LAYER = 5


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the layer shows: paint of the mask, or these strokes of the Refine Edge brush."""

    paint: Paint
    object_id: ObjectId
    frame: int
    strokes: RefineStrokes | None = None


@dataclass(slots=True)
class _Drawing:
    """The stroke that is being drawn."""

    sheet: Sheet
    paint: Paint
    mark: Mark
    object_id: ObjectId
    frame: int


class PaintBoard(QObject):
    """Does what the painting tools ask for, on the canvas and in the document.

    Args:
        editor: whose document is painted.
        canvas: where it shows.
        parent: the Qt parent.
    """

    def __init__(self, editor: Editor, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._canvas = canvas
        self._picture: Picture | None = None
        self._drawing: _Drawing | None = None
        self._shown: _Shown | None = None
        self._end: tuple[int, Dab] | None = None
        self.layer = PaintLayer()
        canvas.add_item(self.layer, _LAYER)
        canvas.left.connect(self._on_left)
        editor.view.tool_changed.connect(self._on_tool_changed)
        editor.view.brush_changed.connect(self._on_brush_changed)
        editor.view.active_changed.connect(self.refresh)
        editor.document.changed.connect(self.refresh)
        editor.paints.settled.connect(self.refresh)
        editor.paints.unpacked.connect(self._on_unpacked)
        self._circle: tuple[float, float] | None = None

    def last(self, frame: int) -> Dab | None:
        """Where the last stroke on a frame ended."""
        return self._end[1] if self._end is not None and self._end[0] == frame else None

    def point(self, gesture: Gesture) -> None:
        """Let the brush's circle follow the cursor."""
        if self._editor.view.tool in BRUSHES:
            self._show_circle(gesture.xy)

    def show_picture(self, picture: Picture) -> None:
        """Take notice of what is on screen: paint goes once its matte is there."""
        self._picture = picture
        self.refresh()

    def do(self, step: Step) -> None:
        """Do what a tool asks for."""
        match step:
            case Ink():
                self._lay(step)
            case Fill(mark, places):
                self._fill(mark, places)
            case Finish(end):
                self._finish(end)
            case Trail(places, width):
                self._canvas.marks.show_trail(places, width, self._color)
            case Resize(diameter, at):
                self._editor.view.set_brush(self._editor.view.brush.sized(diameter))
                self._show_circle(at)
            case Tell(text):
                self._editor.messenger.tell(translated(text))

    def drop(self) -> None:
        """Forget what is being drawn."""
        if self._drawing is not None:
            self._drawing, self._shown = None, None
            self.layer.clear()
        self._canvas.marks.show_trail((), 0, self._color)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the strokes of the Refine Edge brush, or take away paint that is done."""
        if self._drawing is not None or self._editor.paints.busy or self._picture is None:
            return
        if self._editor.view.tool is ToolName.REFINE:
            self._show_strokes(self._picture.request.frame)
        elif self._shown is not None and self._is_done(self._shown, self._picture):
            self._shown = None
            self.layer.clear()

    @property
    def _color(self) -> str:
        active = self._editor.active
        if active is not None:
            return active.color
        return choose_color(self._editor.project)

    @property
    def _object_id(self) -> ObjectId:
        """Whose mask is painted: the active object's, or that of the one to be made."""
        active = self._editor.active
        return active.id if active is not None else ObjectId(self._editor.project.next_id)

    def _lay(self, ink: Ink) -> None:
        drawing = self._drawing or self._begin(ink.paint, ink.mark)
        if drawing is None:
            return
        for window in drawing.sheet.sweep(ink.start, ink.end, ink.hardness):
            self._tint(drawing, window)

    def _fill(self, mark: Mark, places: tuple[tuple[float, float], ...]) -> None:
        drawing = self._begin("mask", mark)
        window = None if drawing is None else drawing.sheet.fill(places)
        if drawing is not None and window is not None:
            self._tint(drawing, window)
        self._finish(None)

    def _begin(self, paint: Paint, mark: Mark) -> _Drawing | None:
        clip = self._editor.project.clip
        if clip is None or self._picture is None:
            return None
        shown = self._shown
        here = _Shown(paint, self._object_id, self._picture.request.frame)
        if shown is None or (shown.paint, shown.object_id, shown.frame) != (
            here.paint,
            here.object_id,
            here.frame,
        ):
            self._start(clip.size, paint)
            self._shown = here
        self._drawing = _Drawing(Sheet(clip.size), paint, mark, here.object_id, here.frame)
        return self._drawing

    def _start(self, size: Size, paint: Paint) -> None:
        mask_tints = {Mark.SOLID: self._color, Mark.CLEAR: theme.BACKGROUND_PROMPT}
        self.layer.start(size, REFINE_TINTS if paint == "refine" else mask_tints)

    def _tint(self, drawing: _Drawing, window: Window) -> None:
        part = self.layer.plane[window.slices]
        part[:] = add_stroke(part, drawing.sheet.part(window), drawing.mark)
        self.layer.touch(window)

    def _finish(self, end: Dab | None) -> None:
        drawing, self._drawing = self._drawing, None
        if drawing is None:
            return
        self._end = None if end is None else (drawing.frame, end)
        window = drawing.sheet.window
        if window is None:
            return
        coverage = drawing.sheet.part(window).copy()
        coverage.flags.writeable = False
        place = (drawing.object_id, drawing.frame)
        stroke = Stroke(drawing.paint, drawing.mark, *place, window, coverage)
        self._editor.paints.lay(self._editor.project, stroke)

    def _show_strokes(self, frame: int) -> None:
        clip, obj = self._editor.project.clip, self._editor.active
        if clip is None or obj is None:
            self.layer.clear()
            return
        strokes = obj.strokes_on(frame)
        wanted = _Shown("refine", obj.id, frame, strokes)
        if wanted == self._shown:
            return
        self._shown = wanted
        if strokes is None:
            self._start(clip.size, "refine")
        else:
            self._editor.paints.unpack(strokes, clip.size)

    def _is_done(self, shown: _Shown, picture: Picture) -> bool:
        """Whether the picture shows what the paint has led to."""
        request = picture.request
        if shown.paint == "refine" or request.frame != shown.frame:
            return True
        if picture.stale or picture.mattes < len(request.layers):
            return False
        project = self._editor.project
        fresh = {each.object_id: each.fresh for each in request.layers}
        visible = [obj.id for obj in project if obj.visible and obj.prompts]
        return all(fresh.get(each) == current_key(project, each, shown.frame) for each in visible)

    def _show_circle(self, place: tuple[float, float] | None) -> None:
        self._circle = place
        self._canvas.marks.show_circle(place, self._editor.view.brush.diameter)

    @Slot(object)
    def _on_unpacked(self, unpacked: Unpacked) -> None:
        clip = self._editor.project.clip
        current = self._shown is not None and self._shown.strokes == unpacked.strokes
        if clip is not None and current and self._drawing is None:
            self._start(clip.size, "refine")
            self.layer.show_marks(unpacked.marks)

    @Slot()
    def _on_tool_changed(self) -> None:
        if self._editor.view.tool not in BRUSHES:
            self._show_circle(None)
        self.drop()

    @Slot()
    def _on_brush_changed(self) -> None:
        if self._circle is not None:
            self._show_circle(self._circle)

    @Slot()
    def _on_left(self) -> None:
        self._show_circle(None)
