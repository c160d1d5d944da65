"""Thumbnails of the clip, side by side under the ruler."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from app.shell import theme
from app.timeline.content import TimelineContent
from app.timeline.geometry import ThumbnailPlace, TimeScale, slots
from app.timeline.lanes.base import Lane, LaneSpec, LaneView
from app.timeline.thumbnails import HEIGHT, Thumbnails

_GAP = 2


class ThumbnailLane(Lane):
    """Strip of as many thumbnails as there is room for.

    Args:
        thumbnails: has the pictures.
        redraw: is called when another picture is there.
    """

    height = HEIGHT + _GAP

    def __init__(self, thumbnails: Thumbnails, redraw: Callable[[], None]) -> None:
        self._thumbnails = thumbnails
        self._wanted: tuple[tuple[ThumbnailPlace, ...], float] = ((), 1.0)
        thumbnails.changed.connect(redraw)

    def lay_out(self, scale: TimeScale, content: TimelineContent, pixel_ratio: float) -> None:
        """Ask for other pictures, if others have room now or the screen has finer pixels."""
        wanted = slots(scale, HEIGHT * content.aspect), pixel_ratio
        if wanted != self._wanted:
            self._wanted = wanted
            self._thumbnails.want([place.frame for place in wanted[0]], pixel_ratio)

    def paint(self, painter: QPainter, view: LaneView) -> None:
        """Draw the pictures that are there, and grey places for the others."""
        width = HEIGHT * view.content.aspect
        for place in self._wanted[0]:
            left = place.left + (place.width - width) / 2
            rect = QRectF(left, view.rect.top(), width, HEIGHT)
            image = self._thumbnails.image(place.frame)
            if image is None:
                painter.fillRect(rect, QColor(theme.RAISED))
            else:
                painter.drawImage(rect, image)


SPEC = LaneSpec("thumbnails", 10, lambda given, redraw: ThumbnailLane(given.thumbnails, redraw))
