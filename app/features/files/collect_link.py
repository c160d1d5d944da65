"""The UI thread's end of collecting a project, and of taking over what was collected."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.shell.jobs import Job, JobLane, JobOutcome, JobStatus, Priority
from app.shell.messages import Messenger
from matting_core.document.project import Project
from matting_core.export.collecting import CollectOptions, collect, take_results
from matting_core.jobs import CancelToken
from matting_core.results.store import MatteCache


class CollectLink(QObject):
    """Runs one collection at a time."""

    started = Signal(object)
    """Carries the `Job`."""
    finished = Signal()
    """A collection ended, however."""
    taken = Signal()
    """Results that were collected with a project are in the cache now, if there are any."""

    def __init__(
        self,
        lane: JobLane,
        cache: MatteCache,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._cache = cache
        self._messenger = messenger
        self._job: Job | None = None
        self._taking: Job | None = None
        self._file = Path()
        self._done = threading.Event()

    @property
    def running(self) -> bool:
        """Whether a project is being collected."""
        return self._job is not None

    @property
    def taking(self) -> bool:
        """Whether collected results are being taken over."""
        return self._taking is not None

    def run(self, project: Project, options: CollectOptions) -> None:
        """Copy the project with its clip into a folder."""
        cache, stage = self._cache, self.tr("Collecting")
        title = self.tr("Collecting in {folder}").format(folder=options.file.parent.name)

        done = self._done = threading.Event()

        def work(token: CancelToken) -> Iterator[object]:
            yield from collect(project, cache, options, token, stage)
            done.set()

        self._file = options.file
        self._job = self._lane.submit(work, key="collect", title=title, pausable=True)
        self._job.ended.connect(self._on_ended)
        self.started.emit(self._job)

    def take(self, file: Path) -> None:
        """Take over the results that were collected with a project file, if there are any."""
        cache = self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            for _fresh in take_results(file, cache):
                yield None

        title = self.tr("Taking over the results of {name}").format(name=file.stem)
        job = self._lane.submit(work, key="take", priority=Priority.BACKGROUND, title=title)
        self._taking = job
        job.ended.connect(self._on_take_ended)
        self.started.emit(job)

    @Slot(object)
    def _on_take_ended(self, outcome: JobOutcome) -> None:
        if self.sender() is not self._taking:
            return
        self._taking = None
        if outcome.status is not JobStatus.CANCELLED:
            self.taken.emit()
        if outcome.error is not None:
            self._messenger.report(outcome.error)

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        folder = self._file.parent
        if outcome.error is not None:
            self._messenger.report(outcome.error)
        elif self._done.is_set():  # even if it was cancelled, but too late
            text = self.tr("Collected in {folder}; open {name} there, on any machine.")
            self._messenger.tell(text.format(folder=folder, name=self._file.name))
        else:
            text = self.tr("Collecting was cancelled; nothing new is left in {folder}.")
            self._messenger.tell(text.format(folder=folder))
        self.finished.emit()
