"""Where to collect the project, and what goes along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme
from matting_core.export.collecting import CollectOptions

_WIDTH = 520


class CollectDialog(QDialog):
    """Dialog of a collection's options; the copying runs on its lane."""

    collect_wanted = Signal(object)
    """Carries `CollectOptions`."""

    def __init__(self, file: Path, clip: str, keep: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("collect_dialog")
        self.setWindowTitle(self.tr("Collect into a folder"))
        self.setMinimumWidth(_WIDTH)
        self._name = file.name
        self._keep = keep
        self.folder = QLineEdit(str(file.parent))
        self.folder.textChanged.connect(self._on_folder_changed)
        self.results = QCheckBox(self.tr("Finished &mattes too, so that nothing is tracked again"))
        self.overwrite = QCheckBox(self.tr("&Overwrite files that are there"))
        text = self.tr("Copies {clip} and saves {name} beside it; the folder opens on any machine.")
        about = QLabel(text.format(clip=clip, name=file.name))
        about.setWordWrap(True)
        about.setProperty("quiet", True)
        self._lay_out(about)

    @property
    def options(self) -> CollectOptions:
        """All that is chosen."""
        return CollectOptions(
            Path(self.folder.text().strip()).expanduser() / self._name,
            results=self.results.isChecked(),
            overwrite=self.overwrite.isChecked(),
            keep=self._keep,
        )

    def _lay_out(self, about: QLabel) -> None:
        browse = QPushButton(self.tr("&Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.setSpacing(theme.GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        label = QLabel(self.tr("&Folder"))
        label.setBuddy(self.folder)
        form.addRow(label, place)
        form.addRow("", self.results)
        form.addRow("", self.overwrite)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.collect = buttons.addButton(self.tr("Co&llect"), role)
        self.collect.setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(buttons)

    @Slot(str)
    def _on_folder_changed(self, text: str) -> None:
        self.collect.setEnabled(bool(text.strip()))

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.tr("Collect into"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    @Slot()
    def _on_accepted(self) -> None:
        self.collect_wanted.emit(self.options)
        self.accept()
