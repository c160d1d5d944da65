"""Keeps the canvas's picture up to date: asks for another when what it shows has changed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from app.canvas.pictures.loader import FrameLoader
from app.canvas.pictures.requests import Requests
from app.model.model import Model
from app.shell.debounce import Debounce


class OnFrame(Protocol):
    """A mask or matte that is new."""

    @property
    def frame(self) -> int:
        """Its frame index."""
        ...


class PictureController(QObject):
    """Requests for pictures: one for any number of changes in one turn of the event loop.

    A new mask or matte of the frame on screen is asked for at once.

    Args:
        model: what is shown.
        requests: describes the picture.
        loader: makes it.
        parent: the Qt parent.
    """

    def __init__(
        self,
        model: Model,
        requests: Requests,
        loader: FrameLoader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._requests = requests
        self._loader = loader
        self._soon = Debounce(self._on_soon, self).after(
            model.document.changed,
            model.results_reread,
            model.view.playhead_moved,
            model.view.mode_changed,
            model.view.look_changed,
            model.objects.solo_changed,
            model.versions.changed,
        )

    @Slot(object)
    def show_result(self, result: OnFrame) -> None:
        """Ask for another picture now, if a result of the frame on screen is new."""
        if result.frame == self._model.view.frame:
            self._on_soon()

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._soon.stop()

    @Slot()
    def _on_soon(self) -> None:
        self._soon.stop()
        request = self._requests.now()
        if request is not None and not self._model.document.clip_missing:
            self._loader.request(request)
