"""Every command once, as data; menus, toolbar and shortcuts are built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.editor import Editor
from app.shell import theme
from app.shell.keys.bindings import KeyBindings, native
from app.shell.keys.panel_cycle import Step
from app.shell.words import QT_TRANSLATE_NOOP, plain, translated

if TYPE_CHECKING:
    from app.features.files.dialogs import FileDialogs
    from app.shell.window_dialogs import WindowDialogs


class Shell(Protocol):
    """What commands act on: the editor, and the few things that need the window."""

    editor: Editor
    dialogs: WindowDialogs
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

    def show_versions(self) -> None:
        """List the earlier versions of the mattes."""
        ...

    def rename_object(self) -> None:
        """Let the user edit the active object's name in its row."""
        ...

    def ask_object_color(self) -> None:
        """Let the user choose any colour for the active object."""
        ...

    def ask_backdrop_color(self) -> None:
        """Let the user choose the colour behind the objects."""
        ...

    def ask_backdrop_image(self) -> None:
        """Let the user choose the image behind the objects."""
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

    def move_wipe(self, part: float) -> None:
        """Move the line of a wipe by a part of the frame's width."""
        ...

    def focus_panel(self, step: Step) -> None:
        """Move the keyboard's focus to the next or previous part of the window."""
        ...

    def reset_layout(self) -> None:
        """Put the panels back where they were at first."""
        ...

    def show_models(self) -> None:
        """List the models, and offer to get them."""
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


REASONS: dict[Test, str] = {
    has_clip: QT_TRANSLATE_NOOP("Commands", "Open a clip first (File, Open clip or project)."),
}
"""What to do first, said where a test fails; each module that has tests adds its own."""


class AllOf:
    """Several tests of which every one must hold; the first that fails says why."""

    def __init__(self, *tests: Test) -> None:
        self.tests = tests

    def __call__(self, editor: Editor) -> bool:
        """Whether all hold."""
        return all(test(editor) for test in self.tests)


def reason_of(test: Test, editor: Editor) -> str:
    """What to do first, where a test fails."""
    if isinstance(test, AllOf):
        failing = next((each for each in test.tests if not each(editor)), always)
        return reason_of(failing, editor)
    return translated(REASONS.get(test, ""))


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
        submenu: the menu in its menu that it is in, named like a command, or empty.
        hint: what the tooltip says besides its name and key, or empty.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    run: Callable[[Shell], object]
    _: KW_ONLY
    enabled_when: Test = always
    checked_when: Test | None = None
    icon: str | None = None
    separated: bool = False
    submenu: str = ""
    hint: str = ""

    @property
    def menu(self) -> str:
        """The menu that it is in."""
        return self.id.partition(".")[0]


class ActionSet(QObject):
    """The commands as actions of one window, kept enabled and checked as they should be."""

    def __init__(
        self, commands: Iterable[Command], bindings: KeyBindings, shell: Shell, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.bindings = bindings
        self._editor = shell.editor
        self._commands = {command.id: command for command in commands}
        self._actions = {
            command.id: self._made(command, shell) for command in self._commands.values()
        }
        bindings.changed.connect(self._on_keys_changed)
        self.refresh()

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands in the order of the table."""
        return tuple(self._commands.values())

    def reasons(self) -> dict[str, str]:
        """Why each command that cannot be given now cannot."""
        return {
            command.id: reason_of(command.enabled_when, self._editor)
            for command in self._commands.values()
            if not command.enabled_when(self._editor)
        }

    @Slot()
    def refresh(self) -> None:
        """Ask every command whether it can be given now."""
        for command in self._commands.values():
            action = self._actions[command.id]
            action.setEnabled(command.enabled_when(self._editor))
            action.setToolTip(self._tip(command, action))
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
        action.setCheckable(command.checked_when is not None)
        if command.icon is not None:
            action.setIcon(theme.icon(command.icon))
            # A menu shows either the icon or the tick.
            action.setIconVisibleInMenu(not action.isCheckable())
        self._give_keys(command, action)
        action.triggered.connect(lambda _checked=False: self._run(command, shell))
        return action

    def _give_keys(self, command: Command, action: QAction) -> None:
        keys = self.bindings.keys(command.id)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(self._tip(command, action))

    def _tip(self, command: Command, action: QAction) -> str:
        """Its name and key, its hint, and why it cannot be given if it cannot."""
        keys, name = self.bindings.keys(command.id), plain(translated(command.text))
        named = f"{name} ({native(keys[0])})" if keys else name
        reason = "" if action.isEnabled() else reason_of(command.enabled_when, self._editor)
        return "\n".join(filter(None, (named, translated(command.hint), reason)))

    @Slot()
    def _on_keys_changed(self) -> None:
        for command in self._commands.values():
            self._give_keys(command, self._actions[command.id])

    def _run(self, command: Command, shell: Shell) -> None:
        command.run(shell)
        self.refresh()
