"""The row over the canvas with the options of the brush that is chosen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.canvas.tools.base import ToolOption
from app.canvas.tools.host import ToolHost
from app.model.brush import LARGEST, SMALLEST
from app.model.view import ViewState
from app.shell import theme
from matting_core.document.refine import Mark


class ToolOptions(QFrame):
    """Row of the brushes' size and hardness, and of what the Refine Edge brush says.

    Args:
        view: where they are kept.
        tools: says which options the tool has.
        parent: the widget that it lies over.
    """

    def __init__(self, view: ViewState, tools: ToolHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._tools = tools
        self.setObjectName("tool_options")
        self.setProperty("options", True)
        self.size_box = self._box(int(SMALLEST), int(LARGEST), self.tr(" px"))
        self.size_box.setToolTip(
            self.tr("Diameter of the brush in image pixels ([ and ], or drag with Ctrl)")
        )
        self.hardness_box = self._box(0, 100, self.tr(" %"))
        self.hardness_box.setToolTip(
            self.tr("How much of the brush covers wholly; less is softer (Shift+[ and Shift+])")
        )
        self.marks = self._mark_buttons()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, 4, theme.GRID, 4)
        row.setSpacing(theme.GRID)
        for button in self.marks.buttons():
            row.addWidget(button)
        for text, box in ((self.tr("Size"), self.size_box), (self.tr("Hard"), self.hardness_box)):
            label = QLabel(text)
            label.setBuddy(box)
            box.setAccessibleName(text)
            row.addWidget(label)
            row.addWidget(box)
        self.size_box.valueChanged.connect(self._on_size)
        self.hardness_box.valueChanged.connect(self._on_hardness)
        self.marks.idClicked.connect(self._on_mark)
        view.brush_changed.connect(self._on_brush_changed)
        tools.changed.connect(self._on_tools_changed)
        self._on_brush_changed()
        self._on_tools_changed()

    def _box(self, least: int, most: int, unit: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(least, most)
        box.setSuffix(unit)
        box.setKeyboardTracking(False)
        theme.indent_number(box)
        return box

    def _mark_buttons(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for mark, text, tip in (
            (Mark.UNKNOWN, self.tr("Look here"), self.tr("Matting must look where you paint")),
            (Mark.SOLID, self.tr("Solid"), self.tr("The object covers what you paint wholly")),
            (Mark.CLEAR, self.tr("Clear"), self.tr("The object is not where you paint")),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(self.tr("{tip} (Shift+R: next)").format(tip=tip))
            button.setCheckable(True)
            group.addButton(button, int(mark))
        return group

    @Slot()
    def _on_brush_changed(self) -> None:
        brush = self._view.brush
        for box, value in (
            (self.size_box, round(brush.diameter)),
            (self.hardness_box, round(brush.hardness * 100)),
        ):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self.marks.button(int(brush.mark)).setChecked(True)

    @Slot()
    def _on_tools_changed(self) -> None:
        options = self._tools.tool.options
        for button in self.marks.buttons():
            button.setVisible(ToolOption.MARK in options)
        self.setVisible(ToolOption.BRUSH in options)
        self.adjustSize()

    @Slot(int)
    def _on_size(self, value: int) -> None:
        self._view.set_brush(self._view.brush.sized(value))

    @Slot(int)
    def _on_hardness(self, value: int) -> None:
        self._view.set_brush(replace(self._view.brush, hardness=value / 100))

    @Slot(int)
    def _on_mark(self, mark: int) -> None:
        self._view.set_brush(replace(self._view.brush, mark=Mark(mark)))
