"""Canvas items of a comparison: the second picture, and the line that the user drags."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsLineItem

from app.shell import theme
from matting_core.types import Size

HANDLE = 24
"""Diameter in screen pixels."""


class PartImage(pg.ImageItem):
    """Picture of which only a part is shown."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._part = QRectF()

    def show_part(self, part: QRectF) -> None:
        """Show this part, in pixels of the picture."""
        self._part = part
        self.update()

    def paint(self, painter: QPainter, *args: Any) -> None:  # noqa: ANN401 - pyqtgraph's own
        """Paint what is inside the part."""
        painter.save()
        painter.setClipRect(self._part)
        super().paint(painter, *args)
        painter.restore()


class WipeLine:
    """Light line on a dark one, with a round handle in its middle."""

    def __init__(self) -> None:
        self._lines = QGraphicsLineItem(), QGraphicsLineItem()
        for line, color, width in zip(self._lines, (theme.WINDOW, theme.TEXT), (4, 2), strict=True):
            pen = QPen(QColor(color), width)
            pen.setCosmetic(True)
            line.setPen(pen)
        self._handle = pg.ScatterPlotItem(
            size=HANDLE, symbol=_arrows(), brush=theme.TEXT, pen=pg.mkPen(theme.WINDOW, width=1)
        )
        self.items = (*self._lines, self._handle)

    def show_at(self, x: float, size: Size) -> None:
        """Stand at a column of a frame of this size."""
        for line in self._lines:
            line.setLine(x, 0, x, size.height)
        self._handle.setData(pos=[(x, size.height / 2)])


def _arrows() -> QPainterPath:
    """A disc with two arrow heads cut out, one pixel across."""
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), 0.5, 0.5)
    for way in (-1, 1):
        head = [QPointF(0.34 * way, 0), QPointF(0.1 * way, -0.2), QPointF(0.1 * way, 0.2)]
        path.addPolygon(QPolygonF(head))
        path.closeSubpath()
    return path
