"""How the palette draws a command: name, menu, shortcut; dimmed while it cannot be given."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.shell import theme
from app.shell.keys.palette_search import Entry

ENTRY = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MARK = 14


class PaletteRow(QStyledItemDelegate):
    """Row of the palette: draws the `Entry` that an item carries."""

    HEIGHT = 28

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line; the list gives it its own width."""
        return QSize(0, self.HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one command."""
        entry: Entry = index.data(ENTRY)
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.LINE))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(theme.ACCENT))
        room = rect.adjusted(theme.GRID, 0, -theme.GRID, 0)
        name = QColor(theme.TEXT if entry.enabled else theme.DISABLED)
        quiet = QColor(theme.QUIET if entry.enabled else theme.DISABLED)
        if entry.checked:
            painter.setPen(QColor(theme.ACCENT))
            painter.drawText(room, _LEFT, "✓")
        keys_width = painter.fontMetrics().horizontalAdvance(entry.keys)
        words = room.adjusted(_MARK, 0, -keys_width - 2 * theme.GRID, 0)
        painter.setPen(name)
        used = painter.drawText(words, _LEFT, entry.name)
        painter.setPen(quiet)
        painter.drawText(words.adjusted(used.width() + 2 * theme.GRID, 0, 0, 0), _LEFT, entry.path)
        painter.drawText(room, _RIGHT, entry.keys)
