"""What the colours over the picture mean."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app import theme
from app.view_state import ViewMode
from app.views.compose import shown_overlays
from app.views.look import Overlay
from app.views.picture import Picture

Entry = tuple[str, str]
"""A colour and its name."""


class Legend(QLabel):
    """Names the colours of a picture; hidden while there is nothing to name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("chip", True)
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
                (theme.BEFORE, self.tr("Only on the frame before")),
                (theme.AFTER, self.tr("Only on this frame")),
            )
        if Overlay.TRIMAP in overlays and scene.layers:
            colors = theme.FOREGROUND_PROMPT, theme.ROI, theme.BACKGROUND_PROMPT
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
                f'<span style="color:{color}">■</span>&nbsp;{escape(name).replace(" ", "&nbsp;")}'
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
