"""Where the timeline's rows are while there are more than it has room for."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QScrollBar, QWidget

ROW = 24
"""The height of a row."""
_WIDTH = 10
_LEAST, _MOST = 2, 4


class RowScroll(QScrollBar):
    """Scroll bar beside the rows, there only while some of them do not fit.

    Args:
        parent: the timeline.
        top: where the rows begin in it.
    """

    def __init__(self, parent: QWidget, top: int) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._timeline = parent
        self._top = top
        self._rows = 0
        self._active: int | None = None
        self.setSingleStep(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    @property
    def room(self) -> int:
        """The height that the rows ask for: that of a few, however many there are."""
        return ROW * min(max(self._rows, _LEAST), _MOST)

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
        hidden = ROW * self._rows - height
        self.setGeometry(QRect(width - _WIDTH, self._top, _WIDTH, max(height, 0)))
        self.setPageStep(max(height, 1))
        self.setMaximum(max(hidden, 0))
        self.setVisible(hidden > 0)

    def row_top(self, row: int) -> int:
        """Where a row begins in the timeline."""
        return self._top + row * ROW - self.value()

    def row_at(self, y: float) -> int | None:
        """The row at a height of the timeline."""
        row = int((y - self._top + self.value()) // ROW)
        return row if y >= self._top and 0 <= row < self._rows else None

    def _reveal(self) -> None:
        if self._active is not None:
            start = self._active * ROW
            self.setValue(min(max(self.value(), start + ROW - self.pageStep()), start))
