"""The command that lists earlier versions of the mattes, and going back to one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.features.review.versions_dialog import VersionsDialog
from app.model.model import Model
from app.model.versions import Version, restore_version
from app.shell.commands import Command
from app.shell.conditions import any_versions
from app.shell.words import QT_TRANSLATE_NOOP


class EarlierVersions(QObject):
    """Owner of the command that lists earlier versions.

    Args:
        model: has the versions.
        window: over which they are listed.
    """

    def __init__(self, model: Model, window: QWidget) -> None:
        super().__init__(window)
        self.model = model
        self._window = window

    def show(self) -> None:
        """List the earlier versions of the mattes."""
        dialog = VersionsDialog(self.model.versions, self._window)
        dialog.wanted.connect(self._on_wanted)
        dialog.show()

    @Slot(object)
    def _on_wanted(self, version: Version) -> None:
        """Give the objects what they had in an earlier version."""
        text = QT_TRANSLATE_NOOP("Commands", "Go back to a version")
        self.model.push(text, restore_version(version))


VERSIONS: tuple[Command[EarlierVersions], ...] = (
    Command(
        "track.versions",
        QT_TRANSLATE_NOOP("Commands", "Earlier &versions…"),
        ("Ctrl+H",),
        EarlierVersions.show,
        enabled_when=any_versions,
    ),
)
