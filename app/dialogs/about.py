"""What Wisp is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app import theme

_WIDTH = 400


class AboutDialog(QDialog):
    """Name, purpose, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Wisp"))
        text = QLabel(
            self.tr(
                "Wisp cuts moving things out of video.\n\n"
                "Prompt on one frame, track, correct, export.\n"
                "Licensed under Apache 2.0; third-party parts are listed in THIRD_PARTY.md."
            )
        )
        text.setWordWrap(True)
        text.setFixedWidth(_WIDTH)
        text.setMinimumHeight(text.heightForWidth(_WIDTH))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.addWidget(text, 1)
        layout.addWidget(buttons)
