"""Wipe and side by side on the canvas; moving the line costs no new picture."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QSinglePointEvent

from app.canvas.controls.wipe_items import HANDLE, PartImage, WipeLine
from app.canvas.pictures.picture import Compare, Picture
from app.canvas.tools.gestures import Gesture
from app.canvas.view import Canvas
from app.model.look import Comparison
from app.shell import theme
from app.shell.caption_label import caption_label
from matting_core.types import Size

_REACH = 4
"""Screen pixels from the line at which it is taken hold of."""
_GAP = 0.01
"""Between two pictures side by side, in widths of the frame."""

_PRESSES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.TabletPress,
)
_MOVES = (QEvent.Type.MouseMove, QEvent.Type.TabletMove)
_RELEASES = (QEvent.Type.MouseButtonRelease, QEvent.Type.TabletRelease)


class ComparisonView(QObject):
    """The other picture of a comparison: right of the line, or right of the picture."""

    def __init__(self, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._compare: Compare | None = None
        self._size = Size(1, 1)
        self._place = 0.5
        self._held = False
        self._shift = 0.0
        self._other = PartImage()
        self._line = WipeLine()
        self.names = caption_label(canvas), caption_label(canvas)
        canvas.add_item(self._other, 1)
        for item in self._line.items:
            canvas.add_item(item, 5)
        canvas.viewport().installEventFilter(self)
        canvas.moved.connect(self._place_names)
        self._arrange()

    @property
    def how(self) -> Comparison | None:
        """Which comparison is on screen."""
        return None if self._compare is None else self._compare.how

    @property
    def line(self) -> float:
        """The column of the frame at which the line stands."""
        return self._place * self._size.width

    def show_picture(self, picture: Picture, names: tuple[str, str]) -> None:
        """Compare a picture with its other one, or not if it has none.

        Args:
            picture: what to show.
            names: what the two are called.
        """
        self._compare = picture.request.compare
        self._size = Size(picture.rgb.shape[1], picture.rgb.shape[0])
        if picture.other is None:
            self._compare = None
        else:
            self._other.setImage(picture.other, autoLevels=False, levels=None)
        for label, name in zip(self.names, names, strict=True):
            label.setText(name)
            label.adjustSize()
        self._arrange()

    def move_by(self, part: float) -> None:
        """Move the line by a part of the frame's width, to the right if it is positive."""
        self._move_to((self._place + part) * self._size.width)

    def homed(self, gesture: Gesture) -> Gesture:
        """A gesture on the picture at the right means the same place of the frame."""
        if gesture.kind == "press":
            self._shift = self._offset if self._is_right(gesture.xy[0]) else 0.0
        return replace(gesture, xy=(gesture.xy[0] - self._shift, gesture.xy[1]))

    def to_frame(self, place: QPointF) -> QPointF:
        """The place of the frame that is seen at a place of the canvas."""
        shift = self._offset if self._is_right(place.x()) else 0.0
        return QPointF(place.x() - shift, place.y())

    def is_other(self, place: QPointF) -> bool:
        """Whether a place of the canvas shows the other picture."""
        if self.how is Comparison.WIPE:
            return place.x() >= self.line
        return self._is_right(place.x())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what the mouse does to the line; all else is the canvas's."""
        if self.how is Comparison.WIPE and isinstance(event, QSinglePointEvent):
            return self._took(event)
        return super().eventFilter(watched, event)

    @property
    def _offset(self) -> float:
        """How far right the other picture stands."""
        beside = self.how is Comparison.BESIDE
        return self._size.width * (1 + _GAP) if beside else 0.0

    def _is_right(self, x: float) -> bool:
        return self._offset > 0 and x >= self._offset

    def _took(self, event: QSinglePointEvent) -> bool:
        kind, left = event.type(), event.button() == Qt.MouseButton.LeftButton
        if kind in _PRESSES and left:
            self._held = self._is_at(event.position())
            return self._held
        if kind in _MOVES and self._held:
            self._move_to(self._canvas.to_image(event.position()).x())
            return True
        if kind in _MOVES and not event.buttons():
            self._show_hand(self._is_at(event.position()))
        if kind in _RELEASES and left and self._held:
            self._held = False
            return True
        return False

    def _is_at(self, position: QPointF) -> bool:
        top = self._canvas.to_widget((self.line, 0))
        bottom = self._canvas.to_widget((self.line, self._size.height))
        across, down = abs(position.x() - top.x()), position.y()
        on_handle = abs(down - (top.y() + bottom.y()) / 2) <= HANDLE / 2 and across <= HANDLE / 2
        return on_handle or (across <= _REACH and top.y() <= down <= bottom.y())

    def _show_hand(self, on_line: bool) -> None:
        viewport = self._canvas.viewport()
        if on_line:
            viewport.setCursor(Qt.CursorShape.SplitHCursor)
        elif viewport.cursor().shape() == Qt.CursorShape.SplitHCursor:
            viewport.unsetCursor()

    def _move_to(self, x: float) -> None:
        self._place = min(max(x / self._size.width, 0.0), 1.0)
        self._arrange()

    def _arrange(self) -> None:
        wiping, how = self.how is Comparison.WIPE, self.how
        self._other.setVisible(how is not None)
        for item in self._line.items:
            item.setVisible(wiping)
        for label in self.names:
            label.setVisible(how is not None)
        if not wiping:
            self._held = False
            self._show_hand(False)
        whole = QRectF(0, 0, *self._size)
        self._other.setPos(self._offset, 0)
        self._other.show_part(whole.adjusted(self.line, 0, 0, 0) if wiping else whole)
        self._line.show_at(self.line, self._size)
        self._canvas.set_room(self._offset)
        self._place_names()

    @Slot()
    def _place_names(self) -> None:
        if self.how is None:
            return
        left, right = self.names
        gap, row = theme.GRID, left.height() + theme.GRID
        end = round(self._canvas.to_widget((0, self._size.height)).y())
        y = min(end, self._canvas.height() - row) - row  # above the row of the caption
        if self.how is Comparison.WIPE:
            x = round(self._canvas.to_widget((self.line, 0)).x())
            left.move(x - gap - left.width(), y)
            right.move(x + gap, y)
            return
        for label, start in zip(self.names, (0.0, self._offset), strict=True):
            middle = self._canvas.to_widget((start + self._size.width / 2, 0)).x()
            label.move(round(middle) - label.width() // 2, y)
