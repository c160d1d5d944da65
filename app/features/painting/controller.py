"""Painting on the canvas: ink appears while it is drawn, and becomes an edit on release."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.canvas.pictures.picture import Picture
from app.canvas.tools.gestures import Fill, Finish, Gesture, Ink, Resize, Trail
from app.canvas.tools.host import ToolHost
from app.canvas.view import Canvas
from app.features.painting.composer import StrokeComposer, UnpackedStrokes
from app.features.painting.layer import PaintLayer, Tints
from app.features.painting.strokes import Stroke, StrokeCoverage
from app.model.brush import Paint
from app.model.model import Model
from app.model.tool_names import BRUSHES, ToolName
from app.shell import theme
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
    """Content of the layer: paint of the mask, or strokes of the Refine Edge brush."""

    paint: Paint
    object_id: ObjectId
    frame: int
    strokes: RefineStrokes | None = None


@dataclass(slots=True)
class _Drawing:
    """Stroke that is being drawn."""

    sheet: StrokeCoverage
    paint: Paint
    mark: Mark
    object_id: ObjectId
    frame: int


class PaintController(QObject):
    """Ink on the canvas while it is drawn, and the strokes that come of it.

    Args:
        model: whose document is painted.
        composer: makes edits of strokes.
        canvas: where ink shows.
        tools: has the painting tools.
        parent: the Qt parent.
    """

    def __init__(
        self,
        model: Model,
        composer: StrokeComposer,
        canvas: Canvas,
        tools: ToolHost,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._composer = composer
        self._canvas = canvas
        self._picture: Picture | None = None
        self._drawing: _Drawing | None = None
        self._shown: _Shown | None = None
        self._circle: tuple[float, float] | None = None
        self.layer = PaintLayer()
        canvas.add_item(self.layer, _LAYER)
        tools.on(Ink, self._lay)
        tools.on(Fill, self._fill)
        tools.on(Finish, self._finish)
        tools.on(Trail, self._show_trail)
        tools.on(Resize, self._resize)
        tools.dropped.connect(self._on_dropped)
        canvas.gestured.connect(self._on_gesture)
        canvas.left.connect(self._on_left)
        view = model.view
        view.tool_changed.connect(self._on_tool_changed)
        view.brush_changed.connect(self._on_brush_changed)
        view.active_changed.connect(self.refresh)
        model.document.changed.connect(self.refresh)
        composer.settled.connect(self.refresh)
        composer.unpacked.connect(self._on_unpacked)

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Take notice of what is on screen: paint goes once its matte is there."""
        self._picture = picture
        self.refresh()

    @Slot()
    def _on_dropped(self) -> None:
        """Forget what is being drawn."""
        if self._drawing is not None:
            self._drawing, self._shown = None, None
            self.layer.clear()
        self._canvas.marks.show_trail((), 0, self._color)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the strokes of the Refine Edge brush, or take away paint that is done."""
        if self._drawing is not None or self._composer.busy or self._picture is None:
            return
        if self._model.view.tool is ToolName.REFINE:
            self._show_strokes(self._picture.request.frame)
        elif self._shown is not None and self._is_done(self._shown, self._picture):
            self._shown = None
            self.layer.clear()

    @property
    def _color(self) -> str:
        active = self._model.active
        if active is not None:
            return active.color
        return choose_color(self._model.project)

    @property
    def _object_id(self) -> ObjectId:
        """Whose mask is painted: the active object's, or that of the one to be made."""
        active = self._model.active
        return active.id if active is not None else ObjectId(self._model.project.next_id)

    def _lay(self, ink: Ink) -> None:
        drawing = self._drawing or self._begin(ink.paint, ink.mark)
        if drawing is None:
            return
        for window in drawing.sheet.sweep(ink.start, ink.end, ink.hardness):
            self._tint(drawing, window)

    def _fill(self, fill: Fill) -> None:
        drawing = self._begin("mask", fill.mark)
        window = None if drawing is None else drawing.sheet.fill(fill.places)
        if drawing is not None and window is not None:
            self._tint(drawing, window)
        self._finish(fill)

    def _show_trail(self, trail: Trail) -> None:
        self._canvas.marks.show_trail(trail.places, trail.width, self._color)

    def _resize(self, step: Resize) -> None:
        view = self._model.view
        view.set_brush(view.brush.sized(step.diameter))
        self._show_circle(step.at)

    def _begin(self, paint: Paint, mark: Mark) -> _Drawing | None:
        clip = self._model.project.clip
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
        self._drawing = _Drawing(StrokeCoverage(clip.size), paint, mark, here.object_id, here.frame)
        return self._drawing

    def _start(self, size: Size, paint: Paint) -> None:
        mask_tints = {Mark.SOLID: self._color, Mark.CLEAR: theme.BACKGROUND_PROMPT}
        self.layer.start(size, REFINE_TINTS if paint == "refine" else mask_tints)

    def _tint(self, drawing: _Drawing, window: Window) -> None:
        part = self.layer.plane[window.slices]
        part[:] = add_stroke(part, drawing.sheet.part(window), drawing.mark)
        self.layer.touch(window)

    def _finish(self, _end: Finish | Fill) -> None:
        drawing, self._drawing = self._drawing, None
        if drawing is None:
            return
        window = drawing.sheet.window
        if window is None:
            return
        coverage = drawing.sheet.part(window).copy()
        coverage.flags.writeable = False
        place = (drawing.object_id, drawing.frame)
        stroke = Stroke(drawing.paint, drawing.mark, *place, window, coverage)
        self._composer.lay(self._model.project, stroke)

    def _show_strokes(self, frame: int) -> None:
        clip, obj = self._model.project.clip, self._model.active
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
            self._composer.unpack(strokes, clip.size)

    def _is_done(self, shown: _Shown, picture: Picture) -> bool:
        """Whether the picture shows what the paint has led to."""
        request = picture.request
        if shown.paint == "refine" or request.frame != shown.frame:
            return True
        if picture.stale or picture.mattes < len(request.layers):
            return False
        project = self._model.project
        fresh = {each.object_id: each.fresh for each in request.layers}
        visible = [obj.id for obj in project if obj.visible and obj.prompts]
        results = self._model.results.service
        keys = {each: results.keys(project, each, shown.frame) for each in visible}
        return all(fresh.get(each) == (found and found.key) for each, found in keys.items())

    def _show_circle(self, place: tuple[float, float] | None) -> None:
        self._circle = place
        self._canvas.marks.show_circle(place, self._model.view.brush.diameter)

    @Slot(object)
    def _on_unpacked(self, unpacked: UnpackedStrokes) -> None:
        clip = self._model.project.clip
        current = self._shown is not None and self._shown.strokes == unpacked.strokes
        if clip is not None and current and self._drawing is None:
            self._start(clip.size, "refine")
            self.layer.show_marks(unpacked.marks)

    @Slot(object)
    def _on_gesture(self, gesture: Gesture) -> None:
        """Let the brush's circle follow the cursor."""
        if self._model.view.tool in BRUSHES:
            self._show_circle(gesture.xy)

    @Slot()
    def _on_tool_changed(self) -> None:
        if self._model.view.tool not in BRUSHES:
            self._show_circle(None)

    @Slot()
    def _on_brush_changed(self) -> None:
        if self._circle is not None:
            self._show_circle(self._circle)

    @Slot()
    def _on_left(self) -> None:
        self._show_circle(None)
