"""What Wisp is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme
from matting_core import __version__
from matting_core.resources import document_path

_WIDTH = 400


class AboutDialog(QDialog):
    """Dialog of name and version, purpose, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Wisp"))
        self.name = _text(f"<b>Wisp {__version__}</b>")
        purpose = _text(
            self.tr("Cuts moving things out of video: prompt on one frame, track, correct, export.")
        )
        link = QUrl.fromLocalFile(str(document_path("THIRD_PARTY.md"))).toString()
        licence = self.tr("Licensed under Apache 2.0, with {parts} under their own licences.")
        parts = self.tr("parts by others")
        self.licence = _text(licence.format(parts=f'<a href="{link}">{parts}</a>'))
        self.licence.setAccessibleName(self.tr("Licence"))
        self.licence.setOpenExternalLinks(True)
        self.licence.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        for text in (self.name, purpose, self.licence):
            layout.addWidget(text)
        layout.addSpacing(theme.GRID)
        layout.addWidget(buttons)


def _text(words: str) -> QLabel:
    """Lines that can be selected."""
    text = QLabel(words)
    text.setTextFormat(Qt.TextFormat.RichText)
    text.setWordWrap(True)
    text.setFixedWidth(_WIDTH)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text
