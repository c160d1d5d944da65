"""Every command once, as data; menus, toolbar and shortcuts are built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence

from app import theme
from app.editor import Editor
from app.file_dialogs import FileDialogs
from app.words import translated


class Shell(Protocol):
    """What commands act on: the editor, and the few things that need the window."""

    editor: Editor
    file_dialogs: FileDialogs

    def ask_clip(self) -> None:
        """Let the user choose a clip or a project to open."""
        ...

    def ask_folder(self) -> None:
        """Let the user choose a folder of stills to open."""
        ...

    def save(self) -> None:
        """Save to the document's file, or ask for one."""
        ...

    def save_as(self) -> None:
        """Ask for a file and save to it."""
        ...

    def ask_export(self) -> None:
        """Show the export dialog."""
        ...

    def ask_text(self) -> None:
        """Let the user name the object on this frame."""
        ...

    def fit(self) -> None:
        """Show the whole frame."""
        ...

    def zoom_to(self, zoom: float) -> None:
        """Show an image pixel as so many screen pixels."""
        ...

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out."""
        ...

    def show_models(self) -> None:
        """List the models, and offer to get them."""
        ...

    def show_about(self) -> None:
        """Say what Wisp is."""
        ...

    def show_keys(self) -> None:
        """List all shortcuts."""
        ...

    def close(self) -> bool:
        """Close the window."""
        ...


Test = Callable[[Editor], bool]


def always(_editor: Editor) -> bool:
    """For commands that can always be given."""
    return True


def has_clip(editor: Editor) -> bool:
    """For commands that need a clip."""
    return editor.project.clip is not None


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can tell Wisp to do.

    Attributes:
        id: stable name, "menu.what".
        text: as in its menu; `&` marks the key.
        keys: shortcuts, the one that is shown first.
        run: does it.
        enabled_when: whether it can be done now.
        checked_when: whether it is on, for commands that switch something.
        icon: name of a Phosphor icon, for the toolbars.
        separated: whether a line comes before it in its menu.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    run: Callable[[Shell], object]
    enabled_when: Test = always
    checked_when: Test | None = None
    icon: str | None = None
    separated: bool = False

    @property
    def menu(self) -> str:
        """The menu that it is in."""
        return self.id.partition(".")[0]


class ActionSet(QObject):
    """The commands as actions of one window, kept enabled and checked as they should be."""

    def __init__(self, commands: Iterable[Command], shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = shell.editor
        self._commands = {command.id: command for command in commands}
        self._actions = {
            command.id: self._made(command, shell) for command in self._commands.values()
        }
        self.refresh()

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands in the order of the table."""
        return tuple(self._commands.values())

    @Slot()
    def refresh(self) -> None:
        """Ask every command whether it can be given now."""
        for command in self._commands.values():
            action = self._actions[command.id]
            action.setEnabled(command.enabled_when(self._editor))
            if command.checked_when is not None:
                action.setChecked(command.checked_when(self._editor))
        self._name_undo()

    def _name_undo(self) -> None:
        """Undo and redo say what they would undo and redo."""
        stack = self._editor.document.stack
        for command_id, step in (("edit.undo", stack.undoText()), ("edit.redo", stack.redoText())):
            if command_id in self._actions:
                text = translated(self._commands[command_id].text)
                self._actions[command_id].setText(f"{text} {step.lower()}" if step else text)

    def _made(self, command: Command, shell: Shell) -> QAction:
        action = QAction(translated(command.text), self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setCheckable(command.checked_when is not None)
        if command.icon is not None:
            action.setIcon(theme.icon(command.icon))
        plain = action.text().replace("&", "").rstrip("…")
        action.setToolTip(f"{plain} ({shortcut_text(command)})" if command.keys else plain)
        action.triggered.connect(lambda _checked=False: self._run(command, shell))
        return action

    def _run(self, command: Command, shell: Shell) -> None:
        command.run(shell)
        self.refresh()


def shortcut_text(command: Command) -> str:
    """The first shortcut as the system writes it."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
