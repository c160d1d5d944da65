"""Gain and gamma as two sliders in the canvas's corner."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSlider, QWidget

from app.model.look import GAIN_STEPS, GAMMA_STEPS, Levels
from app.model.view import ViewState
from app.shell import theme

_WIDTH = 112
_DIGITS = "00.00×"


class LevelsControl(QFrame):
    """Sliders of the view's levels; a double click on one takes its change back."""

    def __init__(self, view: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setProperty("caption", True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.gain = _Slider(GAIN_STEPS)
        self.gain.setToolTip(
            self.tr("Gain: finds faint spots outside (Shift+Up, Shift+Down); double click for 1")
        )
        self.gamma = _Slider(GAMMA_STEPS)
        self.gamma.setToolTip(
            self.tr("Gamma: below 1 finds holes inside (Ctrl+Up, Ctrl+Down); double click for 1")
        )
        self._values = QLabel(), QLabel()
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.GRID, 2, theme.GRID, 2)
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(0)
        rows = ((self.tr("Gain"), self.gain), (self.tr("Gamma"), self.gamma))
        for row, ((name, slider), value) in enumerate(zip(rows, self._values, strict=True)):
            label = QLabel(name)
            label.setBuddy(slider)
            slider.setAccessibleName(name)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setMinimumWidth(self.fontMetrics().horizontalAdvance(_DIGITS))
            for column, widget in enumerate((label, slider, value)):
                grid.addWidget(widget, row, column)
            slider.valueChanged.connect(self._on_moved)
        view.look_changed.connect(self._on_look_changed)
        self._on_look_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep it from the canvas below."""
        event.accept()

    @Slot()
    def _on_moved(self) -> None:
        levels = Levels(self.gain.value(), self.gamma.value())
        self._view.set_look(replace(self._view.look, levels=levels))

    @Slot()
    def _on_look_changed(self) -> None:
        levels = self._view.look.levels
        for slider, steps in ((self.gain, levels.gain_steps), (self.gamma, levels.gamma_steps)):
            slider.blockSignals(True)
            slider.setValue(steps)
            slider.blockSignals(False)
        for label, value in zip(self._values, (levels.gain, levels.gamma), strict=True):
            label.setText(f"{value:.2f}")
        self._values[0].setText(f"{levels.gain:.2f}×")


class _Slider(QSlider):
    """Slider with its neutral place at 0."""

    def __init__(self, limits: tuple[int, int]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(*limits)
        self.setPageStep(4)
        self.setFixedWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to 0."""
        self.setValue(0)
        event.accept()
