"""What to export, and where to."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
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
from matting_core.export.base import ExportSpec, OptionInfo
from matting_core.export.formats import export_formats
from matting_core.export.run import ExportRequest, ReadyCount
from matting_core.types import FrameRange

_WIDTH = 520


class OptionControl(Protocol):
    """Control of one option."""

    @property
    def widget(self) -> QWidget:
        """What stands in the form."""
        ...

    @property
    def value(self) -> object:
        """What is chosen."""
        ...


class _OneOf:
    """Box of choices, one of which is chosen."""

    def __init__(self, info: OptionInfo, default: object) -> None:
        self.widget = QComboBox()
        self._values = [value for value, _words in info.choices]
        for _value, words in info.choices:
            self.widget.addItem(QCoreApplication.translate("Export", words))
        self.widget.setCurrentIndex(self._values.index(default))

    @property
    def value(self) -> object:
        """What is chosen."""
        return self._values[self.widget.currentIndex()]


class _AnyOf:
    """Row of check boxes, any of which may be ticked."""

    def __init__(self, info: OptionInfo, default: object) -> None:
        self.widget = QWidget()
        self.boxes = {
            value: QCheckBox(QCoreApplication.translate("Export", words))
            for value, words in info.choices
        }
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        for value, box in self.boxes.items():
            box.setChecked(isinstance(default, Collection) and value in default)
            row.addWidget(box)
        row.addStretch(1)

    @property
    def value(self) -> object:
        """What is chosen."""
        return frozenset(value for value, box in self.boxes.items() if box.isChecked())


def option_control(info: OptionInfo, default: object) -> OptionControl:
    """Make the control of an option."""
    return _AnyOf(info, default) if info.several else _OneOf(info, default)


class ExportDialog(QDialog):
    """Dialog of an export's options; the export itself runs on its lane."""

    count_wanted = Signal(object)
    """Carries the `FrameRange` that is chosen."""
    export_wanted = Signal(object)
    """Carries an `ExportRequest`."""

    def __init__(self, project: Project, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = next(iter(export_formats().values()))
        self.setWindowTitle(self.tr("Export {title}").format(title=self._title(self._spec)))
        self.setMinimumWidth(_WIDTH)
        self._project = project
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(self.tr("Folder"))
        self.range = QComboBox()
        self._fill_range()
        self.format = QComboBox()
        for spec in export_formats().values():
            self.format.addItem(self._title(spec), spec.id)
        self.controls: dict[str, OptionControl] = {}
        self.overwrite = QCheckBox(self.tr("O&verwrite files that are there"))
        self.ready = QLabel(self.tr("Counting…"))
        self.ready.setWordWrap(True)
        self.ready.setProperty("quiet", True)
        self.ready.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # a form asks no label
        self._lay_out()
        self.range.currentIndexChanged.connect(self._on_range_changed)
        self.format.currentIndexChanged.connect(self._on_format_changed)

    @property
    def frames(self) -> FrameRange:
        """The frames that are chosen."""
        start, stop = self.range.currentData()
        return FrameRange(start, stop)

    @property
    def request(self) -> ExportRequest:
        """All that is chosen."""
        chosen = {name: control.value for name, control in self.controls.items()}
        return ExportRequest(
            Path(self.folder.text()).expanduser(),
            self.frames,
            self._spec,
            self._spec.options(**chosen),
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

    def _title(self, spec: ExportSpec[Any]) -> str:
        return QCoreApplication.translate("Export", spec.title)

    def _show_options(self) -> None:
        """Show a control for each option of the format, below the frames."""
        for control in self.controls.values():
            self._form.removeRow(control.widget)
        infos = self._spec.option_infos()
        self.controls = {
            name: option_control(info, self._spec.default(name)) for name, info in infos.items()
        }
        row = self._rows_above
        for name, control in self.controls.items():
            title = QCoreApplication.translate("Export", infos[name].title)
            self._form.insertRow(row, title, control.widget)
            row += 1

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
        if self.format.count() > 1:
            form.addRow(self.tr("For&mat"), self.format)
        self._form, self._rows_above = form, form.rowCount()
        self._show_options()
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

    @Slot(int)
    def _on_format_changed(self, _index: int) -> None:
        self._spec = export_formats()[self.format.currentData()]
        self.setWindowTitle(self.tr("Export {title}").format(title=self._title(self._spec)))
        self._show_options()

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.tr("Export to"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    @Slot()
    def _on_accepted(self) -> None:
        self.export_wanted.emit(self.request)
        self.accept()
