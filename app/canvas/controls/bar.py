"""What lies over the canvas: view, zoom, pixel, legend, levels, comparison."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget

from app.canvas.controls.captions import Captions
from app.canvas.controls.comparison import ComparisonView
from app.canvas.controls.legend import Legend
from app.canvas.controls.levels import LevelsControl
from app.canvas.controls.readout import Readout
from app.canvas.pictures.compose import LEVELLED
from app.canvas.pictures.picture import Picture
from app.canvas.view import Canvas
from app.model.view import ViewState
from app.shell import theme
from app.shell.caption_label import caption_label
from matting_core.results.status import Status

_MOVING = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class CanvasControls(QObject):
    """Captions and small controls over the canvas, kept up to date and in their places.

    At the top, from above to below: the message, the tool's options, legend and levels.

    Args:
        canvas: what they lie over.
        view: says which of them mean something.
        message: covers the canvas's top, in all its width, while there is one.
        options: the options of the tool; without any it is hidden.
        parent: the Qt parent.
    """

    def __init__(
        self,
        canvas: Canvas,
        view: ViewState,
        message: QWidget,
        options: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._view = view
        self._message = message
        self._options = options
        self._captions = Captions(self)
        self.caption = caption_label(canvas)
        self.zoom = caption_label(canvas)
        self.legend = Legend(canvas)
        self.levels = LevelsControl(view, canvas)
        self.comparison = ComparisonView(canvas, self)
        self.readout = Readout(canvas, self.comparison)
        self.readout.resized.connect(self._place)
        for each in (canvas, message, options):
            each.installEventFilter(self)
        canvas.zoomed.connect(self._on_zoomed)
        view.mode_changed.connect(self._on_mode_changed)
        self._on_mode_changed()

    def show_picture(self, picture: Picture, statuses: Collection[Status] = ()) -> None:
        """Say what a picture shows; see `Captions.caption`."""
        self.caption.setText(self._captions.caption(picture, statuses))
        self.legend.show_picture(picture)
        self.comparison.show_picture(picture, self._captions.halves(picture))
        self.readout.show_picture(picture)
        self._place()

    def show_statuses(self, picture: Picture, statuses: Collection[Status]) -> None:
        """Say anew what is to be known of the picture that is shown."""
        self.caption.setText(self._captions.caption(picture, statuses))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay where they belong."""
        if event.type() in _MOVING:
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def _place(self) -> None:
        for each in (self.caption, self.zoom, self.levels):
            each.adjustSize()
        width, gap = self._canvas.width(), theme.GRID
        bottom = self._canvas.height() - self.caption.height() - gap
        self.caption.move(gap, bottom)
        self.zoom.move(width - self.zoom.width() - gap, bottom)
        self.readout.move(self.zoom.x() - self.readout.width() - gap, bottom)
        self._place_top()

    def _place_top(self) -> None:
        width, gap = self._canvas.width(), theme.GRID
        top = gap if self._message.isHidden() else self._message.height() + gap
        self._options.move(max(0, (width - self._options.width()) // 2), top)
        if not self._options.isHidden():
            top += self._options.height() + gap
        self.levels.move(width - self.levels.width() - gap, top)
        end = self.levels.x() if self.levels.isVisibleTo(self._canvas) else width
        self.legend.move(gap, top)
        self.legend.fit(end - 2 * gap)

    @Slot(float)
    def _on_zoomed(self, zoom: float) -> None:
        self.zoom.setText(self.tr("{percent:.0f} %").format(percent=zoom * 100))
        self._place()

    @Slot()
    def _on_mode_changed(self) -> None:
        self.levels.setVisible(self._view.mode in LEVELLED)
        self._place()
