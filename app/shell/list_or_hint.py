"""List, or while it is empty a hint that says how to fill it, in the same place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from app.shell import theme

_LEAST = 56


class ListOrHint(QStackedWidget):
    """Stack of a list and a hint; its least height is two rows, so that all panels fit on 720."""

    def __init__(self, content: QWidget, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._hint = QLabel(hint)
        self._hint.setWordWrap(True)
        self._hint.setProperty("quiet", True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.addWidget(self._hint)
        self.addWidget(content)

    def show_content(self, filled: bool) -> None:
        """Show the content if it is filled, else the hint."""
        self.setCurrentWidget(self._content if filled else self._hint)

    def minimumSizeHint(self) -> QSize:
        """Two rows."""
        return QSize(10 * theme.GRID, _LEAST)
