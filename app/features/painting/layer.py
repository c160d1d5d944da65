"""Paint over the canvas's picture: coded marks in three tints, redrawn only where they change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from matting_core.document.refine import Mark
from matting_core.matte.refining import STRONGEST, Gray
from matting_core.types import Size
from matting_core.windows import Window

_OPACITY = 0.6
_ALIGNMENT = 4
Tints = Mapping[Mark, str]
"""The colour of each mark."""


class PaintLayer(QGraphicsItem):
    """Image of one byte a pixel that shares its memory with a numpy plane."""

    def __init__(self) -> None:
        super().__init__()
        self._tints: Tints = {}
        self._bounds = QRectF()
        self._plane: Gray = np.zeros((0, 0), np.uint8)
        self._image = QImage()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def plane(self) -> Gray:
        """(H, W) uint8, coded as `matting_core.matte.refining` says; change it, then `touch`."""
        return self._plane

    def start(self, size: Size, tints: Tints) -> None:
        """Be empty, of a size, and tinted so."""
        if self._plane.shape != size.hw:
            self.prepareGeometryChange()
            stride = -(-size.width // _ALIGNMENT) * _ALIGNMENT
            memory = np.zeros((size.height, stride), np.uint8)
            self._plane = memory[:, : size.width]
            self._bounds = QRectF(0, 0, *size)
            kind = QImage.Format.Format_Indexed8
            self._image = QImage(memory.data, size.width, size.height, stride, kind)
            self._tints = {}
        else:
            self.clear()
        if tints != self._tints:
            self._tints = dict(tints)
            self._image.setColorTable(_colors(tints))

    def clear(self) -> None:
        """Show nothing."""
        self._plane[:] = 0
        self.update()

    def show_marks(self, marks: Gray) -> None:
        """Show a whole plane."""
        self._plane[:] = marks
        self.update()

    def touch(self, window: Window) -> None:
        """Redraw a part that has changed."""
        self.update(QRectF(window.x0 - 1, window.y0 - 1, window.width + 2, window.height + 2))

    def boundingRect(self) -> QRectF:
        """The frame."""
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw what is exposed."""
        part = option.exposedRect.toAlignedRect().intersected(self._bounds.toRect())
        painter.drawImage(part, self._image, part)


def _colors(tints: Tints) -> list[int]:
    table = [0] * 256
    for mark, name in tints.items():
        for strength in range(1, STRONGEST + 1):
            color = QColor(name)
            color.setAlphaF(_OPACITY * strength / STRONGEST)
            table[int(mark) << 6 | strength] = color.rgba()
    return table
