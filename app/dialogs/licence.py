"""Asks once whether the licence of a model is accepted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app import theme

_WIDTH = 440


class LicenceDialog(QDialog):
    """Names a licence that forbids commercial use; `accepted` and `rejected` tell the answer."""

    def __init__(self, title: str, licence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("licence_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licence of {title}").format(title=title))
        self.setMinimumWidth(_WIDTH)
        text = self.tr(
            "{title} is licensed under {licence}: it may not be used for commercial purposes.\n\n"
            "Wisp asks this once for each model."
        )
        label = QLabel(text.format(title=title, licence=licence))
        label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        accept = buttons.addButton(
            self.tr("Accept licence"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        accept.setObjectName("accept_licence")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(label)
        layout.addWidget(buttons)
