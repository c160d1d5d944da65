"""The dialogs that go with any document: each is shown once, and none stops the work."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow, QWidget

from app.actions import ActionSet
from app.dialogs.about import AboutDialog, KeysDialog
from app.dialogs.palette import Palette
from app.settings import UserSettings

Kind = TypeVar("Kind", bound=QWidget)


class WindowDialogs(QObject):
    """Makes them over a window."""

    def __init__(self, actions: ActionSet, user: UserSettings, window: QMainWindow) -> None:
        super().__init__(window)
        self._actions = actions
        self._user = user
        self._window = window

    def show_palette(self) -> None:
        """List all commands, to be found by typing."""
        palette = Palette(self._window.menuBar(), self._user, self._actions.reasons(), self._window)
        palette.open_over(self._window)

    def show_keys(self) -> None:
        """List all shortcuts."""
        KeysDialog(self._actions.commands, self._window).open()

    def show_about(self) -> None:
        """Say what Wisp is."""
        AboutDialog(self._window).open()
