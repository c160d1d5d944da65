"""Looks at the frame under the playhead as soon as scrubbing stops, so that clicks are answered."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.features.tracking.runner import ModelRunner
from app.model.document import Document
from app.model.playback import Playback
from app.model.view import ViewState

_QUIET = 250


class FrameWarmUp(QObject):
    """Preparation of the frame that the user has settled on while nothing else runs."""

    def __init__(
        self,
        document: Document,
        view: ViewState,
        runner: ModelRunner,
        playback: Playback,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._view = view
        self._runner = runner
        self._playback = playback
        self._settled = QTimer(self, singleShot=True, interval=_QUIET)
        self._settled.timeout.connect(self._on_settled)
        view.playhead_moved.connect(self.ask)  # not the timer itself, which would take the frame
        document.changed.connect(self.ask)
        runner.tracking_changed.connect(self._settled.start)
        playback.playing_changed.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Look at the frame as soon as the user has settled on it."""
        self._settled.start()

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._settled.stop()

    @Slot()
    def _on_settled(self) -> None:
        project = self._document.project
        if project.clip is None or self._runner.tracking or self._playback.playing:
            return
        self._runner.prepare(project, self._view.frame)
