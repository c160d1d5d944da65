"""The dialogs that go with any document: each is shown once, and none stops the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow, QWidget

from app.editor import Editor
from app.features.help.about_dialog import AboutDialog
from app.features.help.guide_dialog import GuideDialog
from app.features.help.tour import Tour
from app.features.preferences.dialog import PreferencesDialog
from app.shell.commands import ActionSet
from app.shell.keys.dialog import KeysDialog
from app.shell.palette import Palette

Kind = TypeVar("Kind", bound=QWidget)


class WindowDialogs(QObject):
    """Makes them over a window."""

    def __init__(self, actions: ActionSet, editor: Editor, window: QMainWindow) -> None:
        super().__init__(window)
        self._actions = actions
        self._editor = editor
        self._window = window

    def show_palette(self) -> None:
        """List all commands, to be found by typing."""
        palette = Palette(
            self._window.menuBar(), self._editor.user, self._actions.reasons(), self._window
        )
        palette.open_over(self._window)

    def show_keys(self) -> None:
        """List all shortcuts, to be changed."""
        self._show(KeysDialog, lambda: KeysDialog(self._actions, self._window))

    def show_guide(self) -> None:
        """Show how Wisp is used."""
        self._show(GuideDialog, lambda: GuideDialog(self._actions, self._window))

    def show_preferences(self) -> None:
        """Show what can be chosen once for all."""
        self._show(PreferencesDialog, self._preferences)

    def _preferences(self) -> PreferencesDialog:
        dialog = PreferencesDialog(self._editor, self._window)
        dialog.reset_wanted.connect(self._actions["view.reset_layout"].trigger)
        dialog.tour_wanted.connect(self._actions["help.tour"].trigger)
        return dialog

    def start_tour(self) -> None:
        """Begin the tour anew."""
        for running in self._window.findChildren(Tour):
            running.end()
        Tour(self._editor, self._actions, self._window)

    def offer_tour(self) -> None:
        """Begin the tour if it was never shown."""
        if not self._editor.user.tour_seen:
            self.start_tour()

    def _show(self, kind: type[Kind], make: Callable[[], Kind]) -> Kind:
        """Show the one of its kind that is on screen, or else a new one."""
        shown = [each for each in self._window.findChildren(kind) if each.isVisible()]
        dialog = shown[0] if shown else make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def show_about(self) -> None:
        """Say what Wisp is."""
        AboutDialog(self._window).open()
