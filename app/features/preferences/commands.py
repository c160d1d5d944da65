"""The command that shows the preferences."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.features.preferences.dialog import PreferencesDialog, Sources
from app.shell.commands import Command, CommandTable
from app.shell.settings import UserSettings
from app.shell.show_once import show_once
from app.shell.words import QT_TRANSLATE_NOOP


class Preferences(QObject):
    """Owner of the command that shows the preferences.

    Args:
        table: the window's commands, once they are made.
        user: the settings.
        sources: see the dialog.
        window: over which the dialog is shown.
    """

    def __init__(
        self,
        table: Callable[[], CommandTable],
        user: UserSettings,
        sources: Sources,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._table = table
        self._user = user
        self._sources = sources
        self._window = window

    def show(self) -> None:
        """Show what can be chosen once for all."""
        show_once(self._window, PreferencesDialog, self._make)

    def _make(self) -> PreferencesDialog:
        dialog = PreferencesDialog(self._user, self._sources, self._window)
        dialog.reset_wanted.connect(self._table()["view.reset_layout"].trigger)
        dialog.tour_wanted.connect(self._table()["help.tour"].trigger)
        return dialog


PREFERENCES: tuple[Command[Preferences], ...] = (
    Command(
        "edit.preferences",
        QT_TRANSLATE_NOOP("Commands", "&Preferences…"),
        ("Ctrl+,",),
        Preferences.show,
    ),
)
