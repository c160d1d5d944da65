"""Panel of models: which tracker and head make the mattes, and how finely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from app.features.models.choice import ModelChoice
from app.features.models.controller import ModelFiles
from app.model.model import Model
from app.shell import theme
from app.shell.debounce import Debounce
from matting_core.models.files.overview import ModelEntry, ModelKind, ModelState
from matting_core.models.heads.base import HeadSpec
from matting_core.models.registry import head_specs, tracker_specs
from matting_core.models.trackers.base import TrackerSpec
from matting_core.types import Quality


class ModelsPanel(QWidget):
    """Panel that shows the project's settings; hidden models are not offered.

    Args:
        model: whose settings they are.
        files: says of each model whether it is there.
        choice: makes the edit, or says what stands in its way.
    """

    def __init__(
        self, model: Model, files: ModelFiles, choice: ModelChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._files, self._choice = model, files, choice
        self._tracker = _list_models(tracker_specs())
        self._head = _list_models(head_specs())
        self._quality = QComboBox()
        self._quality.addItem(self.tr("Fast (512 px)"), Quality.FAST.value)
        self._quality.addItem(self.tr("Full (1024 px)"), Quality.FULL.value)
        self._tracker.setToolTip(self.tr("Carries the object's mask through the clip"))
        self._head.setToolTip(self.tr("Turns the mask into alpha"))
        self._quality.setToolTip(self.tr("How finely the tracker looks at tracked frames"))
        self._lay_out()
        for box in self.boxes:
            box.setMinimumContentsLength(10)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(self._on_activated)
        redraw = Debounce(self._on_redraw, self).after(model.document.changed, choice.settled)
        redraw.start()
        files.changed.connect(self._on_files_changed)
        self._on_files_changed()

    @property
    def boxes(self) -> tuple[QComboBox, QComboBox, QComboBox]:
        """Tracker, head and quality."""
        return self._tracker, self._head, self._quality

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)  # titles are long
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Tracker"), self._tracker)
        form.addRow(self.tr("Matte"), self._head)
        form.addRow(self.tr("Quality"), self._quality)

    @Slot()
    def _on_files_changed(self) -> None:
        for box, kind in ((self._tracker, ModelKind.TRACKER), (self._head, ModelKind.HEAD)):
            for row in self._files.rows():
                at = box.findData(row.id)
                if row.kind is kind and at >= 0:
                    box.setItemText(at, self._title(row))

    @Slot()
    def _on_redraw(self) -> None:
        """Show the project's settings; a model that is hidden or missing is named all the same."""
        settings = self._model.project.settings
        _choose(self._tracker, settings.tracker)
        _choose(self._head, settings.head)
        _choose(self._quality, settings.quality.value)

    def _title(self, row: ModelEntry) -> str:
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
            self._model.project.settings,
            tracker=self._tracker.currentData(),
            head=self._head.currentData(),
            quality=Quality(self._quality.currentData()),
        )
        self._choice.want(wanted)


def _list_models(specs: Mapping[str, TrackerSpec] | Mapping[str, HeadSpec]) -> QComboBox:
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
