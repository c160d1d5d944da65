"""The dialogs of the Help menu: each is shown once, and none stops the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from app.features.help.about_dialog import AboutDialog
from app.features.help.guide_dialog import GuideDialog
from app.features.help.tour import Tour, TourEvents
from app.shell.commands import CommandTable
from app.shell.keys.dialog import KeysDialog
from app.shell.palette import Palette
from app.shell.settings import UserSettings
from app.shell.show_once import show_once


class HelpDialogs(QObject):
    """Owner of the Help commands.

    Args:
        table: the window's commands, once they are made.
        settings: has the recent commands, and whether the tour was seen.
        events: lead from one step of the tour to the next.
        open_demo: opens the demo clip.
        window: over which the dialogs are shown.
    """

    def __init__(
        self,
        table: Callable[[], CommandTable],
        settings: UserSettings,
        events: TourEvents,
        open_demo: Callable[[], None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._table = table
        self._settings = settings
        self._events = events
        self._open_demo = open_demo
        self._window = window

    def show_palette(self) -> None:
        """List all commands, to be found by typing."""
        reasons = self._table().reasons()
        palette = Palette(self._window.menuBar(), self._settings, reasons, self._window)
        palette.open_over(self._window)

    def show_keys(self) -> None:
        """List all shortcuts, to be changed."""
        show_once(self._window, KeysDialog, lambda: KeysDialog(self._table(), self._window))

    def show_guide(self) -> None:
        """Show how Wisp is used."""
        show_once(self._window, GuideDialog, lambda: GuideDialog(self._table(), self._window))

    def start_tour(self) -> None:
        """Begin the tour anew."""
        for running in self._window.findChildren(Tour):
            running.end()
        self._settings.tour_seen = True
        Tour(self._events, self._table(), self._open_demo, self._window)

    def offer_tour(self) -> None:
        """Begin the tour if it was never shown."""
        if not self._settings.tour_seen:
            self.start_tour()

    def show_about(self) -> None:
        """Say what Wisp is."""
        AboutDialog(self._window).open()
