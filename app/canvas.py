"""The canvas: shows a picture and prompts, pans and zooms, and turns the mouse into gestures."""

from __future__ import annotations

from typing import Literal

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from app import theme
from app.tools import Gesture
from matting_core.document.project import MatteObject
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, Prompt
from matting_core.types import Frame8, Size

_REACH = 10
_MARKER = 13
_MARGIN = 0.02
_WHEEL_STEP = 1.0015
_MOST_ZOOM = 64
_SHARP_FROM = 3.0
_DIMMED = 110


class Canvas(pg.GraphicsView):
    """One clip's picture, in image pixels: x to the right, y down, pixel 0 covers [0, 1)."""

    gestured = Signal(object)
    """Carries a `Gesture` of the left or right button."""
    fit_wanted = Signal()
    """The user double-clicked where that means nothing to the tool."""
    zoomed = Signal(float)
    """Screen pixels per image pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=theme.WINDOW)
        self._box = pg.ViewBox(
            lockAspect=True, invertY=True, enableMouse=False, enableMenu=False, defaultPadding=0
        )
        self._box.setBorder(None)
        self.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image)
        self._marks: list[QGraphicsRectItem | pg.ScatterPlotItem] = []
        self._rubber = QGraphicsRectItem()
        self._rubber.setVisible(False)
        self._rubber.setZValue(30)
        self._box.addItem(self._rubber, ignoreBounds=True)
        self._size: Size | None = None
        self._fitted = True
        self._held: Literal["left", "right", "pan"] | None = None
        self._pan_from = QPointF()
        self.setAccessibleName(self.tr("Canvas"))
        self.setAcceptDrops(False)  # else the scene swallows files meant for the window
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._box.sigRangeChanged.connect(self._on_range_changed)

    def show_picture(self, rgb: Frame8) -> None:
        """Show an (H, W, 3) uint8 sRGB picture; the view stays unless the size is another."""
        size = Size(rgb.shape[1], rgb.shape[0])
        self._image.setImage(rgb, autoLevels=False, levels=None)
        if size != self._size:
            self._size = size
            self._box.setLimits(
                xMin=-size.width, xMax=2 * size.width, yMin=-size.height, yMax=2 * size.height
            )
            self.fit()

    def show_prompts(
        self, objects: list[tuple[MatteObject, bool]], frame: int, selected: Prompt | None
    ) -> None:
        """Mark the prompts of a frame.

        Args:
            objects: each with whether it is the active one; others are drawn dimmed.
            frame: the frame on screen.
            selected: the prompt that is drawn highlighted.
        """
        for mark in self._marks:
            self._box.removeItem(mark)
        self._marks = []
        for obj, active in objects:
            for prompt in obj.on_frame(frame):
                if isinstance(prompt, BoxPrompt):
                    self._add_box(prompt, obj.color, active, prompt == selected)
                elif isinstance(prompt, PointPrompt):
                    self._add_point(prompt, active, prompt == selected)

    def show_rubber(self, xyxy: tuple[float, float, float, float] | None, color: str) -> None:
        """Show the box that is being drawn, or take it away."""
        self._rubber.setVisible(xyxy is not None)
        if xyxy is not None:
            self._rubber.setPen(_pen(color, 2, Qt.PenStyle.DashLine))
            self._rubber.setRect(_rect(xyxy))

    def fit(self) -> None:
        """Show the whole frame."""
        if self._size is not None:
            whole = QRectF(0, 0, *self._size)
            self._box.setRange(whole, padding=_MARGIN)
        self._fitted = True

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (factor > 1) or out, at an image position or the view's middle."""
        if not 1 / _MOST_ZOOM < self.zoom * factor < _MOST_ZOOM:
            return
        self._fitted = False
        self._box.scaleBy((1 / factor, 1 / factor), center=at)

    def zoom_to(self, zoom: float) -> None:
        """Show an image pixel as so many screen pixels."""
        self.zoom_by(zoom / self.zoom)

    def pan_by(self, dxy: tuple[float, float]) -> None:
        """Move the view by image pixels."""
        self._fitted = False
        self._box.translateBy(dxy)

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        return 1 / max(float(self._box.viewPixelSize()[0]), 1e-9)

    def to_image(self, position: QPointF) -> QPointF:
        """Map a widget position to image pixels."""
        return QPointF(self._box.mapSceneToView(self.mapToScene(position.toPoint())))

    def to_widget(self, xy: tuple[float, float]) -> QPointF:
        """Map image pixels to a widget position."""
        return QPointF(self.mapFromScene(self._box.mapViewToScene(QPointF(*xy))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a pan (middle button) or a tool's drag."""
        if self._held is not None or self._size is None:
            return
        match event.button():
            case Qt.MouseButton.MiddleButton:
                self._held = "pan"
                self._pan_from = self.to_image(event.position())
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            case Qt.MouseButton.LeftButton:
                self._held = "left"
                self._emit("press", event)
            case Qt.MouseButton.RightButton:
                self._held = "right"
                self._emit("press", event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the pan or the tool's drag."""
        if self._held == "pan":
            delta = self._pan_from - self.to_image(event.position())
            self.pan_by((delta.x(), delta.y()))
        elif self._held is not None:
            self._emit("move", event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the pan or the tool's drag."""
        if self._held == "pan" and event.button() == Qt.MouseButton.MiddleButton:
            self._held = None
            self.viewport().unsetCursor()
        elif self._held == _name_of(event.button()):
            self._emit("release", event)
            self._held = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit at the middle button; the second press of the others is a press like the first."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self.fit()
        else:
            self.mousePressEvent(event)
            if event.button() == Qt.MouseButton.LeftButton:
                self.fit_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        if self._size is not None and event.angleDelta().y():
            self.zoom_by(_WHEEL_STEP ** event.angleDelta().y(), self.to_image(event.position()))
        event.accept()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the whole frame in view if it was."""
        super().resizeEvent(event)
        if event is not None and self._fitted:  # pyqtgraph calls it while still being made
            self.fit()

    def _emit(self, kind: Literal["press", "move", "release"], event: QMouseEvent) -> None:
        if self._held in ("left", "right"):
            place = self.to_image(event.position())
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            reach = _REACH / self.zoom
            button: Literal["left", "right"] = "left" if self._held == "left" else "right"
            self.gestured.emit(Gesture(kind, (place.x(), place.y()), button, control, reach))

    def _add_box(self, prompt: BoxPrompt, color: str, active: bool, selected: bool) -> None:
        item = QGraphicsRectItem(_rect(prompt.xyxy))
        item.setPen(_pen(theme.TEXT if selected else color, 3 if selected else 2))
        item.setOpacity(1.0 if active else _DIMMED / 255)
        self._add_mark(item, 10)

    def _add_point(self, prompt: PointPrompt, active: bool, selected: bool) -> None:
        inside = prompt.label is Label.FOREGROUND
        color = QColor(theme.FOREGROUND_PROMPT if inside else theme.BACKGROUND_PROMPT)
        item = pg.ScatterPlotItem(
            pos=[prompt.xy],
            size=_MARKER + (4 if selected else 0),
            symbol="o" if inside else "x",
            brush=color,
            pen=pg.mkPen(theme.TEXT if selected else theme.WINDOW, width=2 if selected else 1.5),
            pxMode=True,
        )
        item.setOpacity(1.0 if active else _DIMMED / 255)
        self._add_mark(item, 20)

    def _add_mark(self, item: QGraphicsRectItem | pg.ScatterPlotItem, z: int) -> None:
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._box.addItem(item, ignoreBounds=True)
        self._marks.append(item)

    def _on_range_changed(self) -> None:
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < _SHARP_FROM)
        self.zoomed.emit(self.zoom)


def _name_of(button: Qt.MouseButton) -> str | None:
    names = {Qt.MouseButton.LeftButton: "left", Qt.MouseButton.RightButton: "right"}
    return names.get(button)


def _rect(xyxy: tuple[float, float, float, float]) -> QRectF:
    return QRectF(QPointF(xyxy[0], xyxy[1]), QPointF(xyxy[2], xyxy[3]))


def _pen(color: str, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(color), width, style)
    pen.setCosmetic(True)
    return pen
