"""What is drawn over the canvas's picture: prompts, handles, the brush's circle, lines."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
)

from app.canvas.tools.gestures import XY
from app.canvas.tools.handles import HANDLES, place_of
from app.shell import theme
from matting_core.document.project import MatteObject
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, Prompt

_MARKER = 13
_HANDLE = 8
_DIMMED = 110
_WASH = 90


class PromptMarks:
    """Graphics items of prompts and of what is being drawn, in image pixels above the picture.

    Args:
        box: the view that they are shown in.
    """

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._prompts: list[QGraphicsItem] = []
        self._rubber = QGraphicsRectItem()
        self._trail = QGraphicsPathItem()
        self._preview = QGraphicsPathItem()
        self._rings = (QGraphicsEllipseItem(), QGraphicsEllipseItem())
        self._rings[0].setPen(_pen(theme.WINDOW, 3))
        self._rings[1].setPen(_pen(theme.TEXT, 1))
        for item in (self._rubber, self._trail, self._preview, *self._rings):
            item.setZValue(30)
            item.setVisible(False)
            box.addItem(item, ignoreBounds=True)

    @property
    def previews_click(self) -> bool:
        """Whether it is shown what a click would give."""
        return self._preview.isVisible()

    def show_prompts(
        self, objects: list[tuple[MatteObject, bool]], frame: int, selected: Prompt | None
    ) -> None:
        """Mark the prompts of a frame.

        Args:
            objects: each with whether it is the active one; others are drawn dimmed.
            frame: the frame on screen.
            selected: the prompt that is drawn highlighted.
        """
        for mark in self._prompts:
            self._box.removeItem(mark)
        self._prompts = []
        for obj, active in objects:
            for prompt in obj.prompts_on(frame):
                if isinstance(prompt, BoxPrompt):
                    self._add_box(prompt, obj.color, active, prompt == selected)
                elif isinstance(prompt, PointPrompt):
                    self._add_point(prompt, active, prompt == selected)

    def show_rubber(self, xyxy: tuple[float, float, float, float] | None, color: str) -> None:
        """Show the box that is being drawn, or take it away."""
        self._rubber.setVisible(xyxy is not None)
        if xyxy is not None:
            self._rubber.setPen(_pen(color, 2, Qt.PenStyle.DashLine))
            self._rubber.setRect(_rect(xyxy))

    def show_trail(self, places: Sequence[XY], width: float, color: str) -> None:
        """Show the line that is being drawn, `width` image pixels broad (0: thin); none for ()."""
        self._trail.setVisible(bool(places))
        if not places:
            return
        path = QPainterPath(QPointF(*places[0]))
        for place in places[1:]:
            path.lineTo(QPointF(*place))
        if width:
            wash = QColor(color)
            wash.setAlpha(_WASH)
            cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            self._trail.setPen(QPen(wash, width, Qt.PenStyle.SolidLine, cap, join))
        else:
            self._trail.setPen(_pen(color, 2))
        self._trail.setPath(path)

    def show_click_preview(self, inside: npt.NDArray[np.bool_] | None, color: str) -> None:
        """Show what a click would give, (H, W) bool, as a dashed outline; None takes it away."""
        self._preview.setVisible(inside is not None)
        if inside is None:
            return
        outlines, _ = cv2.findContours(
            inside.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
        )
        path = QPainterPath()
        for outline in outlines:
            path.addPolygon(QPolygonF([QPointF(x + 0.5, y + 0.5) for [[x, y]] in outline.tolist()]))
            path.closeSubpath()
        wash = QColor(color)
        wash.setAlpha(_WASH)
        self._preview.setBrush(wash)
        self._preview.setPen(_pen(theme.TEXT, 2, Qt.PenStyle.DashLine))
        self._preview.setPath(path)

    def show_circle(self, place: XY | None, diameter: float) -> None:
        """Show the brush's outline around a place, or take it away."""
        for ring in self._rings:
            ring.setVisible(place is not None)
            if place is not None:
                half = diameter / 2
                ring.setRect(place[0] - half, place[1] - half, diameter, diameter)

    def _add_box(self, prompt: BoxPrompt, color: str, active: bool, selected: bool) -> None:
        item = QGraphicsRectItem(_rect(prompt.xyxy))
        item.setPen(_pen(theme.TEXT if selected else color, 2))
        self._add_mark(item, 10, active)
        if selected and active:
            handles = pg.ScatterPlotItem(
                pos=[place_of(handle, prompt.xyxy) for handle in HANDLES],
                size=_HANDLE,
                symbol="s",
                brush=QColor(theme.TEXT),
                pen=pg.mkPen(theme.WINDOW, width=1),
                pxMode=True,
            )
            self._add_mark(handles, 12, active)

    def _add_point(self, prompt: PointPrompt, active: bool, selected: bool) -> None:
        inside = prompt.label is Label.FOREGROUND
        color = QColor(theme.FOREGROUND_PROMPT if inside else theme.BACKGROUND_PROMPT)
        item = pg.ScatterPlotItem(
            pos=[prompt.xy],
            size=_MARKER + (4 if selected else 0),
            symbol="o" if inside else "x",
            brush=color,
            pen=pg.mkPen(theme.TEXT if selected else theme.WINDOW, width=2 if selected else 1.5),
            pxMode=True,
        )
        self._add_mark(item, 20, active)

    def _add_mark(self, item: QGraphicsItem, z: int, active: bool) -> None:
        item.setOpacity(1.0 if active else _DIMMED / 255)
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._box.addItem(item, ignoreBounds=True)
        self._prompts.append(item)


def _rect(xyxy: tuple[float, float, float, float]) -> QRectF:
    return QRectF(QPointF(xyxy[0], xyxy[1]), QPointF(xyxy[2], xyxy[3]))


def _pen(color: str, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(color), width, style)
    pen.setCosmetic(True)
    return pen
