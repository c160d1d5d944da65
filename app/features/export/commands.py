"""The command that exports mattes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.features.export.controller import Exports
from app.features.export.dialog import ExportDialog
from app.model.model import Model
from app.shell.commands import Command
from app.shell.conditions import AllOf, Topic, any_prompts, condition, has_clip
from app.shell.settings import UserSettings
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.export.run import ExportRequest


class HasTitle(Protocol):
    """Document that has a title."""

    @property
    def title(self) -> str:
        """Name of its file or clip."""
        ...


class ExportCommands(QObject):
    """Owner of the export command: asks what to export where, and starts it.

    Args:
        model: whose mattes are exported.
        exports: runs the export.
        document: has the title.
        settings: has the folder of the last one.
        window: over which the dialog is shown.
    """

    def __init__(
        self,
        model: Model,
        exports: Exports,
        document: HasTitle,
        settings: UserSettings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self.model = model
        self._exports = exports
        self._settings = settings
        self._window = window

    @property
    def running(self) -> bool:
        """Whether an export runs."""
        return self._exports.running

    def ask(self) -> None:
        """Show the export dialog; the document's title names the folder."""
        project, exports = self.model.project, self._exports
        name = Path(self._document.title).stem + "_matte"
        folder = Path(self._settings.folder("export")) / name
        dialog = ExportDialog(project, folder, self._window)
        dialog.setObjectName("export_dialog")
        dialog.count_wanted.connect(lambda frames: exports.count(project, frames))
        dialog.export_wanted.connect(self._on_export_wanted)
        exports.counted.connect(dialog.show_count)
        exports.count(project, dialog.frames)
        dialog.open()

    @Slot(object)
    def _on_export_wanted(self, request: ExportRequest) -> None:
        self._exports.run(self.model.project, request)


@condition(
    Topic.TASKS,
    QT_TRANSLATE_NOOP("Commands", "Wait until the running export has ended, or cancel it (Esc)."),
)
def no_export_runs(owner: ExportCommands) -> bool:
    """Whether the export lane is free for another export."""
    return not owner.running


can_export = AllOf(has_clip, any_prompts, no_export_runs)
"""Whether an export could be started; what is tracked can be written without the clip."""

EXPORT: tuple[Command[ExportCommands], ...] = (
    Command(
        "file.export",
        QT_TRANSLATE_NOOP("Commands", "&Export…"),
        ("Ctrl+E",),
        ExportCommands.ask,
        enabled_when=can_export,
        icon="export",
        separated=True,
    ),
)
