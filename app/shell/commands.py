"""Commands as data, and the table that keeps them as actions of one window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.shell import theme
from app.shell.conditions import ALWAYS, Condition, Topic
from app.shell.debounce import Debounce
from app.shell.keys.bindings import KeyBindings, native
from app.shell.words import QT_TRANSLATE_NOOP, strip_marks, translate

OwnerT = TypeVar("OwnerT")

MENUS = {
    "file": QT_TRANSLATE_NOOP("Commands", "&File"),
    "edit": QT_TRANSLATE_NOOP("Commands", "&Edit"),
    "view": QT_TRANSLATE_NOOP("Commands", "&View"),
    "object": QT_TRANSLATE_NOOP("Commands", "O&bject"),
    "track": QT_TRANSLATE_NOOP("Commands", "&Track"),
    "playback": QT_TRANSLATE_NOOP("Commands", "&Playback"),
    "help": QT_TRANSLATE_NOOP("Commands", "&Help"),
}


@dataclass(frozen=True, slots=True)
class Command(Generic[OwnerT]):
    """Command that the user can give; the same data for every window.

    Attributes:
        id: stable name, "menu.what".
        text: as in its menu; `&` marks the key.
        keys: shortcuts, the one that is shown first.
        run: does it, given the owner, such as a feature.
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
    run: Callable[[OwnerT], object]
    _: KW_ONLY
    enabled_when: Condition[OwnerT] = ALWAYS
    checked_when: Condition[OwnerT] | None = None
    icon: str | None = None
    separated: bool = False
    submenu: str = ""
    hint: str = ""

    @property
    def menu(self) -> str:
        """The menu that it is in."""
        return self.id.partition(".")[0]

    @property
    def topics(self) -> Topic:
        """What its conditions depend on."""
        on = Topic.NOTHING if self.checked_when is None else self.checked_when.topics
        return self.enabled_when.topics | on


@dataclass(frozen=True, slots=True)
class OwnedCommand:
    """Command with the owner that it acts on in one window."""

    command: Command[Any]
    owner: Any

    @property
    def enabled(self) -> bool:
        """Whether it can be given now."""
        return self.command.enabled_when(self.owner)

    @property
    def reason(self) -> str:
        """What to do first where it cannot be given, translate."""
        return self.command.enabled_when.reason(self.owner)


def own(commands: Iterable[Command[OwnerT]], owner: OwnerT) -> tuple[OwnedCommand, ...]:
    """Give commands their owner."""
    return tuple(OwnedCommand(command, owner) for command in commands)


class _Announcer(QObject):
    """Slot that announces one topic to a table; it goes when the table does."""

    def __init__(self, table: CommandTable, topic: Topic) -> None:
        super().__init__(table)
        self._table = table
        self._topic = topic

    @Slot()
    def announce(self) -> None:
        """Tell the table that something of the topic has changed."""
        self._table.announce(self._topic)


class CommandTable(QObject):
    """Commands as actions of one window, kept enabled and checked as they should be.

    After a change, only the commands are asked whose conditions listen to its topic.
    """

    def __init__(
        self, commands: Iterable[OwnedCommand], bindings: KeyBindings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.bindings = bindings
        self._owned = {each.command.id: each for each in commands}
        self._topics = {command_id: each.command.topics for command_id, each in self._owned.items()}
        self._actions = {command_id: self._make(each) for command_id, each in self._owned.items()}
        self._changed = Topic.NOTHING
        self._refresh = Debounce(self.refresh, self)
        bindings.changed.connect(self._on_keys_changed)
        self.announce(Topic.all())
        self.refresh()

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    @property
    def commands(self) -> tuple[Command[Any], ...]:
        """All commands in the order of the menus."""
        return tuple(each.command for each in self._owned.values())

    def reasons(self) -> dict[str, str]:
        """Why each command that cannot be given now cannot."""
        own = self._owned.items()
        return {command_id: each.reason for command_id, each in own if not each.enabled}

    def listen(self, topic: Topic, *signals: SignalInstance) -> None:
        """Take each of some signals as news of a topic."""
        announcer = _Announcer(self, topic)
        for signal in signals:
            signal.connect(announcer.announce)

    def announce(self, topic: Topic) -> None:
        """Take notice that something of a topic has changed; its commands are asked soon."""
        self._changed |= topic
        self._refresh.start()

    @Slot()
    def refresh(self) -> None:
        """Ask the commands now whose topics were announced."""
        self._refresh.stop()
        changed, self._changed = self._changed, Topic.NOTHING
        if not changed:
            return
        wanted = changed.value
        for command_id, topics in self._topics.items():
            if topics.value & wanted:
                self._show_state(self._actions[command_id], self._owned[command_id])

    def rename(self, command_id: str, suffix: str) -> None:
        """Let a command's name say more for now: "Undo add box"."""
        text = translate(self._owned[command_id].command.text)
        self._actions[command_id].setText(f"{text} {suffix}" if suffix else text)

    def _show_state(self, action: QAction, each: OwnedCommand) -> None:
        enabled = each.enabled
        if enabled != action.isEnabled() or not enabled:  # a reason may change by itself
            action.setEnabled(enabled)
            action.setToolTip(self._tip(each, enabled=enabled))
        if each.command.checked_when is not None:
            action.setChecked(each.command.checked_when(each.owner))

    def _make(self, each: OwnedCommand) -> QAction:
        command = each.command
        action = QAction(translate(command.text), self)
        action.setObjectName(command.id)
        action.setCheckable(command.checked_when is not None)
        if command.icon is not None:
            action.setIcon(theme.icon(command.icon))
            # A menu shows either the icon or the tick.
            action.setIconVisibleInMenu(not action.isCheckable())
        self._give_keys(each, action)
        action.triggered.connect(lambda _checked=False: self._run(each))
        return action

    def _give_keys(self, each: OwnedCommand, action: QAction) -> None:
        keys = self.bindings.keys(each.command.id)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(self._tip(each, enabled=action.isEnabled()))

    def _tip(self, each: OwnedCommand, *, enabled: bool) -> str:
        """Its name and key, its hint, and why it cannot be given if it cannot."""
        command = each.command
        keys, name = self.bindings.keys(command.id), strip_marks(translate(command.text))
        named = f"{name} ({native(keys[0])})" if keys else name
        reason = "" if enabled else each.reason
        return "\n".join(filter(None, (named, translate(command.hint), reason)))

    @Slot()
    def _on_keys_changed(self) -> None:
        for command_id, each in self._owned.items():
            self._give_keys(each, self._actions[command_id])

    def _run(self, each: OwnedCommand) -> None:
        each.command.run(each.owner)
        if each.command.checked_when is not None:  # Qt has switched it already
            self._show_state(self._actions[each.command.id], each)
        self.refresh()
