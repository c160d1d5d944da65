"""Shapes over the canvas's picture: outlines, points, and the one that is being drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from app.canvas.tools.gestures import XY
from app.shell import theme
from matting_core.document.shapes import Shape, ShapeRole

COLORS = {
    ShapeRole.GARBAGE: theme.BACKGROUND_PROMPT,
    ShapeRole.HOLDOUT: theme.FOREGROUND_PROMPT,
}
_POINT = 9
_FIRST = 13
_OFF = 0.4


class ShapeMarks:
    """Graphics items of shapes, in image pixels above the picture.

    Args:
        box: the view that they are shown in.

    Attributes:
        items: what is shown now.
    """

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self.items: list[QGraphicsItem] = []

    def show(
        self, shapes: Sequence[Shape], frame: int, selected: int | None, point: int | None
    ) -> None:
        """Show shapes as they are on a frame, and the points of the selected one."""
        self.clear()
        for shape in shapes:
            opacity = 1.0 if shape.enabled else _OFF
            color, chosen = COLORS[shape.role], shape.id == selected
            self._add_line(shape.outline_at(frame), color, opacity, closed=True, wide=chosen)
            if chosen:
                points = shape.points_at(frame)
                self._add_points(points, color, _POINT)
                if point is not None:
                    self._add_points(points[point : point + 1], theme.TEXT, _POINT)

    def show_drawing(self, points: tuple[XY, ...], role: ShapeRole) -> None:
        """Show what has been drawn so far; its first point, which closes it, is larger."""
        if points:
            self._add_line(points, COLORS[role], 1.0, closed=False, wide=True)
            self._add_points(points[1:], COLORS[role], _POINT)
            self._add_points(points[:1], COLORS[role], _FIRST)

    def clear(self) -> None:
        """Take all away."""
        for item in self.items:
            self._box.removeItem(item)
        self.items = []

    def _add_line(
        self, places: Sequence[XY], color: str, opacity: float, *, closed: bool, wide: bool
    ) -> None:
        path = QPainterPath(QPointF(*places[0]))
        for place in places[1:]:
            path.lineTo(QPointF(*place))
        if closed:
            path.closeSubpath()
        for width, tint in ((4 if wide else 3, theme.WINDOW), (2 if wide else 1, color)):
            item = QGraphicsPathItem(path)
            pen = QPen(QColor(tint), width)
            pen.setCosmetic(True)
            item.setPen(pen)
            item.setOpacity(opacity)
            self._add(item, 24)

    def _add_points(self, places: Sequence[XY], color: str, size: int) -> None:
        item = pg.ScatterPlotItem(
            pos=list(places),
            size=size,
            symbol="s",
            brush=QColor(color),
            pen=pg.mkPen(theme.WINDOW, width=1.5),
            pxMode=True,
        )
        self._add(item, 25)

    def _add(self, item: QGraphicsItem, z: int) -> None:
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._box.addItem(item, ignoreBounds=True)
        self.items.append(item)
