"""The table of commands and keys: one line for each, under a heading for each menu."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.shell import theme
from app.shell.commands import MENUS, Command, CommandTable
from app.shell.keys.bindings import native
from app.shell.words import strip_marks, translate

_ID = Qt.ItemDataRole.UserRole
_NAME, _KEYS = range(2)


class KeysTable(QTreeWidget):
    """Table of all commands, or of those that are searched for."""

    chosen = Signal()

    def __init__(self, actions: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bindings = actions.bindings
        self.setAccessibleName(self.tr("Commands"))
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.header().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(_KEYS, QHeaderView.ResizeMode.ResizeToContents)
        self._items = {command.id: _item(command) for command in actions.commands}
        self._headings: dict[str, QTreeWidgetItem] = {}
        for menu, title in MENUS.items():
            self._headings[menu] = self._add_heading(strip_marks(translate(title)))
            for command in actions.commands:
                if command.menu == menu:
                    self.addTopLevelItem(self._items[command.id])
        self.show_keys()
        self.currentItemChanged.connect(self._on_current_changed)

    @property
    def command_id(self) -> str | None:
        """The chosen command."""
        item = self.currentItem()
        data = item.data(_NAME, _ID) if item is not None else None
        return str(data) if data is not None else None

    @property
    def found(self) -> bool:
        """Whether any command is in sight."""
        return any(not item.isHidden() for item in self._items.values())

    def choose(self, command_id: str) -> None:
        """Choose a command."""
        self.setCurrentItem(self._items[command_id])

    def show_keys(self) -> None:
        """Show the keys as they are now; those that the user chose are bright."""
        for command_id, item in self._items.items():
            item.setText(_KEYS, "   ".join(map(native, self._bindings.keys(command_id))))
            own = self._bindings.changed_by_user(command_id)
            item.setForeground(_KEYS, QBrush(QColor(theme.ACCENT if own else theme.QUIET)))

    @Slot(str)
    def search(self, text: str) -> None:
        """Show only commands whose name, menu or keys contain every word of `text`."""
        words = text.casefold().split()
        filled = set()
        for command_id, item in self._items.items():
            menu = command_id.partition(".")[0]
            about = f"{self._headings[menu].text(_NAME)} {item.text(_NAME)} {item.text(_KEYS)}"
            fits = all(word in about.casefold() for word in words)
            item.setHidden(not fits)
            if fits:
                filled.add(menu)
        for menu, heading in self._headings.items():
            heading.setHidden(menu not in filled)
        self._choose_visible()

    def _choose_visible(self) -> None:
        """Where the chosen command is out of sight, choose the first one that is seen."""
        current = self.currentItem()
        if current is not None and not current.isHidden():
            return
        seen = [item for item in self._items.values() if not item.isHidden()]
        if seen:
            self.setCurrentItem(seen[0])

    def _add_heading(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([title])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(_NAME)
        font.setBold(True)
        item.setFont(_NAME, font)
        self.addTopLevelItem(item)
        return item

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, _item: object, _before: object) -> None:
        self.chosen.emit()


def _item(command: Command[Any]) -> QTreeWidgetItem:
    item = QTreeWidgetItem([strip_marks(translate(command.text)), ""])
    item.setData(_NAME, _ID, command.id)
    return item
