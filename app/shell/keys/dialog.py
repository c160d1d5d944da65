"""All shortcuts, and giving commands others; a key that is taken says so before it moves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme
from app.shell.commands import CommandTable
from app.shell.keys.bindings import native
from app.shell.keys.table import KeysTable
from app.shell.words import strip_marks, translate

_SIZE = (560, 640)


class KeysDialog(QDialog):
    """Dialog of the commands with their keys; what is changed counts at once.

    Args:
        actions: the commands of the window and their keys.
        parent: the window.
    """

    def __init__(self, actions: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self._actions, self._bindings = actions, actions.bindings
        self._wanted = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a command or a key"))
        self.search.setAccessibleName(self.tr("Find a command or a key"))
        self.search.setClearButtonEnabled(True)
        self.table = KeysTable(actions)
        self.record = QKeySequenceEdit()
        self.record.setMaximumSequenceLength(1)
        self.record.setToolTip(self.tr("Click here, then press the new key"))
        self.record.setAccessibleName(self.tr("New key"))
        self.news = QLabel()
        self.news.setWordWrap(True)
        self.news.setMinimumHeight(2 * self.news.fontMetrics().lineSpacing())  # nothing jumps
        self.take = self._button(self.tr("&Take it"), self._on_take)
        self.leave = self._button(self.tr("&Leave it"), self._on_leave)
        self.reset = self._button(self.tr("&Reset this command"), self._on_reset)
        self.reset_all = self._button(self.tr("Reset &all"), self._on_reset_all)
        self._lay_out()
        self.resize(*_SIZE)
        self.search.textChanged.connect(self._on_searched)
        self.table.chosen.connect(self._on_chosen)
        self.record.editingFinished.connect(self._on_recorded)
        self._bindings.changed.connect(self._on_changed)
        self.table.choose(actions.commands[0].id)

    @property
    def command_id(self) -> str | None:
        """The command that is chosen."""
        return self.table.command_id

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&New key"))
        label.setBuddy(self.record)
        self._about = QLabel()
        self._about.setProperty("heading", True)
        self._keys_row = QHBoxLayout()
        self._keys_row.setSpacing(theme.GRID)
        entry = QHBoxLayout()
        for widget in (label, self.record):
            entry.addWidget(widget)
        entry.addStretch(1)
        entry.addWidget(self.reset)
        said = QHBoxLayout()
        said.addWidget(self.news, 1)
        said.addWidget(self.take)
        said.addWidget(self.leave)
        end = QHBoxLayout()
        end.addWidget(self.reset_all)
        end.addStretch(1)
        end.addWidget(self._button(self.tr("Close"), self.close))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._about)
        for row in (self._keys_row, entry, said, end):
            layout.addLayout(row)

    def _name(self, command_id: str) -> str:
        command = next(each for each in self._actions.commands if each.id == command_id)
        return strip_marks(translate(command.text))

    def _say(self, text: str, wanted: str = "") -> None:
        """Show a line; with a key that is wanted, also the two answers."""
        self._wanted = wanted
        self.news.setText(text)
        for button in (self.take, self.leave):
            button.setVisible(bool(wanted))

    def _show_keys(self) -> None:
        while (item := self._keys_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        command_id = self.command_id
        for key in self._bindings.keys(command_id) if command_id is not None else ():
            button = QToolButton()
            button.setProperty("primary", True)
            button.setText(f"{native(key)}  ×")
            button.setToolTip(self.tr("Take {key} away from this command").format(key=native(key)))
            button.clicked.connect(lambda _on=False, key=key: self._on_removed(key))
            self._keys_row.addWidget(button)
        if not self._keys_row.count():
            none = QLabel(self.tr("It has no key; press one in the field below."))
            none.setProperty("quiet", True)
            none.setMinimumHeight(32)
            self._keys_row.addWidget(none)
        self._keys_row.addStretch(1)

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        self.table.search(text)
        if not self.table.found:
            self._say(self.tr("Nothing is called that; type a part of a name or of a key."))
        elif not self._wanted:
            self._say("")

    @Slot()
    def _on_chosen(self) -> None:
        command_id = self.command_id
        chosen = command_id is not None
        text = self._name(command_id) if command_id is not None else self.tr("Choose a command")
        self._about.setText(text)
        self.record.setEnabled(chosen)
        self.record.clear()
        self.reset.setEnabled(command_id is not None and self._bindings.changed_by_user(command_id))
        self._show_keys()
        self._say("")

    @Slot()
    def _on_changed(self) -> None:
        self.table.show_keys()
        self._on_chosen()

    @Slot()
    def _on_recorded(self) -> None:
        sequence, command_id = self.record.keySequence(), self.command_id
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        if not key or command_id is None:
            return
        holder = self._bindings.holder(key)
        if self._bindings.refusal(key):
            self.record.clear()
            self._say(self._bindings.refusal(key))
        elif holder not in (None, command_id):
            text = self.tr("{key} is the key of “{name}”; take it from there?")
            self._say(text.format(key=native(key), name=self._name(str(holder))), key)
        else:
            self._give(command_id, key)

    def _give(self, command_id: str, key: str) -> None:
        self._bindings.add(command_id, key)
        text = self.tr("{key} now gives “{name}”.")
        self._say(text.format(key=native(key), name=self._name(command_id)))

    def _on_removed(self, key: str) -> None:
        if self.command_id is not None:
            self._bindings.remove(self.command_id, key)
            self._say(self.tr("{key} is free now.").format(key=native(key)))

    @Slot()
    def _on_take(self) -> None:
        if self.command_id is not None and self._wanted:
            self._give(self.command_id, self._wanted)

    @Slot()
    def _on_leave(self) -> None:
        self.record.clear()
        self._say("")

    @Slot()
    def _on_reset(self) -> None:
        if self.command_id is None:
            return
        self._bindings.reset(self.command_id)
        if self._bindings.changed_by_user(self.command_id):
            text = self.tr("Other commands hold the rest of its keys; take them, or reset all.")
            self._say(text)

    @Slot()
    def _on_reset_all(self) -> None:
        self._bindings.reset_all()
        self._say(self.tr("All commands have their own keys again."))
