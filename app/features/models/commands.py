"""The command that lists the models."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.features.models.choice import uses_model
from app.features.models.controller import ModelFiles
from app.features.models.dialog import ModelsDialog
from app.model.model import Model
from app.shell.commands import Command
from app.shell.settings import UserSettings
from app.shell.show_once import show_once
from app.shell.words import QT_TRANSLATE_NOOP


class ModelCommands(QObject):
    """Owner of the command that lists the models.

    Args:
        model: whose mattes use some of the models.
        models: lists, gets and removes them.
        settings: has the folder of the last import.
        window: over which the dialog is shown.
    """

    def __init__(
        self, model: Model, models: ModelFiles, settings: UserSettings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._model = model
        self._models = models
        self._settings = settings
        self._window = window

    @Slot(str)
    def show(self, key: str = "") -> None:
        """List the models, and offer to get them; with a "kind:id", that model is chosen."""
        dialog = show_once(self._window, ModelsDialog, self._make)
        if key:
            dialog.choose(key)

    def _make(self) -> ModelsDialog:
        return ModelsDialog(self._models, self._settings, self._uses, self._window)

    def _uses(self, key: str) -> bool:
        return uses_model(self._model.project, key)


MODELS: tuple[Command[ModelCommands], ...] = (
    Command(
        "edit.models",
        QT_TRANSLATE_NOOP("Commands", "&Models…"),
        ("Ctrl+Shift+M",),
        ModelCommands.show,
        separated=True,
    ),
)
