"""Tasks: operations on lanes, what follows on the UI thread, and which of them are shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import Self

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from shiboken6 import isValid

from app.shell.jobs import Job, JobLane, JobOutcome, JobStatus, Priority, Work
from app.shell.messages import Messenger
from matting_core.jobs import CancelToken, Progress

_PATIENCE = 500
"""Milliseconds before a job that cannot be paused is worth showing."""


class Task:
    """Operation for a lane, with handlers that are called on the UI thread.

    A handler is a method of a QObject, and is not called once that is gone; or a plain function.

    Args:
        work: the operation: a generator function that is given the cancel token.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self._each: Callable[[object], object] | None = None
        self._done: Callable[[], object] | None = None
        self._failed: Callable[[Exception], object] | None = None
        self._cancelled: Callable[[], object] | None = None
        self._ended: Callable[[], object] | None = None

    @classmethod
    def call(cls, function: Callable[..., object], *args: object) -> Self:
        """Make a task of a plain function, which is called on the lane; its result is an item."""

        def work(_token: CancelToken) -> Iterator[object]:
            yield function(*args)

        return cls(work)

    def each(self, handler: Callable[..., object]) -> Self:
        """Call a handler with each item that the operation yields."""
        self._each = handler
        return self

    def done(self, handler: Callable[[], object]) -> Self:
        """Call a handler when the operation ran to its end."""
        self._done = handler
        return self

    def failed(self, handler: Callable[..., object]) -> Self:
        """Call a handler with the exception of a failure, instead of reporting it."""
        self._failed = handler
        return self

    def cancelled(self, handler: Callable[[], object]) -> Self:
        """Call a handler when the task was cancelled, by the user or by another of its key."""
        self._cancelled = handler
        return self

    def ended(self, handler: Callable[[], object]) -> Self:
        """Call a handler after the others when the task has ended, however."""
        self._ended = handler
        return self

    def deliver(self, item: object) -> None:
        """Hand an item on."""
        if self._each is not None and _is_there(self._each):
            self._each(item)

    def finish(self, outcome: JobOutcome, report: Callable[[Exception], object]) -> None:
        """Call what follows from the end; a failure without a handler goes to `report`."""
        if outcome.status is JobStatus.CANCELLED:
            _call(self._cancelled)
        elif outcome.error is None:
            _call(self._done)
        elif self._failed is None:
            report(outcome.error)
        elif _is_there(self._failed):
            self._failed(outcome.error)
        _call(self._ended)


class Tasks(QObject):
    """Running tasks; those with a title are listed until they end, the one shown last on top.

    Args:
        messenger: reports failures that a task has no handler for.
        parent: the Qt parent.
    """

    changed = Signal()
    """Tasks came, went, were paused, or are shown now."""
    progressed = Signal()
    long_starting = Signal()
    """A task that takes long is about to start: unsaved work is written down before it."""

    def __init__(self, messenger: Messenger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messenger = messenger
        self._jobs: list[Job] = []
        self._shown: list[Job] = []
        self._progress: dict[Job, Progress] = {}

    def run(
        self,
        task: Task,
        lane: JobLane,
        *,
        key: Hashable = None,
        priority: Priority = Priority.NORMAL,
        title: str = "",
        pausable: bool = False,
    ) -> Job:
        """Queue a task on a lane.

        Args:
            task: the operation and its handlers.
            lane: where it runs.
            key: an unfinished task of the same key on the lane is cancelled.
            priority: which of the lane's tasks is stepped next.
            title: what the status bar calls it; empty for what is too short to show.
            pausable: whether it takes long and may be paused.
        """
        if pausable:
            self.long_starting.emit()
        job = lane.submit(task.work, key=key, priority=priority, title=title, pausable=pausable)
        job.on_item = task.deliver
        job.ended.connect(partial(self._on_ended, job, task))
        if title:
            self._add(job)
        return job

    @property
    def shown(self) -> Job | None:
        """The job that is worth a line, or None."""
        return self._shown[-1] if self._shown else None

    @property
    def foremost(self) -> Job | None:
        """The job that cancelling means: the one that is shown, else the last that was started."""
        return self.shown or (self._jobs[-1] if self._jobs else None)

    def progress(self, job: Job) -> Progress:
        """How far a job is."""
        return self._progress.get(job, Progress(job.title, 0, 0))

    def _add(self, job: Job) -> None:
        """Show a job until it ends; a short one not at all."""
        self._jobs.append(job)
        job.progressed.connect(partial(self._on_progressed, job))
        job.paused_changed.connect(self._on_paused_changed)
        if job.pausable:
            self._show(job)
        else:
            QTimer.singleShot(_PATIENCE, self, lambda: self._show(job))
            self.changed.emit()

    def _show(self, job: Job) -> None:
        if job in self._jobs:
            self._shown.append(job)
            self.changed.emit()

    def _on_progressed(self, job: Job, progress: Progress) -> None:
        if job in self._jobs:
            self._progress[job] = progress
            self.progressed.emit()

    @Slot()
    def _on_paused_changed(self) -> None:
        self.changed.emit()

    def _on_ended(self, job: Job, task: Task, outcome: JobOutcome) -> None:
        task.finish(outcome, self._messenger.report)
        if job in self._jobs:
            self._jobs.remove(job)
            self._shown = [other for other in self._shown if other is not job]
            self._progress.pop(job, None)
            self.changed.emit()


def _is_there(handler: Callable[..., object]) -> bool:
    owner = getattr(handler, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def _call(handler: Callable[[], object] | None) -> None:
    if handler is not None and _is_there(handler):
        handler()
