"""What Wisp is, and its keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.actions import Command, shortcut_text
from app.menus import MENUS
from app.words import translated


class AboutDialog(QDialog):
    """Name, purpose, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        _closable(self, text)


class KeysDialog(QDialog):
    """All shortcuts, menu by menu."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(420, 560)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setVerticalSpacing(theme.GRID // 2)
        for menu, title in MENUS.items():
            heading = QLabel(_plain(title))
            heading.setProperty("heading", True)
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for command in (each for each in commands if each.menu == menu and each.keys):
                row = grid.rowCount()
                grid.addWidget(QLabel(_plain(command.text)), row, 0)
                grid.addWidget(QLabel(shortcut_text(command)), row, 1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        _closable(self, area)


def _closable(dialog: QDialog, content: QWidget) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(*(2 * theme.GRID,) * 4)
    layout.addWidget(content, 1)
    layout.addWidget(buttons)


def _plain(text: str) -> str:
    return translated(text).replace("&", "").rstrip("…")
