"""The values of the pixel under the cursor, in one quiet line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QSinglePointEvent
from PySide6.QtWidgets import QLabel

from app.canvas.controls.comparison import ComparisonView
from app.canvas.pictures.picture import Picture
from app.canvas.pictures.probe import Sample, sample
from app.canvas.view import Canvas

_FIGURE_SPACE = "\u2007"
_MOVES = (QEvent.Type.MouseMove, QEvent.Type.TabletMove)


class Readout(QLabel):
    """Figures of the pixel under the cursor, in fixed places; hidden while there is none."""

    resized = Signal()

    def __init__(self, canvas: Canvas, comparison: ComparisonView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._comparison = comparison
        self._picture: Picture | None = None
        self._cursor: QPointF | None = None
        self.setProperty("caption", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        canvas.viewport().installEventFilter(self)
        canvas.moved.connect(self.refresh)

    def show_picture(self, picture: Picture) -> None:
        """Read from this picture from now on."""
        self._picture = picture
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the cursor."""
        if event.type() in _MOVES and isinstance(event, QSinglePointEvent):
            self._cursor = event.position()
            self.refresh()
        elif event.type() == QEvent.Type.Leave:
            self._cursor = None
            self.refresh()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Say what is under the cursor now."""
        found = self._sample()
        text = "" if found is None else self._describe(found)
        if text != self.text():
            self.setText(text)
            self.setVisible(bool(text))
            self.adjustSize()
            self.resized.emit()

    def _sample(self) -> Sample | None:
        if self._picture is None or self._cursor is None:
            return None
        at = self._canvas.to_image(self._cursor)
        place = self._comparison.to_frame(at)
        other = self._picture.other_scene if self._picture.others else None
        seen = other if other is not None and self._comparison.is_other(at) else None
        return sample(seen or self._picture.scene, place.x(), place.y())

    def _describe(self, found: Sample) -> str:
        x, y = (_pad(value, 4) for value in found.xy)
        parts = [
            self.tr("x {x}  y {y} px").format(x=x, y=y),
            self.tr("RGB {values}").format(values=" ".join(_pad(v, 3) for v in found.rgb)),
            " ".join(f"{value / 255:.3f}" for value in found.rgb),
        ]
        if found.alpha is not None and found.roi is not None:
            parts.append(self.tr("alpha {value:.3f}").format(value=found.alpha))
            parts.append(self.tr("ROI {value:.2f}").format(value=found.roi))
        return "   ".join(parts)


def _pad(value: int, digits: int) -> str:
    return str(value).rjust(digits, _FIGURE_SPACE)
