"""The timeline: ruler, in and out, and for each object its prompts and tracked spans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from app.model.results import Statuses
from app.shell import theme
from app.shell.keys.panel_cycle import MAIN
from app.timeline import marks as marks
from app.timeline.geometry import ThumbnailPlace, TimeScale, reaches, slots, spans, ticks, timecode
from app.timeline.rows import ROW, RowScroll
from app.timeline.thumbnails import HEIGHT
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId

_RULER = 28
_HEAD = _RULER + HEIGHT + 2
_BAR = 10
_NAMES = 120
_PAD = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One object's line."""

    object_id: ObjectId
    name: str
    color: str
    prompt_frames: tuple[int, ...]
    statuses: Statuses
    active: bool
    finishing_frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineContent:
    """All that the timeline draws, besides the playhead."""

    length: int = 0
    rate: Fraction = Fraction(24)
    work_range: FrameRange | None = None
    rows: tuple[Row, ...] = field(default_factory=tuple)
    selected: FrameRange | None = None
    aspect: float = 16 / 9


class Timeline(QWidget):
    """Draws the content; a click or drag asks for a frame, a click on a name for an object.

    A drag with Shift selects a span of an object's frames.
    """

    sought = Signal(int)
    span_chosen = Signal(object)
    """Carries a `FrameRange`, or None where a click without Shift ends the selection."""
    object_chosen = Signal(object)
    thumbnails_wanted = Signal(object)
    """Carries the frames that there is room to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = TimelineContent()
        self._frame = 0
        self._span_from: int | None = None
        self._slots: tuple[ThumbnailPlace, ...] = ()
        self._thumbnail: Callable[[int], QImage | None] = lambda _frame: None
        self._rows = RowScroll(self, _HEAD)
        self._rows.valueChanged.connect(self.update)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(MAIN, True)

    def show_content(self, content: TimelineContent) -> None:
        """Draw other content."""
        rows_changed = len(content.rows) != len(self._content.rows)
        self._content = content
        self._rows.show_rows(len(content.rows), self._active_row)
        if rows_changed:
            self.updateGeometry()
        self._lay_slots()
        self.update()

    def set_thumbnails(self, image: Callable[[int], QImage | None]) -> None:
        """Say where to get the small pictures of frames."""
        self._thumbnail = image

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for other thumbnails."""
        super().resizeEvent(event)
        self._rows.fit()
        self._lay_slots()

    def event(self, event: QEvent) -> bool:
        """On a screen with finer pixels, ask for other thumbnails."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._want_thumbnails()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows."""
        QApplication.sendEvent(self._rows, event)

    def set_frame(self, frame: int) -> None:
        """Move the playhead."""
        self._frame = frame
        self.update()

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
        """Where an object's line is."""
        return QRectF(0, self._rows.row_top(row), self.width(), ROW)

    def sizeHint(self) -> QSize:
        """Room for the ruler and a few objects; with the others the window must not grow."""
        return QSize(640, _HEAD + self._rows.room + 4)

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return QSize(320, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek, or choose the object whose name was clicked."""
        row = self._row_at(event.position())
        if row is not None:
            self.object_chosen.emit(row.object_id)
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() >= _NAMES:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._span_from = self.scale.frame(event.position().x()) if shift else None
            if shift:
                self._choose_span(event)
            else:
                self.span_chosen.emit(None)
                self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek while dragged, else say what is under the cursor."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self._span_from is None:
                self._seek(event)
            else:
                self._choose_span(event)
        elif self._content.length and event.position().x() >= _NAMES:
            text = self._described(event.position())
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose the object above and below; the playhead has its own keys."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        rows, active = self._content.rows, self._active_row
        if active is not None and 0 <= active + step < len(rows):
            self.object_chosen.emit(rows[active + step].object_id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything; clips of any length cost about as much as the widget is wide."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        if not self._content.length:
            painter.setPen(QColor(theme.QUIET))
            text = self.tr("Open a clip: its timeline appears here.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        self._paint_ruler(painter)
        self._paint_thumbnails(painter)
        painter.setClipRect(0, _HEAD, self.width(), self.height() - _HEAD)
        for number, row in enumerate(self._content.rows):
            self._paint_row(painter, self.row_rect(number), row)
        painter.setClipping(False)
        self._paint_range(painter)
        self._paint_playhead(painter)

    def _choose_span(self, event: QMouseEvent) -> None:
        if self._content.length and self._span_from is not None:
            ends = sorted((self._span_from, self.scale.frame(event.position().x())))
            self.span_chosen.emit(FrameRange(ends[0], ends[1] + 1))

    def _seek(self, event: QMouseEvent) -> None:
        if self._content.length:
            self.sought.emit(self.scale.frame(event.position().x()))

    def _row_at(self, position: QPointF) -> Row | None:
        number = self._rows.row_at(position.y())
        return None if number is None else self._content.rows[number]

    @property
    def _active_row(self) -> int | None:
        return next((at for at, row in enumerate(self._content.rows) if row.active), None)

    def _described(self, position: QPointF) -> str:
        frame = self.scale.frame(position.x())
        text = self.tr("Frame {frame} · {time}").format(
            frame=frame, time=timecode(frame, self._content.rate)
        )
        row = self._row_at(position)
        if row is None or frame >= len(row.statuses):
            return text
        said = {
            Status.NONE: self.tr("no matte"),
            Status.FRESH: self.tr("matte ready"),
            Status.STALE: self.tr("stale: update it (Ctrl+U)"),
            Status.LOST: self.tr("object not found: add a prompt"),
            Status.LOCKED: self.tr("locked: it stays as it is"),
            Status.ABSENT: self.tr("the object is not there"),
            Status.DOUBTFUL: self.tr("the tracker doubts it: if it is wrong, correct it"),
        }
        return f"{text} · {row.name}: {said[Status(int(row.statuses[frame]))]}"

    def _paint_ruler(self, painter: QPainter) -> None:
        scale = self.scale
        painter.setPen(QColor(theme.QUIET))
        clock = QRectF(theme.GRID, 0, _NAMES - theme.GRID, _RULER)
        painter.drawText(
            clock, Qt.AlignmentFlag.AlignVCenter, timecode(self._frame, self._content.rate)
        )
        for frame in ticks(scale):
            x = scale.x(frame)
            painter.setPen(QColor(theme.LINE))
            painter.drawLine(QPointF(x, _RULER - 8), QPointF(x, _RULER))
            painter.setPen(QColor(theme.QUIET))
            label = QRectF(x + 4, 2, 80, _RULER - 6)
            if label.left() + 30 < self.width():
                painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, str(frame))
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(QPointF(0, _RULER - 0.5), QPointF(self.width(), _RULER - 0.5))

    def _lay_slots(self) -> None:
        laid = slots(self.scale, HEIGHT * self._content.aspect)
        if laid != self._slots:
            self._slots = laid
            self._want_thumbnails()

    def _want_thumbnails(self) -> None:
        self.thumbnails_wanted.emit(tuple(slot.frame for slot in self._slots))

    def _paint_thumbnails(self, painter: QPainter) -> None:
        width = HEIGHT * self._content.aspect
        for slot in self._slots:
            place = QRectF(slot.left + (slot.width - width) / 2, _RULER, width, HEIGHT)
            image = self._thumbnail(slot.frame)
            if image is None:
                painter.fillRect(place, QColor(theme.RAISED))
            else:
                painter.drawImage(place, image)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        scale = self.scale
        if row.active:
            painter.fillRect(rect, QColor(theme.RAISED))
        painter.fillRect(QRectF(theme.GRID, rect.center().y() - 5, 10, 10), QColor(row.color))
        painter.setPen(QColor(theme.TEXT if row.active else theme.QUIET))
        room = QRectF(26, rect.top(), _NAMES - 34, ROW)
        name = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        track = QRectF(scale.left, rect.center().y() - _BAR / 2, scale.width, _BAR)
        painter.fillRect(track, QColor(theme.WINDOW))
        found = spans(row.statuses)
        for span in found:
            marks.paint_span(painter, scale, track, span, row.color)
        for span in found:  # over their neighbours: one frame may be narrower than a dash
            if span.status is Status.DOUBTFUL:
                marks.paint_doubt(painter, scale, track, span)
        if row.active and self._content.selected is not None:
            self._paint_selected(painter, rect, self._content.selected)
        for frame in row.finishing_frames:
            marks.paint_key(painter, QPointF(scale.middle(frame), rect.bottom() - marks.KEY))
        for reach in reaches(row.prompt_frames, self._content.length):
            marks.paint_arrow(painter, scale, rect.center().y(), reach)
        for frame in row.prompt_frames:
            marks.paint_diamond(painter, QPointF(scale.middle(frame), rect.center().y()))

    def _paint_selected(self, painter: QPainter, rect: QRectF, span: FrameRange) -> None:
        left, right = self.scale.x(span.start), self.scale.x(span.stop)
        painter.setPen(QPen(QColor(theme.ACCENT), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, rect.top() + 2, max(right - left, 2.0), rect.height() - 4))

    def _paint_range(self, painter: QPainter) -> None:
        work, scale = self._content.work_range, self.scale
        if work is None:
            return
        shade = QColor(theme.WINDOW)
        shade.setAlpha(170)
        start, stop = scale.x(work.start), scale.x(work.stop)
        end = scale.left + scale.width
        painter.fillRect(QRectF(scale.left, 0, start - scale.left, self.height()), shade)
        painter.fillRect(QRectF(stop, 0, end - stop, self.height()), shade)
        painter.fillRect(QRectF(start, _RULER - 3, stop - start, 3), QColor(theme.TEXT))

    def _paint_playhead(self, painter: QPainter) -> None:
        x = self.scale.middle(self._frame)
        painter.setPen(QPen(QColor(theme.ACCENT), 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        number = str(self._frame)
        width = painter.fontMetrics().horizontalAdvance(number) + 10
        left = min(max(x - width / 2, _NAMES), self.width() - width)
        flag = QRectF(left, 3, width, _RULER - 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT))
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(QColor(theme.WINDOW))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, number)
