"""Jobs and lanes: the only place in the editor that makes threads.

A job's work is a generator. Its lane runs it step by step on the lane's own thread, and between
two steps takes up whatever is most urgent: so a click's preview overtakes a running track at the
next frame, a paused job is simply not stepped, and cancelling closes the generator.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, Signal, Slot

from app.shell.garbage import GarbageCollector
from matting_core.errors import CancelledError, MattingError
from matting_core.jobs import CancelToken, Progress

_log = logging.getLogger(__name__)
Work = Callable[[CancelToken], Iterator[object]]
"""Runs on the lane's thread; yields `Progress` to report, None to let others in, else results."""

_PROGRESS_INTERVAL = 0.1
_FINISHED = object()


class Priority(IntEnum):
    """Priority of a lane's jobs: which is stepped next."""

    BACKGROUND = 0
    NORMAL = 1
    URGENT = 2


class JobStatus(Enum):
    """Ways in which a job ends."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """Outcome that `Job.ended` carries; `error` is set exactly when the status is FAILED."""

    status: JobStatus
    error: Exception | None = None


@dataclass(slots=True, eq=False)
class _Steps:
    """Worker's half of a job: its work and how far that is."""

    number: int
    work: Work
    priority: Priority
    token: CancelToken = field(default_factory=CancelToken)
    steps: Iterator[object] | None = None
    paused: bool = False
    reported: float = 0.0

    def runnable(self) -> bool:
        return self.token.cancelled or not self.paused

    def urgency(self) -> tuple[bool, int, int]:
        """Cancelled ones are closed first, then the more urgent, then the older."""
        return self.token.cancelled, self.priority, -self.number


class Job(QObject):
    """Piece of work on a lane; lives in the UI thread.

    Attributes:
        on_item: called with each item that the work yields, until the job is cancelled.
        title: what the status bar calls it; empty for jobs that are too short to show.
        pausable: whether the status bar offers to pause it.
    """

    progressed = Signal(object)
    paused_changed = Signal(bool)
    ended = Signal(object)

    def __init__(self, lane: JobLane, task: _Steps, title: str, *, pausable: bool) -> None:
        super().__init__()
        self.title = title
        self.pausable = pausable
        self.on_item: Callable[[object], object] | None = None
        self._lane = lane
        self._task = task

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._task.token.cancelled

    @property
    def finished(self) -> bool:
        """Whether `ended` has been emitted."""
        return not self._lane.holds(self)

    @property
    def paused(self) -> bool:
        """Whether the lane leaves the job alone for now."""
        return self._task.paused

    def cancel(self) -> None:
        """Stop at the next step; nothing is delivered after this returns, `ended` still comes."""
        self._lane.cancel(self)

    def set_paused(self, paused: bool) -> None:
        """Stop stepping the job, or go on with it."""
        if paused != self._task.paused:
            self._lane.pause(self, paused)
            self.paused_changed.emit(paused)

    def arrive(self, item: object) -> None:
        """Pass on what the worker sent, unless the job was cancelled meanwhile."""
        if self.cancelled:
            return
        if isinstance(item, Progress):
            self.progressed.emit(item)
        elif self.on_item is not None:
            self.on_item(item)


