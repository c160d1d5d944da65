"""Timeline: ruler, thumbnails, in and out, and for each object its prompts and tracked spans."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from app.shell import theme
from app.shell.debounce import Debounce
from app.shell.keys.panel_cycle import MAIN
from app.timeline.content import Row, TimelineContent, content_of
from app.timeline.geometry import RULER, TimeScale, timecode
from app.timeline.lanes.base import Lane, LaneSources, LaneView, lane_specs
from app.timeline.rows import RowScroll
from matting_core.types import FrameRange

_NAMES = 120
_PAD = 12


class Timeline(QWidget):
    """Timeline that shows the model and moves its playhead.

    A click or drag seeks, a click on a name chooses the object, a drag with Shift selects a span of
    the active object's frames.

    Args:
        sources: what the lanes show.
    """

    def __init__(self, sources: LaneSources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model = sources.model
        self._content = TimelineContent()
        self._span_from: int | None = None
        made = [(spec.per_object, spec.make(sources, self.update)) for spec in lane_specs()]
        self._clip_lanes = [lane for per_object, lane in made if not per_object]
        self._object_lanes = [lane for per_object, lane in made if per_object]
        self._head, self._row = _height(self._clip_lanes), _height(self._object_lanes)
        self._rows = RowScroll(self, self._head, self._row)
        self._rows.valueChanged.connect(self.update)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(MAIN, True)
        signals = model.results.changed, model.view.active_changed, model.view.span_changed
        redraw = Debounce(self._on_redraw, self).after(model.document.changed, *signals)
        redraw.start()
        model.view.playhead_moved.connect(self._on_playhead_moved)

    def show_content(self, content: TimelineContent) -> None:
        """Draw other content."""
        rows_changed = len(content.rows) != len(self._content.rows)
        self._content = content
        self._rows.show_rows(len(content.rows), content.active_row)
        if rows_changed:
            self.updateGeometry()
        self._lay_out_lanes()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out rows and lanes anew."""
        super().resizeEvent(event)
        self._rows.fit()
        self._lay_out_lanes()

    def event(self, event: QEvent) -> bool:
        """On a screen with finer pixels, lay out the lanes anew."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._lay_out_lanes()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows."""
        QApplication.sendEvent(self._rows, event)

    @property
    def content(self) -> TimelineContent:
        """What is drawn."""
        return self._content

    @property
    def scale(self) -> TimeScale:
        """Where frames are."""
        width = max(self.width() - _NAMES - _PAD, 1)
        return TimeScale(_NAMES, width, self._content.length)

    def row_rect(self, row: int) -> QRectF:
        """Where an object's row is."""
        return QRectF(0, self._rows.row_top(row), self.width(), self._row)

    def sizeHint(self) -> QSize:
        """Room for the lanes of the clip and a few objects; for more the window must not grow."""
        return QSize(640, self._head + self._rows.room + 4)

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return QSize(320, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek, or choose the object whose name was clicked."""
        row = self._row_at(event.position())
        if row is not None:
            self._model.view.set_active(row.object_id)
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() >= _NAMES:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._span_from = self.scale.frame(event.position().x()) if shift else None
            if not shift:
                self._model.view.select_span(None)
            self._drag_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek while dragged, else say what is under the cursor."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event)
        elif self._content.length and event.position().x() >= _NAMES:
            text = self._describe(event.position())
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose the object above and below; the playhead has its own keys."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        rows, active = self._content.rows, self._content.active_row
        if active is not None and 0 <= active + step < len(rows):
            self._model.view.set_active(rows[active + step].object_id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything; clips of any length cost about as much as the widget is wide."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        if not self._content.length:
            painter.setPen(QColor(theme.QUIET))
            text = self.tr("Open a clip: its timeline appears here.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        self._paint_lanes(painter, self._clip_lanes, 0, None)
        painter.setClipRect(0, self._head, self.width(), self.height() - self._head)
        for number, row in enumerate(self._content.rows):
            rect = self.row_rect(number)
            _paint_name(painter, rect, row)
            self._paint_lanes(painter, self._object_lanes, rect.top(), row)
        painter.setClipping(False)
        if self._content.work_range is not None:
            _paint_outside(painter, self.scale, self._content.work_range, self.height())
        _paint_playhead(painter, self.scale, self._model.view.frame, self.size())

    def _paint_lanes(
        self, painter: QPainter, lanes: list[Lane], top: float, row: Row | None
    ) -> None:
        for lane in lanes:
            rect = QRectF(0, top, self.width(), lane.height)
            frame = self._model.view.frame
            lane.paint(painter, LaneView(rect, self.scale, self._content, frame, row))
            top += lane.height

    def _lay_out_lanes(self) -> None:
        for lane in (*self._clip_lanes, *self._object_lanes):
            lane.lay_out(self.scale, self._content, self.devicePixelRatioF())

    def _drag_to(self, event: QMouseEvent) -> None:
        """Seek, or where the drag began with Shift select all frames that it covers."""
        frame = self.scale.frame(event.position().x())
        if not self._content.length:
            return
        if self._span_from is None:
            self._model.playback.seek(frame)
        else:
            ends = sorted((self._span_from, frame))
            self._model.view.select_span(FrameRange(ends[0], ends[1] + 1))

    def _row_at(self, position: QPointF) -> Row | None:
        number = self._rows.row_at(position.y())
        return None if number is None else self._content.rows[number]

    def _describe(self, position: QPointF) -> str:
        frame = self.scale.frame(position.x())
        time = timecode(frame, self._content.rate)
        texts = [self.tr("Frame {frame} · {time}").format(frame=frame, time=time)]
        row = self._row_at(position)
        if row is not None:
            texts += [lane.describe(frame, row) for lane in self._object_lanes]
        return " · ".join(filter(None, texts))

    @Slot()
    def _on_redraw(self) -> None:
        self.show_content(content_of(self._model))

    @Slot()
    def _on_playhead_moved(self) -> None:
        self.update()


def _height(lanes: list[Lane]) -> int:
    return sum(lane.height for lane in lanes)


def _paint_name(painter: QPainter, rect: QRectF, row: Row) -> None:
    """Draw a row's background, colour and name."""
    if row.active:
        painter.fillRect(rect, QColor(theme.RAISED))
    painter.fillRect(QRectF(theme.GRID, rect.center().y() - 5, 10, 10), QColor(row.color))
    painter.setPen(QColor(theme.TEXT if row.active else theme.QUIET))
    room = QRectF(26, rect.top(), _NAMES - 34, rect.height())
    elide = Qt.TextElideMode.ElideRight
    name = painter.fontMetrics().elidedText(row.name, elide, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)


def _paint_outside(painter: QPainter, scale: TimeScale, work: FrameRange, height: int) -> None:
    """Shade what lies before in and after out."""
    shade = QColor(theme.WINDOW)
    shade.setAlpha(170)
    start, stop, end = scale.x(work.start), scale.x(work.stop), scale.left + scale.width
    painter.fillRect(QRectF(scale.left, 0, start - scale.left, height), shade)
    painter.fillRect(QRectF(stop, 0, end - stop, height), shade)


def _paint_playhead(painter: QPainter, scale: TimeScale, frame: int, size: QSize) -> None:
    """Draw a line over all lanes, and the frame's number in the ruler."""
    x, number = scale.middle(frame), str(frame)
    painter.setPen(QPen(QColor(theme.ACCENT), 1))
    painter.drawLine(QPointF(x, 0), QPointF(x, size.height()))
    width = painter.fontMetrics().horizontalAdvance(number) + 10
    left = min(max(x - width / 2, _NAMES), size.width() - width)
    flag = QRectF(left, 3, width, RULER - 10)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ACCENT))
    painter.drawRoundedRect(flag, 3, 3)
    painter.setPen(QColor(theme.WINDOW))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, number)
