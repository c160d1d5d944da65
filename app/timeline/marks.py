"""What is drawn along an object's line of the timeline: spans, doubt, arrows, keys, diamonds."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.shell import theme
from app.timeline.geometry import GovernedSpan, StatusSpan, TimeScale
from matting_core.results.status import Status

_DIAMOND = 5.0
_LOCK = 3.0
_DOUBT = 3.0
_DASH = 4.0
_ARROW = 3.5
_ARROW_ROOM = 24
KEY = 2.5
"""The radius of a keyframe's dot."""


def paint_span(
    painter: QPainter, scale: TimeScale, track: QRectF, span: StatusSpan, color: str
) -> None:
    """Fill the frames of a span as their status is shown."""
    left, right = scale.x(span.start), scale.x(span.stop)
    rect = QRectF(left, track.top(), max(right - left, 1.0), track.height())
    if span.status is Status.STALE:
        painter.fillRect(rect, QColor(theme.STALE).darker(260))
        painter.fillRect(rect, QBrush(QColor(theme.STALE), Qt.BrushStyle.BDiagPattern))
        return
    if span.status is Status.ABSENT:
        painter.setPen(QPen(QColor(color).darker(150), 2, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(left, rect.center().y()), QPointF(right, rect.center().y()))
        return
    painter.fillRect(rect, QColor(theme.LOST if span.status is Status.LOST else color))
    if span.status is Status.LOCKED:
        band = QRectF(rect.left(), rect.bottom() - _LOCK, rect.width(), _LOCK)
        painter.fillRect(band, QColor(theme.LOCKED))
        painter.fillRect(band.translated(0, -rect.height() + _LOCK), QColor(theme.LOCKED))


def paint_doubt(painter: QPainter, scale: TimeScale, track: QRectF, span: StatusSpan) -> None:
    """A row of light dashes along the top, wide enough to be seen on a single frame."""
    left, right = scale.x(span.start), scale.x(span.stop)
    band = QRectF(left, track.top(), max(right - left, _DASH), _DOUBT)
    painter.fillRect(band, QColor(theme.WINDOW))
    for number in range(ceil(band.width() / (2 * _DASH))):
        left = band.left() + number * 2 * _DASH
        width = min(_DASH, band.right() - left)
        painter.fillRect(QRectF(left, band.top(), width, _DOUBT), QColor(theme.TEXT))


def paint_arrow(painter: QPainter, scale: TimeScale, middle: float, reach: GovernedSpan) -> None:
    """Point away from the prompted frame that these frames take their masks from."""
    left, right = scale.x(reach.start), scale.x(reach.stop)
    if right - left < _ARROW_ROOM:
        return
    tip = _ARROW if reach.forward else -_ARROW
    x = (left + right) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.WINDOW), 2))
    corners = (QPointF(x - tip, middle - _ARROW), QPointF(x, middle))
    painter.drawPolyline(QPolygonF([*corners, QPointF(x - tip, middle + _ARROW)]))
    painter.restore()


def paint_key(painter: QPainter, middle: QPointF) -> None:
    """A small dot below the bar: the matte's finishing has a keyframe."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ACCENT))
    painter.drawEllipse(middle, KEY, KEY)
    painter.restore()


def paint_diamond(painter: QPainter, middle: QPointF) -> None:
    """A diamond where the object is prompted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.WINDOW), 1.5))
    painter.setBrush(QColor(theme.TEXT))
    corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
    painter.restore()
