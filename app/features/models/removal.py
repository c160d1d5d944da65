"""Asks before the files of a model are deleted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.shell import theme
from matting_core.models.files.overview import ModelEntry, find_weights
from matting_core.models.files.store import count_bytes, list_removable

_WIDTH = 440


class RemovalDialog(QDialog):
    """Dialog that says what goes and how large it is; `accepted` tells to go on.

    Args:
        row: the model; a tracker goes with its head.
        used: whether the open project uses it.
        parent: over which it is shown.
    """

    def __init__(self, row: ModelEntry, *, used: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("removal_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Remove {title}").format(title=row.title))
        self.setMinimumWidth(_WIDTH)
        text = QLabel(self._describe(row, used))
        text.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        button = buttons.addButton(self.tr("Remove"), QDialogButtonBox.ButtonRole.AcceptRole)
        button.setObjectName("remove_model")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(text)
        layout.addWidget(buttons)

    def _describe(self, row: ModelEntry, used: bool) -> str:
        files = list_removable(find_weights(row.id))
        names = ", ".join(entry.title for entry in files)
        parts = [
            self.tr("This deletes {names}: {size:.0f} MB.").format(
                names=names, size=count_bytes(files) / 1e6
            )
        ]
        if used:
            parts.append(
                self.tr(
                    "The open project uses it: its mattes stay, but no more can be made with it."
                )
            )
        if any(entry.download is None for entry in files):
            parts.append(self.tr("To have it back, import its file again."))
        else:
            parts.append(self.tr("To have it back, download it again."))
        return "\n\n".join(parts)
