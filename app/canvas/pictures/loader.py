"""Asks the media lane for the canvas's pictures: one at a time, and then only the latest."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.canvas.pictures.foregrounds import ColourMixture, estimate_foregrounds, warm_up_solver
from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.picture import Picture, PictureRequest
from app.shell.jobs import Job, JobLane, Priority
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.types import Frame8

_REST = 150
"""Milliseconds that a rough picture stays on screen before a better one is made."""


class FrameLoader(QObject):
    """Pictures for the canvas, made on the media lane while the playhead moves.

    A picture that is being made is not given up for a newer one: while the user drags along the
    timeline faster than frames can be read, every picture that gets done is shown. Only where the
    playhead rests is a rough picture followed by a better one; what takes long about that is done
    on a lane of its own, so that no other picture waits for it.

    Args:
        tasks: runs what is asked of the lanes.
        lane: where frames are read.
        slow: where foreground colours are estimated.
        maker: makes the pictures.
        messenger: reports what is wrong with a picture.
        parent: the Qt parent.
    """

    loaded = Signal(object)
    """Carries a `Picture`."""

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        slow: JobLane,
        maker: PictureMaker,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._messenger = messenger
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
        task = Task.call(self._maker.make, request).each(self._on_made)
        self._tasks.run(task.ended(self._on_ended), self._lane)

    def _on_made(self, picture: Picture) -> None:
        self.loaded.emit(picture)
        if picture.trouble is not None:
            self._messenger.report(picture.trouble)
        if picture.mattes and not self._warm:
            self._warm = True
            self._tasks.run(Task(warm_up_solver), self._slow, priority=Priority.BACKGROUND)
        if picture.rough and self._waiting is None:
            self._rough = picture.request
            self._rest.start()

    def _on_ended(self) -> None:
        self._running = False
        request, self._waiting = self._waiting, None
        if request is not None:
            self.request(request)

    def _drop_refining(self) -> None:
        if self._refining is not None:
            self._refining.cancel()
        self._refining = None

    def _refine(self, task: Task, lane: JobLane) -> None:
        """Take the next of the steps that lead to a better picture."""
        self._refining = self._tasks.run(task, lane, key="refine")

    @Slot()
    def _on_rested(self) -> None:
        if self._rough is not None:
            task = Task.call(self._maker.mixtures, self._rough)
            self._refine(task.each(self._on_mixed), self._lane)

    def _on_mixed(self, mixtures: tuple[ColourMixture, ...]) -> None:
        self._refine(Task(estimate_foregrounds(mixtures)).each(self._on_estimated), self._slow)

    def _on_estimated(self, found: Mapping[Hashable, Frame8]) -> None:
        if self._rough is not None:
            task = Task.call(self._maker.refine, self._rough, found)
            self._refine(task.each(self.loaded.emit), self._lane)
