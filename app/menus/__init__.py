"""Every command there is: one module for each menu, in the order of the menu bar."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.actions import Command
from app.keys.key_bindings import KeyBindings
from app.menus.edit import EDIT
from app.menus.file import FILE
from app.menus.help import HELP
from app.menus.object import OBJECT
from app.menus.playback import PLAYBACK
from app.menus.track import TRACK
from app.menus.view import VIEW
from app.menus.window import EDIT_END, VIEW_END
from app.settings import UserSettings
from app.words import QT_TRANSLATE_NOOP, translated

MENUS = {
    "file": QT_TRANSLATE_NOOP("Commands", "&File"),
    "edit": QT_TRANSLATE_NOOP("Commands", "&Edit"),
    "view": QT_TRANSLATE_NOOP("Commands", "&View"),
    "object": QT_TRANSLATE_NOOP("Commands", "O&bject"),
    "track": QT_TRANSLATE_NOOP("Commands", "&Track"),
    "playback": QT_TRANSLATE_NOOP("Commands", "&Playback"),
    "help": QT_TRANSLATE_NOOP("Commands", "&Help"),
}


def commands() -> tuple[Command, ...]:
    """All commands, in the order of their menus."""
    return (*FILE, *EDIT, *EDIT_END, *VIEW, *VIEW_END, *OBJECT, *TRACK, *PLAYBACK, *HELP)


def key_bindings(user: UserSettings, parent: QObject) -> KeyBindings:
    """The keys of all commands, as the user has them."""
    defaults = {command.id: command.keys for command in commands()}
    return KeyBindings(defaults, map(translated, MENUS.values()), user, parent)
