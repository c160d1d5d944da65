"""Asks the media lane for the canvas's pictures: one at a time, and then only the latest."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs import JobLane, JobOutcome, Priority
from app.pictures import PictureMaker, PictureRequest
from matting_core.jobs import CancelToken


class FrameLoader(QObject):
    """Keeps the canvas up to date while the playhead moves.

    A picture that is being made is not given up for a newer one: while the user drags along the
    timeline faster than frames can be read, every picture that gets done is shown.
    """

    loaded = Signal(object)
    """Carries a `Picture`."""
    failed = Signal(object)
    """Carries the exception."""

    def __init__(self, lane: JobLane, maker: PictureMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._maker = maker
        self._running = False
        self._waiting: PictureRequest | None = None

    @property
    def idle(self) -> bool:
        """Whether the last picture asked for has come."""
        return not self._running

    def request(self, request: PictureRequest) -> None:
        """Ask for a picture; one that is still waiting its turn is dropped."""
        if self._running:
            self._waiting = request
            return
        self._running = True
        maker = self._maker

        def work(_token: CancelToken) -> Iterator[object]:
            yield maker.make(request)

        job = self._lane.submit(work, priority=Priority.NORMAL)
        job.delivered.connect(self.loaded)
        job.ended.connect(self._on_ended)

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        self._running = False
        request, self._waiting = self._waiting, None
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        if request is not None:
            self.request(request)
