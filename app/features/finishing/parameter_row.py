"""One finishing parameter: its name, a slider, a number with its unit, and a keyframe diamond."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSlider, QToolButton, QWidget

from app.features.finishing.parameter_scale import SCALES, STEPS
from app.model.change import next_drag
from app.shell import theme
from matting_core.document.finishing import LIMITS, Parameter
from matting_core.document.tracks import Track

_NAME_WIDTH = 52
_NUMBER_WIDTH = 90


class ParameterRow(QWidget):
    """Shows a parameter on the frame and asks for changes.

    Args:
        parameter: which.
        name: what it is called.
        about: what it does, for its tooltip.
    """

    edited = Signal(object, float, object)
    """Carries the parameter, its value, and the number of the drag that sets it, or None."""
    key_wanted = Signal(object)
    reset_wanted = Signal(object)

    def __init__(
        self, parameter: Parameter, name: str, about: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._scale = SCALES[parameter]
        self._drag: int | None = None
        self._keyed: tuple[bool, bool] | None = None
        self.label = _Name(name)
        self.label.setToolTip(self.tr("{about} Double-click resets.").format(about=about))
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(about)
        self.number = self._make_number(name, about)
        self.diamond = QToolButton()
        self.diamond.setAccessibleName(self.tr("Keyframe of {name}").format(name=name))
        self.diamond.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self.label.reset_wanted.connect(lambda: self.reset_wanted.emit(parameter))
        self.diamond.clicked.connect(lambda: self.key_wanted.emit(parameter))
        self.slider.sliderPressed.connect(self._on_pressed)
        self.slider.sliderReleased.connect(self._on_released)
        self.slider.valueChanged.connect(self._on_slid)
        self.number.valueChanged.connect(self._on_typed)

    def show_track(self, track: Track, frame: int) -> None:
        """Show a parameter's value and keyframe on a frame."""
        value = track.at(frame)
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(self._scale.position(value))
            self.slider.blockSignals(False)
        self.number.blockSignals(True)
        self.number.setValue(value)
        self.number.blockSignals(False)
        keyed = frame in track.frames, bool(track.keys)
        if keyed == self._keyed:  # an icon costs more than all else
            return
        self._keyed = keyed
        here = keyed[0]
        color = theme.ACCENT if track.keys else theme.QUIET
        self.diamond.setIcon(theme.filled_icon("diamond") if here else theme.icon("diamond", color))
        self.diamond.setToolTip(
            self.tr("Remove the keyframe here") if here else self.tr("Set a keyframe here")
        )

    def _make_number(self, name: str, about: str) -> QDoubleSpinBox:
        limits = LIMITS[self._parameter]
        number = _Number()
        number.setDecimals(self._scale.decimals)
        number.setRange(limits.least, limits.most)
        number.setSingleStep(self._scale.step)
        number.setKeyboardTracking(False)
        theme.indent_number(number)
        number.setSuffix(f" {limits.unit}" if limits.unit else "")
        number.setFixedWidth(_NUMBER_WIDTH)
        number.setProperty("plain", True)
        number.setAccessibleName(name)
        number.setToolTip(about)
        return number

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.label.setFixedWidth(_NAME_WIDTH)
        for column, widget in enumerate((self.label, self.slider, self.number, self.diamond)):
            grid.addWidget(widget, 0, column)

    @Slot()
    def _on_pressed(self) -> None:
        self._drag = next_drag()

    @Slot()
    def _on_released(self) -> None:
        self._drag = None

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.edited.emit(self._parameter, self._scale.value(position), self._drag)

    @Slot(float)
    def _on_typed(self, value: float) -> None:
        self.edited.emit(self._parameter, value, None)


class _Name(QLabel):
    """A label that is double-clicked."""

    reset_wanted = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the neutral value."""
        self.reset_wanted.emit()
        event.accept()


class _Slider(QSlider):
    """A slider that leaves the wheel to the panel it is in."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel: a value must not change by being scrolled past."""
        event.ignore()


class _Number(QDoubleSpinBox):
    """A number that takes the wheel only while it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, unless the number is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
