"""What runs on the gpu lane: previews, the one running track, the device's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.features.tracking.model_worker import ClickRequest, MaskReady, ModelWorker, TrackRequest
from app.model.document import Changes
from app.shell.jobs import Job, JobLane, Priority, Work
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.document.project import MatteObject, Project
from matting_core.errors import LicenceError, OutOfMemoryError
from matting_core.jobs import CancelToken
from matting_core.types import DeviceChoice, ObjectId

_RESTART_DELAY = 250


@dataclass(frozen=True, slots=True)
class _Running:
    """Track that runs, or is paused."""

    request: TrackRequest
    job: Job


class ModelRunner(QObject):
    """Work on the gpu lane: previews, clicks that are considered, and one track."""

    found = Signal(object)
    """Carries `ResultKeys`: one matte is in the cache now."""
    masked = Signal(object)
    """Carries `MaskReady`: one mask is in the cache now, and its matte follows."""
    click_masked = Signal(object)
    """Carries a `ClickMask`."""
    exhausted = Signal(object)
    """Carries the `OutOfMemoryError` of any work; `interrupted` is the track that was stopped."""
    withheld = Signal(object)
    """Carries the `LicenceError` of a track or preview; `interrupted` is what was not started."""
    device_known = Signal(object)
    """Carries the name, for instance "CPU (2 threads)"."""
    tracking_changed = Signal()
    finished = Signal()
    """A track ran to its end."""

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        worker: ModelWorker,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._lane = lane
        self._worker = worker
        self._messenger = messenger
        self._running: _Running | None = None
        self._interrupted: TrackRequest | None = None
        self._previews: dict[ObjectId, Job] = {}
        self._changed: Project | None = None
        self._restart = QTimer(self, singleShot=True, interval=_RESTART_DELAY)
        self._restart.timeout.connect(self._on_restart)

    @property
    def tracking(self) -> bool:
        """Whether a track runs or is paused."""
        return self._running is not None

    @property
    def job(self) -> Job | None:
        """The running or paused track."""
        return self._running.job if self._running else None

    @property
    def interrupted(self) -> TrackRequest | None:
        """The track that a full memory or a licence ended, until another starts."""
        return self._interrupted

    def ask_device(self) -> None:
        """Find out the device's name; `device_known` tells it."""
        self._name(self._worker.describe())

    def use(self, device: DeviceChoice) -> None:
        """Let the models run on another device until Wisp ends; `device_known` tells its name."""
        self._name(self._worker.use(device))
        running = self._running
        if running is not None:
            self._start(running.request, paused=running.job.paused)

    def preview(self, project: Project, object_id: ObjectId, frame: int) -> None:
        """Matte one prompted frame before anything else; an object's latest request counts."""
        title = self.tr("Matting {name} on frame {frame}").format(
            name=project.find(object_id).name, frame=frame
        )
        work = self._worker.preview(project, object_id, frame)
        task = Task(work).each(self._on_previewed).failed(self._on_failed)
        key = ("preview", object_id)
        self._previews[object_id] = self._tasks.run(
            task, self._lane, key=key, priority=Priority.URGENT, title=title
        )

    def preview_click(self, request: ClickRequest) -> None:
        """Find out what a prompt would give; only the latest request is answered."""
        task = Task(self._worker.preview_click(request)).each(self.click_masked.emit)
        self._tasks.run(task.failed(self._on_unasked_failed), self._lane, key="click")

    def prepare(self, project: Project, frame: int) -> None:
        """Look at a frame before anything is asked there; what fails is said when it is asked.

        A full memory is said at once: it has taken a running track's models away.
        """
        task = Task(self._worker.prepare(project, frame)).failed(self._on_unasked_failed)
        self._tasks.run(task, self._lane, key="prepare", priority=Priority.BACKGROUND)

    def drop_click(self) -> None:
        """Nobody waits for the last request's answer any more."""
        self._tasks.run(Task(_nothing), self._lane, key="click")

    def track(self, request: TrackRequest) -> None:
        """Track spans of objects, in the place of a track that still runs."""
        self._start(request)

    def follow(self, project: Project, changes: Changes) -> None:
        """Take an edit over into the running track: finished frames stay, changed ones follow.

        A drag makes many edits, so the track goes on until they pause; a preview does not wait.
        """
        if changes & Changes.CLIP:
            for job in self._previews.values():
                job.cancel()
            self._previews.clear()
            self._interrupted = None
        if self._running is None:
            return
        if changes & (Changes.CLIP | Changes.SETTINGS):
            self._changed = project
            self._on_restart()
        elif _differ(self._running.request, project):
            self._changed = project
            self._restart.start()

    def cancel(self) -> None:
        """Stop the running track; everything done so far stays."""
        self._restart.stop()
        if self._running is not None:
            self._running.job.cancel()

    def _name(self, work: Work) -> None:
        task = Task(work).each(self.device_known.emit).failed(self._on_failed)
        self._tasks.run(task, self._lane, priority=Priority.URGENT)

    def _start(self, request: TrackRequest, *, paused: bool = False) -> None:
        names = ", ".join(request.project.find(each).name for each in request.wanted)
        title = self.tr("Tracking {names}").format(names=names)
        task = Task(self._worker.track(request, title)).each(self.found.emit)
        task.done(self._on_track_done).failed(self._on_track_failed)
        job = self._tasks.run(
            task.cancelled(self._on_track_cancelled),
            self._lane,
            key="track",
            priority=Priority.BACKGROUND,
            title=title,
            pausable=True,
        )
        self._running = _Running(request, job)
        self._interrupted = None
        job.paused_changed.connect(self.tracking_changed)
        if paused:
            job.set_paused(True)
        self.tracking_changed.emit()

    def _update_request(self, running: _Running) -> TrackRequest | None:
        """The running request for the project as edited, or None if nothing of it is left."""
        project = self._changed
        if project is None or project.clip != running.request.project.clip:
            return None
        return running.request.runnable(project)

    def _on_previewed(self, item: object) -> None:
        if isinstance(item, MaskReady):
            self.masked.emit(item)
        else:
            self.found.emit(item)

    @Slot()
    def _on_restart(self) -> None:
        self._restart.stop()
        running = self._running
        if running is None:
            return
        request = self._update_request(running)
        if request is None:
            running.job.cancel()
        elif not running.job.cancelled:
            self._start(request, paused=running.job.paused)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, OutOfMemoryError):
            if self._running is not None:  # other work took its models away
                self._interrupted = self._running.request
                self.cancel()
            self.exhausted.emit(error)
        elif isinstance(error, LicenceError):
            self.withheld.emit(error)
        else:
            self._messenger.report(error)

    def _on_unasked_failed(self, error: Exception) -> None:
        if isinstance(error, OutOfMemoryError):
            self._on_failed(error)

    def _on_track_done(self) -> None:
        running = self._running
        if running is None:
            return
        waiting = self._restart.isActive()
        request = self._update_request(running) if waiting else None
        self._end()
        if request is not None:  # it finished with the old prompts while the edit was waiting
            self._start(request)
            return
        self.tracking_changed.emit()
        self.finished.emit()

    def _on_track_failed(self, error: Exception) -> None:
        if isinstance(error, OutOfMemoryError | LicenceError) and self._running is not None:
            self._interrupted = self._running.request
        self._end()
        self.tracking_changed.emit()
        self._on_failed(error)

    def _on_track_cancelled(self) -> None:
        if self._running is not None and self._running.job.finished:  # else another runs now
            self._end()
            self.tracking_changed.emit()

    def _end(self) -> None:
        self._running = None
        self._restart.stop()


def _nothing(_token: CancelToken) -> Iterator[object]:
    yield from ()


def _differ(request: TrackRequest, project: Project) -> bool:
    """Whether what is tracked was edited: its prompts, or which of its frames take changes."""
    before = {obj.id: _tracked_parts(obj) for obj in request.project}
    after = {obj.id: _tracked_parts(obj) for obj in project}
    return any(before.get(each) != after.get(each) for each in request.wanted)


def _tracked_parts(obj: MatteObject) -> tuple[object, ...]:
    return obj.prompts, obj.strokes, obj.locks, obj.absent
