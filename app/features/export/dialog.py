"""What to export, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
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
from matting_core.document.project import Project
from matting_core.export.png import ExportOptions, Extra, ReadyCount
from matting_core.types import FrameRange

_WIDTH = 520


class ExportDialog(QDialog):
    """Asks for options and hands them over; the export itself runs on its lane."""

    count_wanted = Signal(object)
    """Carries the `FrameRange` that is chosen."""
    export_wanted = Signal(object)
    """Carries `ExportOptions`."""

    def __init__(self, project: Project, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export PNG sequence"))
        self.setMinimumWidth(_WIDTH)
        self._project = project
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(self.tr("Folder"))
        self.bit_depth = QComboBox()
        self.bit_depth.addItem(self.tr("16 bits"), 16)
        self.bit_depth.addItem(self.tr("8 bits"), 8)
        self.range = QComboBox()
        self._fill_range()
        self.extras = {
            Extra.MASKS: QCheckBox(self.tr("&Mask")),
            Extra.ROI: QCheckBox(self.tr("R&OI")),
            Extra.TRIMAP: QCheckBox(self.tr("&Trimap")),
        }
        self.overwrite = QCheckBox(self.tr("O&verwrite files that are there"))
        self.ready = QLabel(self.tr("Counting…"))
        self.ready.setWordWrap(True)
        self.ready.setProperty("quiet", True)
        self._lay_out()
        self.range.currentIndexChanged.connect(self._on_range_changed)

    @property
    def frames(self) -> FrameRange:
        """The frames that are chosen."""
        start, stop = self.range.currentData()
        return FrameRange(start, stop)

    @property
    def options(self) -> ExportOptions:
        """All that is chosen."""
        depth: Literal[8, 16] = 8 if self.bit_depth.currentData() == 8 else 16
        chosen = frozenset(extra for extra, box in self.extras.items() if box.isChecked())
        return ExportOptions(
            Path(self.folder.text()).expanduser(),
            self.frames,
            bit_depth=depth,
            extras=chosen,
            overwrite=self.overwrite.isChecked(),
        )

    @Slot(object)
    def show_count(self, count: ReadyCount) -> None:
        """Say how much of the choice is ready."""
        if not count.ready:
            text = self.tr("No matte is ready in these frames: track first (Ctrl+T).")
        elif count.missing:
            text = self.tr(
                "Mattes ready: {ready}. Missing or stale, and left out: {missing}; "
                "track first to have them too."
            )
        else:
            text = self.tr("All mattes are ready: {ready}.")
        self.ready.setText(text.format(ready=count.ready, missing=count.missing))
        self._export.setEnabled(bool(count.ready))

    def _fill_range(self) -> None:
        length = self._project.clip.length if self._project.clip else 1
        text = self.tr("All frames: {count}")
        self.range.addItem(text.format(count=length), (0, length))
        work = self._project.work_range
        if work is not None:
            text = self.tr("In to out: {first} to {last}, frames: {count}")
            named = text.format(first=work.start, last=work.stop - 1, count=len(work))
            self.range.addItem(named, (work.start, work.stop))
            self.range.setCurrentIndex(1)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(theme.GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        browse = QPushButton(self.tr("Bro&wse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        label = QLabel(self.tr("&Folder"))
        label.setBuddy(self.folder)
        form.addRow(label, place)
        form.addRow(self.tr("F&rames"), self.range)
        form.addRow(self.tr("&Bit depth"), self.bit_depth)
        also = QHBoxLayout()
        for box in self.extras.values():
            also.addWidget(box)
        also.addStretch(1)
        form.addRow(self.tr("Save too"), also)
        form.addRow("", self.overwrite)
        form.addRow("", self.ready)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._export = buttons.addButton(self.tr("&Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.setObjectName("export")
        self._export.setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @Slot(int)
    def _on_range_changed(self, _index: int) -> None:
        self.count_wanted.emit(self.frames)

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.tr("Export to"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    @Slot()
    def _on_accepted(self) -> None:
        self.export_wanted.emit(self.options)
        self.accept()
