"""Ruler: frame numbers and time code."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.shell import theme
from app.timeline.geometry import RULER, ticks, timecode
from app.timeline.lanes.base import Lane, LaneSpec, LaneView


class RulerLane(Lane):
    """Ruler with frame numbers, the playhead's time code, and the range between in and out."""

    height = RULER

    def paint(self, painter: QPainter, view: LaneView) -> None:
        """Draw numbers about 72 pixels apart."""
        scale, rect, content = view.scale, view.rect, view.content
        painter.setPen(QColor(theme.QUIET))
        clock = QRectF(theme.GRID, rect.top(), scale.left - theme.GRID, RULER)
        text = timecode(view.frame, content.rate)
        painter.drawText(clock, Qt.AlignmentFlag.AlignVCenter, text)
        bottom = rect.top() + RULER
        for frame in ticks(scale):
            x = scale.x(frame)
            painter.setPen(QColor(theme.LINE))
            painter.drawLine(QPointF(x, bottom - 8), QPointF(x, bottom))
            painter.setPen(QColor(theme.QUIET))
            label = QRectF(x + 4, rect.top() + 2, 80, RULER - 6)
            if label.left() + 30 < rect.width():
                painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, str(frame))
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(QPointF(0, bottom - 0.5), QPointF(rect.width(), bottom - 0.5))
        if content.work_range is not None:
            left, right = scale.x(content.work_range.start), scale.x(content.work_range.stop)
            painter.fillRect(QRectF(left, bottom - 3, right - left, 3), QColor(theme.TEXT))


SPEC = LaneSpec("ruler", 0, lambda _sources, _redraw: RulerLane())
