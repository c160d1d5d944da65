"""Status of an object's frames: spans, doubt, arrows, keyframes and prompts."""

from __future__ import annotations

from functools import partial
from math import ceil

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.shell import theme
from app.timeline.content import Row
from app.timeline.geometry import GovernedSpan, StatusSpan, TimeScale, reaches, spans
from app.timeline.lanes.base import Lane, LaneSpec, LaneView
from app.timeline.rows import ROW
from matting_core.results.status import Status
from matting_core.types import FrameRange

_DIAMOND = 5.0
_LOCK = 3.0
_DOUBT = 3.0
_DASH = 4.0
_ARROW = 3.5
_ARROW_ROOM = 24
_KEY = 2.5
_BAR = 10


class StatusLane(Lane):
    """Bar of one object: which frames have mattes, are stale, doubtful, lost, locked or absent."""

    height = ROW

    def paint(self, painter: QPainter, view: LaneView) -> None:
        """Draw the bar, and on it arrows, keyframes and prompts."""
        row, scale, rect = view.row, view.scale, view.rect
        if row is None:
            return
        track = QRectF(scale.left, rect.center().y() - _BAR / 2, scale.width, _BAR)
        painter.fillRect(track, QColor(theme.WINDOW))
        found = spans(row.statuses)
        for span in found:
            _paint_span(painter, scale, track, span, row.color)
        for span in found:  # over their neighbours: one frame may be narrower than a dash
            if span.status is Status.DOUBTFUL:
                _paint_doubt(painter, scale, track, span)
        if row.active and view.content.selected is not None:
            _paint_selected(painter, scale, rect, view.content.selected)
        for frame in row.finishing_frames:
            _paint_key(painter, QPointF(scale.middle(frame), rect.bottom() - _KEY))
        for reach in reaches(row.prompt_frames, view.content.length):
            _paint_arrow(painter, scale, rect.center().y(), reach)
        for frame in row.prompt_frames:
            _paint_diamond(painter, QPointF(scale.middle(frame), rect.center().y()))

    def describe(self, frame: int, row: Row) -> str:
        """Say what the status of a frame is, and what to do about it."""
        if frame >= len(row.statuses):
            return ""
        tr = partial(QCoreApplication.translate, "Timeline")
        words = {
            Status.NONE: tr("no matte"),
            Status.FRESH: tr("matte ready"),
            Status.STALE: tr("stale: update it (Ctrl+U)"),
            Status.LOST: tr("object not found: add a prompt"),
            Status.LOCKED: tr("locked: it stays as it is"),
            Status.ABSENT: tr("the object is not there"),
            Status.DOUBTFUL: tr("the tracker doubts it: if it is wrong, correct it"),
        }
        return f"{row.name}: {words[Status(int(row.statuses[frame]))]}"


def _paint_span(
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


def _paint_doubt(painter: QPainter, scale: TimeScale, track: QRectF, span: StatusSpan) -> None:
    """Draw light dashes along the top, wide enough to be seen on a single frame."""
    left, right = scale.x(span.start), scale.x(span.stop)
    band = QRectF(left, track.top(), max(right - left, _DASH), _DOUBT)
    painter.fillRect(band, QColor(theme.WINDOW))
    for number in range(ceil(band.width() / (2 * _DASH))):
        left = band.left() + number * 2 * _DASH
        width = min(_DASH, band.right() - left)
        painter.fillRect(QRectF(left, band.top(), width, _DOUBT), QColor(theme.TEXT))


def _paint_arrow(painter: QPainter, scale: TimeScale, middle: float, reach: GovernedSpan) -> None:
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


def _paint_selected(
    painter: QPainter, scale: TimeScale, rect: QRectF, selected: FrameRange
) -> None:
    """Outline the selected span."""
    left, right = scale.x(selected.start), scale.x(selected.stop)
    painter.setPen(QPen(QColor(theme.ACCENT), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(left, rect.top() + 2, max(right - left, 2.0), rect.height() - 4))


def _paint_key(painter: QPainter, middle: QPointF) -> None:
    """Draw a small dot below the bar: the matte's finishing has a keyframe."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ACCENT))
    painter.drawEllipse(middle, _KEY, _KEY)
    painter.restore()


def _paint_diamond(painter: QPainter, middle: QPointF) -> None:
    """Draw a diamond where the object is prompted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.WINDOW), 1.5))
    painter.setBrush(QColor(theme.TEXT))
    corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
    painter.restore()


SPEC = LaneSpec("status", 0, lambda _sources, _redraw: StatusLane(), per_object=True)
