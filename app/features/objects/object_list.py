"""The list of objects as a widget: rows that are dragged to other places, and renamed by F2."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QWidget

NAME, EYE, SOLO, LOCK, COLOR = range(5)
"""Columns; on screen the name comes last."""
_CELL = 26
ROW_HEIGHT = 28


class ObjectList(QTreeWidget):
    """List that asks for moves and names; its rows stay until somebody fills it again."""

    moved = Signal(int, int)
    """Carries the row that was dragged, and the row that it is to have then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(5)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setIconSize(QSize(16, 16))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_CELL)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, SOLO, LOCK, COLOR):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, _CELL)
        header.moveSection(NAME, COLOR)

    def rename(self, row: int) -> None:
        """Let the user edit a row's name in place."""
        item = self.topLevelItem(row)
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.editItem(item, NAME)

    def event(self, event: QEvent) -> bool:
        """Take F2 here, which is a view's key elsewhere."""
        is_ours = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2
        if is_ours and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the current row."""
        if event.key() == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.rename(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move instead of making it."""
        row, to = self.currentIndex().row(), self._row_at(event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if row >= 0 and to != row:
            self.moved.emit(row, to)

    def _row_at(self, place: QPoint) -> int:
        """The row that the current one gets when it is dropped at a place."""
        target, row = self.indexAt(place), self.currentIndex().row()
        if not target.isValid():
            return self.topLevelItemCount() - 1
        below = place.y() > self.visualRect(target).center().y()
        to = target.row() + (1 if below else 0)
        return to - 1 if to > row else to
