"""The canvas: shows a picture, pans and zooms, and turns mouse and pen into gestures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QInputEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsItem, QWidget

from app.canvas.marks import PromptMarks
from app.canvas.shape_marks import ShapeMarks
from app.canvas.tools.gestures import Gesture
from app.shell import theme
from matting_core.types import Frame8, Size

_REACH = 10
_MARGIN = 0.02
_WHEEL_STEP = 1.0015
_MOST_ZOOM = 64
_SHARP_FROM = 3.0
_HELD: Mapping[Qt.MouseButton, Literal["left", "right", "pan"]] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.RightButton: "right",
    Qt.MouseButton.MiddleButton: "pan",
}


class Canvas(pg.GraphicsView):
    """Canvas with one clip's picture, in image pixels: x right, y down, pixel 0 covers [0, 1)."""

    gestured = Signal(object)
    """Carries a `Gesture` of the left or right button, or of none."""
    closing = Signal()
    """Enter or a double click: what is drawn in parts is complete."""
    dropping = Signal()
    """Esc: what is being drawn is not wanted."""
    left = Signal()
    """The cursor is not over the canvas any more."""
    fit_wanted = Signal()
    """The user double-clicked where that means nothing to the tool."""
    zoomed = Signal(float)
    """Pixels of the screen itself per image pixel."""
    moved = Signal()
    """Image pixels are at other places of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=theme.WINDOW)
        self._box = pg.ViewBox(
            lockAspect=True, invertY=True, enableMouse=False, enableMenu=False, defaultPadding=0
        )
        self._box.setBorder(None)
        self.setCentralItem(self._box)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image)
        self.marks = PromptMarks(self._box)
        self.shape_marks = ShapeMarks(self._box)
        self._size: Size | None = None
        self._room = 0.0
        self._fitted = True
        self._held: Literal["left", "right", "pan"] | None = None
        self._pan_from = QPointF()
        self._hovers_at: QPointF | None = None
        self.setAccessibleName(self.tr("Canvas"))
        self.viewport().setMouseTracking(True)
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
            self._limit()
            self.fit()

    def set_room(self, width: float) -> None:
        """Let `fit` show so many image pixels right of the picture too."""
        if width != self._room:
            self._room = width
            self._limit()
            self.fit()

    def add_item(self, item: QGraphicsItem, z: float) -> None:
        """Lay something over the picture, in image pixels; the mouse does not notice it."""
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._box.addItem(item, ignoreBounds=True)

    def fit(self) -> None:
        """Show the whole frame."""
        if self._size is not None:
            whole = QRectF(0, 0, self._size.width + self._room, self._size.height)
            self._box.setRange(whole, padding=_MARGIN)
        self._fitted = True

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (factor > 1) or out, at an image position or the view's middle."""
        if not 1 / _MOST_ZOOM < self.zoom * factor < _MOST_ZOOM:
            return
        self._fitted = False
        self._box.scaleBy((1 / factor, 1 / factor), center=at)

    def zoom_to(self, zoom: float) -> None:
        """Show an image pixel as so many pixels of the screen itself."""
        self.zoom_by(zoom / self.shown_zoom)

    def pan_by(self, dxy: tuple[float, float]) -> None:
        """Move the view by image pixels."""
        self._fitted = False
        self._box.translateBy(dxy)

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        return float(self._box.width() / max(self._box.viewRect().width(), 1e-9))

    @property
    def shown_zoom(self) -> float:
        """Pixels of the screen itself per image pixel; on a HiDPI screen they are smaller."""
        return self.zoom * float(self.devicePixelRatioF())

    def to_image(self, position: QPointF) -> QPointF:
        """Map a widget position to image pixels."""
        scene = self.viewportTransform().inverted()[0].map(position)
        return QPointF(self._box.mapSceneToView(scene))

    def to_widget(self, xy: tuple[float, float]) -> QPointF:
        """Map image pixels to a widget position."""
        return QPointF(self.mapFromScene(self._box.mapViewToScene(QPointF(*xy))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a pan (middle button) or a tool's drag."""
        self._press(event.button(), event.position(), event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the pan or the tool's drag, or hover."""
        self._move(event.position(), event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the pan or the tool's drag."""
        self._release(event.button(), event.position(), event)
        event.accept()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Same with a pen, whose pressure goes along."""
        match event.type():
            case QEvent.Type.TabletPress:
                self._press(event.button(), event.position(), event, event.pressure())
            case QEvent.Type.TabletMove:
                self._move(event.position(), event, event.pressure())
            case QEvent.Type.TabletRelease:
                self._release(event.button(), event.position(), event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close or drop an outline; other keys are not the canvas's."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.closing.emit()
            case Qt.Key.Key_Escape:
                self.dropping.emit()
            case _:
                event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Keys are the window's."""
        event.ignore()

    def hover_again(self, held: Qt.KeyboardModifier) -> None:
        """Hover where the cursor is at rest, now that other keys are held."""
        if self._hovers_at is not None and self._held is None and self._size is not None:
            self._emit("hover", self._hovers_at, held)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the cursor has gone."""
        super().leaveEvent(event)
        self._hovers_at = None
        self.left.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit at the middle button; the second press of the others is a press like the first."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self.fit()
        else:
            self.mousePressEvent(event)
            if event.button() == Qt.MouseButton.LeftButton:
                self.fit_wanted.emit()
                self.closing.emit()

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

    def _press(
        self, button: Qt.MouseButton, at: QPointF, event: QInputEvent, pressure: float = 1.0
    ) -> None:
        if self._held is not None or self._size is None:
            return
        self._held = _HELD.get(button)
        if self._held == "pan":
            self._pan_from = self.to_image(at)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._held is not None:
            self._emit("press", at, event.modifiers(), pressure)

    def _move(self, at: QPointF, event: QInputEvent, pressure: float = 1.0) -> None:
        self._hovers_at = at
        if self._held == "pan":
            delta = self._pan_from - self.to_image(at)
            self.pan_by((delta.x(), delta.y()))
        elif self._size is not None:
            self._emit("move" if self._held else "hover", at, event.modifiers(), pressure)

    def _release(self, button: Qt.MouseButton, at: QPointF, event: QInputEvent) -> None:
        if self._held is None or self._held != _HELD.get(button):
            return
        if self._held == "pan":
            self.viewport().unsetCursor()
        else:
            self._emit("release", at, event.modifiers())
        self._held = None

    def _emit(
        self,
        kind: Literal["press", "move", "release", "hover"],
        at: QPointF,
        held: Qt.KeyboardModifier,
        pressure: float = 1.0,
    ) -> None:
        place = self.to_image(at)
        self.gestured.emit(
            Gesture(
                kind,
                (place.x(), place.y()),
                "right" if self._held == "right" else "left",
                control=bool(held & Qt.KeyboardModifier.ControlModifier),
                reach=_REACH / self.zoom,
                shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
                alt=bool(held & Qt.KeyboardModifier.AltModifier),
                pressure=pressure,
            )
        )

    def _limit(self) -> None:
        """Let the picture be pushed aside, but not lost."""
        if self._size is not None:
            width, height = self._size
            across = 2 * width + self._room
            self._box.setLimits(xMin=-width, xMax=across, yMin=-height, yMax=2 * height)

    def _on_range_changed(self) -> None:
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < _SHARP_FROM)
        self.zoomed.emit(self.shown_zoom)
        self.moved.emit()
