"""What lies over the picture of the document: prompts, shapes, and what a tool is drawing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Slot

from app.canvas.pictures.picture import Picture
from app.canvas.tools.gestures import Rubber
from app.canvas.tools.host import ToolHost
from app.canvas.tools.shapes import ShapeTool
from app.canvas.view import Canvas
from app.model.model import Model
from app.shell import theme
from app.shell.debounce import Debounce


class DocumentOverlay(QObject):
    """Prompts and shapes of the frame on screen, redrawn once for any number of changes.

    Args:
        model: the document, and what is selected in it.
        canvas: where they lie.
        tools: runs the chosen tool.
        parent: the Qt parent.
    """

    def __init__(
        self, model: Model, canvas: Canvas, tools: ToolHost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._canvas = canvas
        self._tools = tools
        self._picture: Picture | None = None
        self._hovered = False
        view, objects = model.view, model.objects
        self._redraw = Debounce(self._on_redraw, self).after(
            model.document.changed,
            view.active_changed,
            view.selection_changed,
            view.prompts_changed,
            objects.shape_changed,
            objects.solo_changed,
            tools.changed,
        )
        tools.dropped.connect(self._on_dropped)

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Show what belongs to the frame of a picture."""
        self._picture = picture
        self._on_redraw()

    def set_hovered(self, hovered: bool) -> None:
        """Say whether the hand is over the canvas: it says which prompts are shown."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._redraw.start()

    def show_rubber(self, step: Rubber) -> None:
        """Show a box while it is drawn."""
        self._canvas.marks.show_rubber(step.xyxy, self._color)

    @Slot(object)
    def show_click_preview(self, inside: npt.NDArray[np.bool_] | None) -> None:
        """Show what a click would give, (H, W) bool, or None."""
        self._canvas.marks.show_click_preview(inside, self._color)

    @property
    def _color(self) -> str:
        active = self._model.active
        return active.color if active is not None else theme.ACCENT

    @Slot()
    def _on_dropped(self) -> None:
        self._canvas.marks.show_rubber(None, theme.ACCENT)

    @Slot()
    def _on_redraw(self) -> None:
        if self._picture is None:
            return
        view, objects = self._model.view, self._model.objects
        frame, mode = self._picture.request.frame, self._picture.request.mode
        there = view.marks_prompts(mode, hovered=self._hovered)
        marked = [obj for obj in self._model.project if there and objects.shows(obj)]
        shown = [(obj, obj.id == view.active) for obj in marked]
        self._canvas.marks.show_prompts(shown, frame, view.selected)
        self._show_shapes(frame)

    def _show_shapes(self, frame: int) -> None:
        """Shapes are there while they can be drawn; else they would be in the picture's way."""
        objects, active, tool = self._model.objects, self._model.active, self._tools.tool
        marks = self._canvas.shape_marks
        marks.clear()
        if not isinstance(tool, ShapeTool):
            return
        if active is not None:
            marks.show(active.finishing.shapes, frame, objects.shape, objects.point)
        marks.show_drawing(tool.points, tool.role)