class JobLane(QObject):
    """Lane that runs jobs one step at a time on a thread of its own.

    What the jobs' generators share (models, open files) is made and used on that thread only;
    `on_close` releases it there when the lane closes.

    Args:
        name: of the thread, for logs and debuggers.
        on_close: called on the lane's thread as its last act.
    """

    _arrived = Signal(int, object)

    def __init__(
        self,
        name: str,
        on_close: Callable[[], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._numbers = itertools.count()
        self._jobs: dict[int, Job] = {}
        self._keys: dict[Hashable, Job] = {}
        self._queue = _Queue()
        self._thread = _Worker(self._queue, self._arrived.emit, on_close)
        self._thread.setObjectName(f"wisp-{name}")
        self._garbage = GarbageCollector(self)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def submit(
        self,
        work: Work,
        *,
        key: Hashable = None,
        priority: Priority = Priority.NORMAL,
        title: str = "",
        pausable: bool = False,
    ) -> Job:
        """Queue work and return its job; an unfinished job of the same key is cancelled."""
        if key is not None and key in self._keys:
            self._keys[key].cancel()
        task = _Steps(next(self._numbers), work, priority)
        job = Job(self, task, title, pausable=pausable)
        self._jobs[task.number] = job
        if key is not None:
            self._keys[key] = job
        self._queue.add(task)
        return job

    def cancel(self, job: Job) -> None:
        """See `Job.cancel`."""
        job._task.token.cancel()
        self._keys = {key: other for key, other in self._keys.items() if other is not job}
        self._queue.wake()

    def pause(self, job: Job, paused: bool) -> None:
        """See `Job.set_paused`."""
        job._task.paused = paused
        self._queue.wake()

    def holds(self, job: Job) -> bool:
        """Whether a job has not ended yet."""
        return job._task.number in self._jobs

    @property
    def busy(self) -> bool:
        """Whether any job has not ended yet."""
        return bool(self._jobs)

    def finish(self, jobs: Collection[Job]) -> None:
        """Wait until some jobs have ended, and deliver what they made; only for a closing window.

        A paused job would never end.
        """
        self._queue.wait_for([job._task for job in jobs])
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def close(self) -> None:
        """Cancel everything, release what the lane owns, and wait for the thread to end."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        self._queue.close()
        self._thread.wait()
        self._garbage.stop()
        for job in jobs:
            self._finish(job, JobOutcome(JobStatus.CANCELLED))

    @Slot(int, object)
    def _on_arrived(self, number: int, item: object) -> None:
        job = self._jobs.get(number)
        if job is None:
            return
        if isinstance(item, JobOutcome):
            self._finish(job, JobOutcome(JobStatus.CANCELLED) if job.cancelled else item)
        else:
            job.arrive(item)

    def _finish(self, job: Job, outcome: JobOutcome) -> None:
        if self._jobs.pop(job._task.number, None) is None:
            return
        self._keys = {key: other for key, other in self._keys.items() if other is not job}
        job.ended.emit(outcome)


class _Queue:
    """Queue of the lane's work, shared by the UI thread and the worker."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tasks: list[_Steps] = []
        self._closed = False

    def add(self, task: _Steps) -> None:
        with self._changed:
            if self._closed:
                task.token.cancel()
            self._tasks.append(task)
            self._changed.notify_all()

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def remove(self, task: _Steps) -> None:
        with self._changed:
            self._tasks.remove(task)
            self._changed.notify_all()

    def wait_for(self, tasks: Collection[_Steps]) -> None:
        """Wait until the worker has reported the end of all of these; not once it has ended."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or not any(task in self._tasks for task in tasks)
            )

    def take(self) -> _Steps | None:
        """Wait for the task to step next; None when the queue is closed and empty."""
        with self._changed:
            while True:
                ready = [task for task in self._tasks if task.runnable()]
                if ready:
                    return max(ready, key=_Steps.urgency)
                if self._closed and not self._tasks:
                    return None
                self._changed.wait()


class _Worker(QThread):
    """Thread of a lane: touches its work and the lane's signal, and no other QObject."""

    def __init__(
        self,
        queue: _Queue,
        report: Callable[[int, object], None],
        on_close: Callable[[], None] | None,
    ) -> None:
        super().__init__()
        self._queue = queue
        self._report = report
        self._on_close = on_close

    def run(self) -> None:
        """Step tasks until the queue is closed."""
        while (task := self._queue.take()) is not None:
            outcome = self._step(task)
            if outcome is not None:
                _close_steps(task)
                self._report(task.number, outcome)
                self._queue.remove(task)
            del task  # else its results would stay alive here until the next job
        if self._on_close is not None:
            self._on_close()

    def _step(self, task: _Steps) -> JobOutcome | None:
        try:
            task.token.check()
            if task.steps is None:
                task.steps = iter(task.work(task.token))
            value = next(task.steps, _FINISHED)
        except CancelledError:
            return JobOutcome(JobStatus.CANCELLED)
        except Exception as error:  # noqa: BLE001 - the boundary: every error reaches `ended`
            return JobOutcome(JobStatus.FAILED, _sendable(error))
        if value is _FINISHED:
            return JobOutcome(JobStatus.DONE)
        if value is not None and self._due(task, value):
            self._report(task.number, value)
        return None

    def _due(self, task: _Steps, value: object) -> bool:
        if not isinstance(value, Progress) or not 0 < value.done < value.total:
            return True
        now = time.monotonic()
        if now - task.reported < _PROGRESS_INTERVAL:
            return False
        task.reported = now
        return True


def _close_steps(task: _Steps) -> None:
    close = getattr(task.steps, "close", None)
    task.steps = None
    if close is None:
        return
    try:
        close()
    except Exception:  # noqa: BLE001 - the outcome has been decided already
        _log.exception("a job failed while it was being closed")


def _sendable(error: Exception) -> Exception:
    """Log what is not meant for the user, and cut the frames, which hold lane-owned state."""
    if not isinstance(error, MattingError):
        _log.error("a job failed", exc_info=error)
    return error.with_traceback(None)
