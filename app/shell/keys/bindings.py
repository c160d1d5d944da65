"""Which keys give which command: the table's own, changed as the user likes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.shell.settings import UserSettings
from app.shell.words import QT_TRANSLATE_NOOP, strip_marks, translate

Keys = tuple[str, ...]
"""Key sequences in Qt's portable writing, the one that is shown first."""

_MOVES = QT_TRANSLATE_NOOP("Commands", "{key} moves between controls; choose another key.")
_CHOOSES = QT_TRANSLATE_NOOP("Commands", "{key} chooses in lists; choose another key.")
_PRESSES = QT_TRANSLATE_NOOP("Commands", "{key} presses buttons; choose another key.")
_SIZES = QT_TRANSLATE_NOOP("Commands", "{key} changes a brush's size; choose another key.")
_OPENS = QT_TRANSLATE_NOOP("Commands", "{key} opens the menu {menu}; choose another key.")
_RESERVED = {
    **dict.fromkeys(("Tab", "Shift+Tab", "Backtab", "Shift+Backtab"), _MOVES),
    **dict.fromkeys(("Up", "Down"), _CHOOSES),
    **dict.fromkeys(("Return", "Enter"), _PRESSES),
    **dict.fromkeys(("[", "]"), _SIZES),
}


class KeyBindings(QObject):
    """Keys of the commands: one command each at most; what the user chose goes before the table.

    Args:
        defaults: the keys of the table by command id, in its order.
        menus: the menus' titles, whose marked letters open them.
        user: where the choice is kept.
    """

    changed = Signal()

    def __init__(
        self,
        defaults: Mapping[str, Keys],
        menus: Iterable[str],
        user: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._defaults = {each: _clean(keys) for each, keys in defaults.items()}
        self._reserved = _reasons(menus, self._defaults)
        self._user = user
        self._keys: dict[str, Keys] = {}
        self._resolve()

    def keys(self, command_id: str) -> Keys:
        """The keys of a command."""
        return self._keys[command_id]

    def holder(self, key: str) -> str | None:
        """The id of the command that a key gives."""
        key = portable(key)
        return next((each for each, keys in self._keys.items() if key in keys), None)

    def refusal(self, key: str) -> str:
        """Why a key cannot be given to any command, in one sentence, or empty."""
        return self._reserved.get(portable(key), "")

    def changed_by_user(self, command_id: str) -> bool:
        """Whether a command has other keys than the table gives it."""
        return self._keys[command_id] != self._defaults[command_id]

    def replaced(self) -> dict[str, str]:
        """For each key of the table that gives its command no more, the one that does, or ""."""
        return {
            key: next(iter(self._keys[command_id]), "")
            for command_id, default in self._defaults.items()
            for key in default
            if key not in self._keys[command_id]
        }

    def add(self, command_id: str, key: str) -> None:
        """Give a command one more key, shown first, and take it from the one that had it."""
        key, chosen = portable(key), self._choose()
        for other, keys in chosen.items():
            chosen[other] = tuple(each for each in keys if each != key)
        kept = (each for each in self._keys[command_id] if each != key)
        self._keep({**chosen, command_id: (key, *kept)})

    def remove(self, command_id: str, key: str) -> None:
        """Take a key from a command."""
        kept = tuple(each for each in self._keys[command_id] if each != portable(key))
        self._keep({**self._choose(), command_id: kept})

    def reset(self, command_id: str) -> None:
        """Give a command the keys of the table, without those that another has got by choice."""
        chosen = self._choose()
        chosen.pop(command_id, None)
        self._keep(chosen)

    def reset_all(self) -> None:
        """Give all commands the keys of the table."""
        self._keep({})

    def _choose(self) -> dict[str, Keys]:
        """What the user chose, as far as it makes sense: known commands, real and free keys."""
        chosen: dict[str, Keys] = {}
        taken = set(self._reserved)
        for command_id, keys in self._user.keys.items():
            if command_id in self._defaults:
                chosen[command_id] = tuple(key for key in _clean(keys) if key not in taken)
                taken.update(chosen[command_id])
        return chosen

    def _keep(self, chosen: Mapping[str, Keys]) -> None:
        different = {each: keys for each, keys in chosen.items() if keys != self._defaults[each]}
        self._user.keys = different
        self._resolve()
        self.changed.emit()

    def _resolve(self) -> None:
        chosen = self._choose()
        taken = {key for keys in chosen.values() for key in keys}
        for command_id, default in self._defaults.items():
            free = tuple(key for key in default if key not in taken)
            self._keys[command_id] = chosen.get(command_id, free)


def portable(key: str) -> str:
    """One writing for each key; empty for what is none."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(key: str) -> str:
    """A key as the system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _clean(keys: Sequence[str]) -> Keys:
    return tuple(dict.fromkeys(key for key in map(portable, keys) if key))


def _reasons(menus: Iterable[str], defaults: Mapping[str, Keys]) -> dict[str, str]:
    """Why some keys are no command's; what the table gives to a command is not among them."""
    reasons = {
        portable(key): translate(text).format(key=native(key)) for key, text in _RESERVED.items()
    }
    for menu in menus:
        key = QKeySequence.mnemonic(menu).toString(QKeySequence.SequenceFormat.PortableText)
        if key:
            reasons[key] = translate(_OPENS).format(key=native(key), menu=strip_marks(menu))
    held = {key for keys in defaults.values() for key in keys}
    return {key: reason for key, reason in reasons.items() if key not in held}
