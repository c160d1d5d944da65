"""Asks the media lane for the canvas's pictures: one at a time, and then only the latest."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.canvas.pictures.foregrounds import Mixture, estimating, warming_up
from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.picture import Picture, PictureRequest
from app.shell.jobs import Job, JobLane, JobOutcome, Priority, Work
from matting_core.jobs import CancelToken
from matting_core.types import Frame8

_REST = 150
"""Milliseconds that a rough picture stays on screen before a better one is made."""


class FrameLoader(QObject):
    """Keeps the canvas up to date while the playhead moves.

    A picture that is being made is not given up for a newer one: while the user drags along the
    timeline faster than frames can be read, every picture that gets done is shown. Only where the
    playhead rests is a rough picture followed by a better one; what takes long about that is done
    on a lane of its own, so that no other picture waits for it.

    Args:
        lane: where frames are read.
        slow: where foreground colours are estimated.
        maker: makes the pictures.
        parent: the Qt parent.
    """

    loaded = Signal(object)
    """Carries a `Picture`."""
    failed = Signal(object)
    """Carries the exception."""

    def __init__(
        self, lane: JobLane, slow: JobLane, maker: PictureMaker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._slow = slow
        self._maker = maker
        self._running = False
        self._waiting: PictureRequest | None = None
        self._rough: PictureRequest | None = None
        self._refining: Job | None = None
        self._warm = False
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._on_rested)

    @property
    def idle(self) -> bool:
        """Whether the last picture asked for has come."""
        return not self._running

    def request(self, request: PictureRequest) -> None:
        """Ask for a picture; one that is still waiting its turn is dropped."""
        self._rest.stop()
        self._drop_refining()
        if self._running:
            self._waiting = request
            return
        self._running = True
        maker = self._maker

        def work(_token: CancelToken) -> Iterator[object]:
            yield maker.make(request)

        job = self._lane.submit(work, priority=Priority.NORMAL)
        job.delivered.connect(self._on_made)
        job.ended.connect(self._on_ended)

    @Slot(object)
    def _on_made(self, picture: Picture) -> None:
        self.loaded.emit(picture)
        if picture.trouble is not None:
            self.failed.emit(picture.trouble)
        if picture.mattes and not self._warm:
            self._warm = True
            self._slow.submit(warming_up, priority=Priority.BACKGROUND)
        if picture.rough and self._waiting is None:
            self._rough = picture.request
            self._rest.start()

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        self._running = False
        request, self._waiting = self._waiting, None
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        if request is not None:
            self.request(request)

    def _drop_refining(self) -> None:
        if self._refining is not None:
            self._refining.cancel()
        self._refining = None

    def _refine(self, lane: JobLane, work: Work) -> Job:
        """Take the next of the steps that lead to a better picture."""
        job = self._refining = lane.submit(work, key="refine", priority=Priority.NORMAL)
        job.ended.connect(self._on_refined)
        return job

    @Slot()
    def _on_rested(self) -> None:
        request, maker = self._rough, self._maker
        if request is None:
            return

        def work(_token: CancelToken) -> Iterator[object]:
            yield maker.mixtures(request)

        self._refine(self._lane, work).delivered.connect(self._on_mixed)

    @Slot(object)
    def _on_mixed(self, mixtures: tuple[Mixture, ...]) -> None:
        self._refine(self._slow, estimating(mixtures)).delivered.connect(self._on_estimated)

    @Slot(object)
    def _on_estimated(self, found: Mapping[Hashable, Frame8]) -> None:
        request, maker = self._rough, self._maker
        if request is None:
            return

        def work(_token: CancelToken) -> Iterator[object]:
            yield maker.refine(request, found)

        self._refine(self._lane, work).delivered.connect(self.loaded)

    @Slot(object)
    def _on_refined(self, outcome: JobOutcome) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)
