"""What the colours over the picture mean."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from app.canvas.pictures.compose import shown_overlays
from app.canvas.pictures.picture import Picture
from app.model.look import Overlay
from app.model.view import ViewMode
from app.shell import theme

_SIDE = 10
_FINER = 3
"""Pixels of a swatch for each one of the screen, where a screen has finer ones."""
Entry = tuple[str, str]
"""A colour and its name."""


class Legend(QLabel):
    """Names of a picture's colours; hidden while there is nothing to name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("caption", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.entries: tuple[Entry, ...] = ()
        self.hide()

    def show_picture(self, picture: Picture) -> None:
        """Name what is to be seen in a picture."""
        request, scene = picture.request, picture.scene
        entries: list[Entry] = []
        overlays = shown_overlays(request.mode, request.look.overlays)
        if request.mode is ViewMode.TRIMAP:
            entries += self._trimap("#ffffff", "#808080", "#000000")
        if request.mode is ViewMode.DIFFERENCE:
            entries += (
                (theme.GONE, self.tr("Only on the frame before")),
                (theme.COME, self.tr("Only on this frame")),
            )
        if Overlay.TRIMAP in overlays and scene.layers:
            colors = theme.FOREGROUND_PROMPT, theme.UNKNOWN, theme.BACKGROUND_PROMPT
            entries += self._trimap(*colors)
        if Overlay.ROI in overlays and scene.layers:
            entries.append((theme.ROI, self.tr("ROI")))
        if Overlay.ONION in overlays and scene.before:
            entries.append((theme.BEFORE, self.tr("Frame before")))
        if Overlay.ONION in overlays and scene.after:
            entries.append((theme.AFTER, self.tr("Frame after")))
        self._show(tuple(entries))

    def _trimap(self, inside: str, unknown: str, outside: str) -> tuple[Entry, ...]:
        return (
            (inside, self.tr("Object")),
            (unknown, self.tr("Unknown")),
            (outside, self.tr("Background")),
        )

    def _show(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.setText(
            "&nbsp;&nbsp; ".join(
                f"{_swatch(color)}&nbsp;{escape(name).replace(' ', '&nbsp;')}"
                for color, name in entries
            )
        )
        self.setVisible(bool(entries))

    def fit(self, width: int) -> None:
        """Take as many lines as a width of the canvas asks for."""
        self.setWordWrap(False)
        wanted = self.sizeHint()
        if wanted.width() <= width:
            self.resize(wanted)
            return
        self.setWordWrap(True)
        self.resize(width, self.heightForWidth(width))


@lru_cache(maxsize=32)
def _swatch(color: str) -> str:
    """A square of a colour with a line around it, as HTML that can stand in a text."""
    image = QImage(_SIDE * _FINER, _SIDE * _FINER, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.QUIET))
    painter = QPainter(image)
    inside = image.rect().adjusted(_FINER, _FINER, -_FINER, -_FINER)
    painter.fillRect(inside, QColor(color))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    encoded = bytes(data.toBase64().data()).decode()
    return f'<img width="{_SIDE}" height="{_SIDE}" src="data:image/png;base64,{encoded}">'
