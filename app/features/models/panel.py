"""Which tracker and head make the mattes, and how finely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from app.shell import theme
from matting_core.document.project import Settings
from matting_core.models.files.overview import ModelEntry, ModelKind, ModelState
from matting_core.models.heads.base import HeadSpec
from matting_core.models.registry import head_specs, tracker_specs
from matting_core.models.trackers.base import TrackerSpec
from matting_core.types import Quality


class ModelsPanel(QWidget):
    """Shows the project's settings and asks for others; hidden models are not offered."""

    settings_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self._tracker = _filled(tracker_specs())
        self._head = _filled(head_specs())
        self._quality = QComboBox()
        self._quality.addItem(self.tr("Fast (512 px)"), Quality.FAST.value)
        self._quality.addItem(self.tr("Full (1024 px)"), Quality.FULL.value)
        self._tracker.setToolTip(self.tr("Carries the object's mask through the clip"))
        self._head.setToolTip(self.tr("Turns the mask into alpha"))
        self._quality.setToolTip(self.tr("How finely the tracker looks at tracked frames"))
        form = QFormLayout(self)
        form.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)  # titles are long
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Tracker"), self._tracker)
        form.addRow(self.tr("Matte"), self._head)
        form.addRow(self.tr("Quality"), self._quality)
        for box in self.boxes:
            box.setMinimumContentsLength(10)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(self._on_activated)

    @property
    def boxes(self) -> tuple[QComboBox, QComboBox, QComboBox]:
        """Tracker, head and quality."""
        return self._tracker, self._head, self._quality

    def show_models(self, rows: Sequence[ModelEntry]) -> None:
        """Say at each model whether it is there."""
        for box, kind in ((self._tracker, ModelKind.TRACKER), (self._head, ModelKind.HEAD)):
            for row in rows:
                at = box.findData(row.id)
                if row.kind is kind and at >= 0:
                    box.setItemText(at, self._named(row))

    def show_settings(self, settings: Settings) -> None:
        """Show these settings; a model that is hidden or missing is named all the same."""
        self._settings = settings
        _choose(self._tracker, settings.tracker)
        _choose(self._head, settings.head)
        _choose(self._quality, settings.quality.value)

    def _named(self, row: ModelEntry) -> str:
        if row.needs:
            words = self.tr("{title} (needs {packages})")
            return words.format(title=row.title, packages=" ".join(row.needs))
        if row.state is ModelState.MISSING:
            return self.tr("{title} (not installed)").format(title=row.title)
        if row.state is ModelState.DAMAGED:
            return self.tr("{title} (damaged)").format(title=row.title)
        return row.title

    @Slot(int)
    def _on_activated(self, _index: int) -> None:
        wanted = replace(
            self._settings,
            tracker=self._tracker.currentData(),
            head=self._head.currentData(),
            quality=Quality(self._quality.currentData()),
        )
        self.settings_wanted.emit(wanted)


def _filled(specs: Mapping[str, TrackerSpec] | Mapping[str, HeadSpec]) -> QComboBox:
    box = QComboBox()
    for spec in specs.values():
        if not spec.hidden:
            box.addItem(spec.title, spec.id)
    return box


def _choose(box: QComboBox, value: str) -> None:
    at = box.findData(value)
    if at < 0:
        box.addItem(value, value)
        at = box.count() - 1
    box.setCurrentIndex(at)
