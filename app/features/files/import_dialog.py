"""Which alpha sequence to import."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme

_WIDTH = 560


class ImportAlphaDialog(QDialog):
    """Dialog that asks for a folder, a numbered file or a video, and hands its path over."""

    chosen = Signal(object)
    """Carries a `Path`."""

    def __init__(self, folder: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("import_alpha_dialog")
        self.setWindowTitle(self.tr("Import alpha sequence"))
        self.setMinimumWidth(_WIDTH)
        self._folder = folder
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("Alpha sequence"))
        self.path.setPlaceholderText(self.tr("folder, alpha.%04d.exr or video"))
        text = self.tr(
            "Each image becomes a mask prompt of {name} on the frame of its number; images without "
            "the clip's numbers go from the first frame on."
        )
        about = QLabel(text.format(name=name))
        about.setWordWrap(True)
        about.setProperty("quiet", True)
        self._lay_out(about)
        self._on_path_changed("")

    def _lay_out(self, about: QLabel) -> None:
        label = QLabel(self.tr("&Sequence"))
        label.setBuddy(self.path)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(label)
        row.addWidget(self.path, 1)
        modes = QFileDialog.FileMode
        for text, hint, mode in (
            (self.tr("&File…"), self.tr("A video, or one file of a sequence"), modes.ExistingFile),
            (self.tr("F&older…"), self.tr("A folder of images"), modes.Directory),
        ):
            button = QPushButton(text)
            button.setToolTip(hint)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, mode=mode: self._browse(mode))
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.take = buttons.addButton(self.tr("&Import"), role)
        self.take.setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self.path.textChanged.connect(self._on_path_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(about)
        layout.addLayout(row)
        layout.addWidget(buttons)

    def _browse(self, mode: QFileDialog.FileMode) -> None:
        chooser = QFileDialog(self, self.windowTitle(), self._folder)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(mode)
        chooser.fileSelected.connect(self.path.setText)
        chooser.open()

    @Slot(str)
    def _on_path_changed(self, text: str) -> None:
        self.take.setEnabled(bool(text.strip()))

    @Slot()
    def _on_accepted(self) -> None:
        self.chosen.emit(Path(self.path.text().strip()).expanduser())
        self.accept()
