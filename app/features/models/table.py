"""The table of models: one line for each tracker and head, under a heading for each kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.shell import theme
from matting_core.models.files.overview import ModelEntry, ModelKind, ModelState

_KEY = Qt.ItemDataRole.UserRole
_MODEL, _STATE, _SIZE, _LICENCE, _SPEED, _MEMORY, _ORIGIN = range(7)
_WIDTHS = {_MODEL: 224, _STATE: 132, _SIZE: 80, _LICENCE: 248, _SPEED: 104, _MEMORY: 84}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBERS = (_SIZE, _SPEED, _MEMORY)
_NONE = "–"


class ModelsTable(QTreeWidget):
    """Table of the models; keeps the chosen one through changes."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, ModelEntry] = {}
        self.setAccessibleName(self.tr("Models"))
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setHeaderLabels(
            [
                self.tr("Model"),
                self.tr("State"),
                self.tr("Size"),
                self.tr("Licence"),
                self.tr("Speed here"),
                self.tr("Memory"),
                self.tr("From"),
            ]
        )
        header = self.header()
        header.setSectionResizeMode(_ORIGIN, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(_WIDTHS[_SIZE])
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        for column in range(self.columnCount()):
            self.headerItem().setTextAlignment(column, _RIGHT if column in _NUMBERS else _LEFT)
        self.currentItemChanged.connect(self._on_current_changed)

    @property
    def row(self) -> ModelEntry | None:
        """The chosen row."""
        item = self.currentItem()
        return self._rows.get(item.data(_MODEL, _KEY)) if item is not None else None

    def show_rows(self, rows: Sequence[ModelEntry]) -> None:
        """Show these; the chosen one stays chosen, else the first is."""
        before = self.row.key if self.row is not None else ""
        self.blockSignals(True)
        self.clear()
        self._rows = {row.key: row for row in rows}
        for kind, title in self._headings().items():
            lines = [row for row in rows if row.kind is kind]
            if lines:
                self._add_heading(title)
            for row in lines:
                self.addTopLevelItem(self._item(row))
        self.blockSignals(False)
        self.choose(before if before in self._rows else next(iter(self._rows), ""))

    def choose(self, key: str) -> None:
        """Choose the row of this "kind:id", or of this id."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is None:
                continue
            row = self._rows.get(item.data(_MODEL, _KEY))
            if row is not None and key in (row.key, row.id):
                self.setCurrentItem(item)
                break
        self.chosen.emit()

    def _headings(self) -> dict[ModelKind, str]:
        return {
            ModelKind.TRACKER: self.tr("Trackers"),
            ModelKind.HEAD: self.tr("Matting heads"),
            ModelKind.WEIGHTS: self.tr("Other files"),
        }

    def _add_heading(self, title: str) -> None:
        item = QTreeWidgetItem([title])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(_MODEL)
        font.setBold(True)
        item.setFont(_MODEL, font)
        self.addTopLevelItem(item)
        item.setFirstColumnSpanned(True)

    def _item(self, row: ModelEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self._cells(row))
        item.setData(_MODEL, _KEY, row.key)
        for column in _NUMBERS:
            item.setTextAlignment(column, _RIGHT)
        if not row.usable:
            for column in range(self.columnCount()):
                item.setForeground(column, QColor(theme.QUIET))
        for column in range(self.columnCount()):
            item.setToolTip(column, item.text(column))
        item.setToolTip(_MODEL, row.id)
        if row.probe is not None:
            about = self.tr("{device}, 1280 × 720, {when}").format(
                device=row.probe.device, when=row.probe.when[:10]
            )
            item.setToolTip(_SPEED, about)
            item.setToolTip(_MEMORY, about)
        return item

    def _cells(self, row: ModelEntry) -> list[str]:
        size = self.tr("{size:.0f} MB").format(size=row.size / 1e6) if row.size else _NONE
        speed = memory = _NONE
        if row.probe is not None:
            speed = self.tr("{seconds:.2f} s/frame").format(seconds=row.probe.seconds)
            if row.probe.memory is not None:
                memory = self.tr("{size:.0f} MB").format(size=row.probe.memory / 1e6)
        licence = row.licence
        if row.non_commercial:
            licence = self.tr("{licence}, non-commercial").format(licence=row.licence)
        origin, _, _ = row.origin.partition(";")
        return [row.title, self._state(row), size, licence, speed, memory, origin]

    def _state(self, row: ModelEntry) -> str:
        if row.needs:
            return self.tr("needs {packages}").format(packages=" ".join(row.needs))
        if row.state is ModelState.SHIPPED:
            return self.tr("part of Wisp")
        if row.state is ModelState.INSTALLED:
            return self.tr("installed")
        if row.state is ModelState.DAMAGED:
            return self.tr("damaged")
        if row.fetched:
            return self.tr("{part} % downloaded").format(part=row.fetched_percent)
        return self.tr("not installed")

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, _item: object, _before: object) -> None:
        self.chosen.emit()
