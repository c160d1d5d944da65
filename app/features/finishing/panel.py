"""Panel Matte: finishing of the active object's matte."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.features.finishing.parameter_row import ParameterRow
from app.features.finishing.shapes import ShapesSection, key_text
from app.model.change import Change
from app.model.model import Model
from app.shell import theme
from app.shell.debounce import Debounce
from app.shell.keys.panel_cycle import MAIN
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import finishing_edits
from matting_core.document.finishing import Finishing, Parameter


class FinishingPanel(QWidget):
    """Panel that shows the active object's finishing on the playhead's frame, and edits it.

    Args:
        model: whose object it is.
        keys: commands about keyframes.
        tools: commands that choose a shape tool.
    """

    def __init__(
        self,
        model: Model,
        keys: Sequence[QAction],
        tools: Sequence[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self.rows = {
            parameter: ParameterRow(parameter, name, about)
            for parameter, name, about in self._names()
        }
        self.rows[Parameter.BLACK].slider.setProperty(MAIN, True)
        self.shapes = ShapesSection(model, tools)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("quiet", True)
        self._lay_out(keys)
        for row in self.rows.values():
            row.edited.connect(self._on_edited)
            row.key_wanted.connect(self._on_key_wanted)
            row.reset_wanted.connect(self._on_reset_wanted)
        signals = model.view.active_changed, model.view.playhead_moved, model.objects.shape_changed
        self._redraw = Debounce(self._on_redraw, self).after(model.document.changed, *signals)
        self._redraw.start()

    def _refusal(self) -> str:
        """Why the finishing cannot be changed on this frame, or empty."""
        obj, frame = self._model.active, self._model.view.frame
        if obj is None:
            return self.tr("Click the thing to cut out first; its matte is finished here.")
        if obj.locked:
            return self.tr("{name} is locked; unlock it to change it.").format(name=obj.name)
        if obj.lock_on(frame) is not None:
            return self.tr("This frame is locked; unlock it to change it.")
        if obj.refuses_changes(frame):
            return self.tr("{name} is not on this frame.").format(name=obj.name)
        return ""

    @Slot()
    def _on_redraw(self) -> None:
        obj, frame = self._model.active, self._model.view.frame
        finishing, refusal = obj.finishing_on(frame) if obj else Finishing(), self._refusal()
        self.note.setText(refusal)
        self.note.setVisible(bool(refusal))
        self._fields.setEnabled(not refusal)
        for parameter, row in self.rows.items():
            row.show_track(finishing[parameter], frame)
        self.shapes.show_shapes(finishing.shapes, self._model.objects.shape, frame)

    @Slot(object, float, object)
    def _on_edited(self, parameter: Parameter, value: float, drag: int | None) -> None:
        obj, frame = self._model.active, self._model.view.frame
        auto_key = self._model.objects.auto_key
        if obj is not None:
            self._model.make(
                Change(
                    QT_TRANSLATE_NOOP("Commands", "Finish matte"),
                    lambda p: finishing_edits.set_parameter(
                        p, obj.id, parameter, frame, value, auto_key=auto_key
                    ),
                    drag=drag,
                )
            )
        self._redraw.start()

    @Slot(object)
    def _on_key_wanted(self, parameter: Parameter) -> None:
        obj, frame = self._model.active, self._model.view.frame
        if obj is not None:
            self._model.push(
                key_text(frame in obj.finishing[parameter].frames),
                lambda p: finishing_edits.toggle_key(p, obj.id, parameter, frame),
            )

    @Slot(object)
    def _on_reset_wanted(self, parameter: Parameter) -> None:
        obj = self._model.active
        if obj is not None:
            self._model.push(
                QT_TRANSLATE_NOOP("Commands", "Reset matte"),
                lambda p: finishing_edits.reset_parameter(p, obj.id, parameter),
            )

    def _names(self) -> tuple[tuple[Parameter, str, str], ...]:
        tr = self.tr
        return (
            (Parameter.BLACK, tr("Black"), tr("Alphas from here down become 0.")),
            (Parameter.WHITE, tr("White"), tr("Alphas from here up become 1.")),
            (Parameter.GAMMA, tr("Gamma"), tr("More than 1 lifts the middle of the edge.")),
            (Parameter.DOTS, tr("Dots"), tr("Separate specks up to this area go.")),
            (Parameter.HOLES, tr("Holes"), tr("Enclosed holes up to this area are filled.")),
            (Parameter.GROW, tr("Grow"), tr("Moves the edge outwards; less than 0 inwards.")),
            (Parameter.FEATHER, tr("Feather"), tr("Softens the edge by a Gaussian.")),
        )

    def _lay_out(self, keys: Sequence[QAction]) -> None:
        heading = QLabel(self.tr("Keyframes"))
        heading.setProperty("heading", True)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        for action in keys:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        self._fields = QWidget()
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(4)
        for row in self.rows.values():
            fields.addWidget(row)
        fields.addSpacing(theme.GRID)
        fields.addWidget(self.shapes)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(theme.GRID, 4, theme.GRID, theme.GRID)
        inner.setSpacing(4)
        inner.addWidget(self.note)
        inner.addLayout(head)
        inner.addWidget(self._fields)
        inner.addStretch(1)
