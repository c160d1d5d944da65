"""The Colour view's background is the one of the last run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.model.look import Backdrop, Look
from app.model.view import ViewState
from app.shell.settings import UserSettings


class BackdropSetting(QObject):
    """Background of the last run: taken from the settings at the start, and kept there."""

    def __init__(self, settings: UserSettings, view: ViewState, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._view = view
        view.set_look(Look(Backdrop.parse(settings.backdrop)))
        view.look_changed.connect(self._on_look_changed)

    @Slot()
    def _on_look_changed(self) -> None:
        text = self._view.look.backdrop.text
        if text != self._settings.backdrop:
            self._settings.set_backdrop(text)
