"""Every command there is: one module for each menu, in the order of the menu bar."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.features.files.commands import FILE
from app.features.help.commands import HELP
from app.features.objects.commands import OBJECT
from app.features.review.commands import VIEW
from app.features.review.playback import PLAYBACK
from app.features.tracking.commands import TRACK
from app.shell.commands import Command
from app.shell.keys.bindings import KeyBindings
from app.shell.menus.edit import EDIT
from app.shell.menus.window import EDIT_END, VIEW_END
from app.shell.settings import UserSettings
from app.shell.words import QT_TRANSLATE_NOOP, translated

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
