"""Scroll bar of the timeline's rows."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QScrollBar, QWidget

ROW = 24
"""Height of a row with one lane."""
_WIDTH = 10
_LEAST, _MOST = 2, 4


class RowScroll(QScrollBar):
    """Scroll bar beside the rows, there only while some of them do not fit.

    Args:
        parent: the timeline.
        top: where the rows begin in it.
        height: of a row.
    """

    def __init__(self, parent: QWidget, top: int, height: int = ROW) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._timeline = parent
        self._top = top
        self._height = height
        self._rows = 0
        self._active: int | None = None
        self.setSingleStep(self._height)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    @property
    def room(self) -> int:
        """The height that the rows ask for: that of a few, however many there are."""
        return self._height * min(max(self._rows, _LEAST), _MOST)

    def show_rows(self, rows: int, active: int | None) -> None:
        """Scroll so many rows; one that has become the active one comes into sight."""
        moved = (rows, active) != (self._rows, self._active)
        self._rows, self._active = rows, active
        self.fit()
        if moved:
            self._reveal()

    def fit(self) -> None:
        """Take the place beside the rows, in a timeline of another size."""
        width, height = self._timeline.width(), self._timeline.height() - self._top
        hidden = self._height * self._rows - height
        self.setGeometry(QRect(width - _WIDTH, self._top, _WIDTH, max(height, 0)))
        self.setPageStep(max(height, 1))
        self.setMaximum(max(hidden, 0))
        self.setVisible(hidden > 0)

    def row_top(self, row: int) -> int:
        """Where a row begins in the timeline."""
        return self._top + row * self._height - self.value()

    def row_at(self, y: float) -> int | None:
        """The row at a height of the timeline."""
        row = int((y - self._top + self.value()) // self._height)
        return row if y >= self._top and 0 <= row < self._rows else None

    def _reveal(self) -> None:
        if self._active is not None:
            start = self._active * self._height
            self.setValue(min(max(self.value(), start + self._height - self.pageStep()), start))
