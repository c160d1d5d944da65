"""The command palette: type a few letters, press Enter, and the command is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme
from app.shell.keys.palette_search import Entry, found
from app.shell.palette_row import ENTRY, PaletteRow
from app.shell.settings import UserSettings
from app.shell.words import strip_marks

_WIDTH = 560
_ROWS = 12
_TOP = 40
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class Palette(QFrame):
    """Palette of the menus' actions; goes when one is given, at Esc and at a click elsewhere.

    It is a popup: the window keeps the focus where it was.

    Args:
        menus: the window's menu bar.
        user: remembers what was used.
        reason: why a command that is disabled cannot be given, in one sentence.
        parent: the window.
    """

    def __init__(
        self, menus: QMenuBar, user: UserSettings, reasons: Mapping[str, str], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self._user = user
        self._reasons = reasons
        self._actions = dict(_list_actions(menus))
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Type a command"))
        self.line.setAccessibleName(self.tr("Command"))
        self.line.textChanged.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(PaletteRow(self.list))
        self.list.itemClicked.connect(self._on_chosen)
        self.hint = QLabel()
        self.hint.setProperty("quiet", True)
        self.hint.setWordWrap(True)
        self._lay_out()
        self._on_typed("")

    def open_over(self, window: QWidget) -> None:
        """Show it at the top of a window."""
        width = min(_WIDTH, window.width() - 4 * theme.GRID)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, _TOP)))
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list and choose from it while the line has the focus."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in _MOVES:
            self._move(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_chosen(self.list.currentItem())
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            pass  # there is nowhere else to go
        else:
            return super().eventFilter(watched, event)
        return True

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        for widget in (self.line, self.list, self.hint):
            layout.addWidget(widget)
        self.list.setFixedHeight(_ROWS * PaletteRow.HEIGHT)

    def _move(self, by: int) -> None:
        count = self.list.count()
        if count:
            row = self.list.currentRow() + by
            self.list.setCurrentRow(row % count if abs(by) == 1 else min(max(row, 0), count - 1))

    @Slot(str)
    def _on_typed(self, query: str) -> None:
        entries = [_entry(key, path, action) for key, (path, action) in self._actions.items()]
        self.list.clear()
        for entry in found(entries, query, self._user.recent_commands):
            item = QListWidgetItem(_accessible_text(entry))
            item.setData(ENTRY, entry)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        if self.list.count():
            self._say(self.tr("Up and Down choose, Enter gives the command, Esc closes."))
        else:
            self._say(self.tr("Nothing is called that; type the beginning of a word of its name."))

    @Slot(QListWidgetItem)
    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        entry: Entry = item.data(ENTRY)
        _, action = self._actions[entry.id]
        if not action.isEnabled():
            text = self.tr("“{name}” cannot be done now.").format(name=entry.name)
            self._say(self._reasons.get(entry.id) or text)
            return
        self._user.add_recent_command(entry.id)
        self.close()
        # Only once the popup is gone has the window its focus back, which the command may look at.
        QTimer.singleShot(0, action, action.trigger)

    def _say(self, text: str) -> None:
        self.hint.setText(text)


def _list_actions(menus: QMenuBar) -> Iterator[tuple[str, tuple[str, QAction]]]:
    for action in menus.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _in_menu(menu, strip_marks(action.text()))


def _in_menu(menu: QMenu, path: str) -> Iterator[tuple[str, tuple[str, QAction]]]:
    for action in menu.actions():
        inner = action.menu()
        name = strip_marks(action.text())
        if isinstance(inner, QMenu):
            yield from _in_menu(inner, f"{path} › {name}")
        elif not action.isSeparator():
            yield action.objectName() or f"{path} › {name}", (path, action)


def _entry(key: str, path: str, action: QAction) -> Entry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(
        key, strip_marks(action.text()), path, keys, action.isEnabled(), action.isChecked()
    )


def _accessible_text(entry: Entry) -> str:
    return ", ".join(part for part in (entry.name, entry.path, entry.keys) if part)
