"""Collecting a project with its clip, and taking over the results that were collected with one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.shell.jobs import Job, JobLane, Priority
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.document.project import Project
from matting_core.export.collecting import CollectOptions, collect, take_results
from matting_core.jobs import CancelToken
from matting_core.results.service import ResultService


class ProjectCollector(QObject):
    """Collections of the project, one at a time, on the export lane."""

    taken = Signal()
    """Results that were collected with a project are in the cache now, if there are any."""

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        results: ResultService,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._lane = lane
        self._results = results
        self._messenger = messenger
        self._job: Job | None = None
        self._taking: Job | None = None

    @property
    def running(self) -> bool:
        """Whether a project is being collected."""
        return self._job is not None and not self._job.finished

    @property
    def taking(self) -> bool:
        """Whether collected results are being taken over."""
        return self._taking is not None and not self._taking.finished

    def run(self, project: Project, options: CollectOptions) -> None:
        """Copy the project with its clip into a folder."""
        results, stage = self._results, self.tr("Collecting")
        title = self.tr("Collecting in {folder}").format(folder=options.file.parent.name)

        written = threading.Event()

        def work(token: CancelToken) -> Iterator[object]:
            yield from collect(project, results, options, token, stage)
            written.set()

        task = Task(work).done(partial(self._on_collected, options.file))
        task.cancelled(partial(self._on_cancelled, options.file, written))
        self._job = self._tasks.run(task, self._lane, key="collect", title=title, pausable=True)

    def take(self, file: Path) -> None:
        """Take over the results that were collected with a project file, if there are any."""
        cache = self._results.store

        def work(_token: CancelToken) -> Iterator[object]:
            for _fresh in take_results(file, cache):
                yield None

        title = self.tr("Taking over the results of {name}").format(name=file.stem)
        task = Task(work).done(self.taken.emit).failed(self._on_take_failed)
        background = Priority.BACKGROUND
        self._taking = self._tasks.run(
            task, self._lane, key="take", priority=background, title=title
        )

    def _on_take_failed(self, error: Exception) -> None:
        self.taken.emit()
        self._messenger.report(error)

    def _on_collected(self, file: Path) -> None:
        text = self.tr("Collected in {folder}; open {name} there, on any machine.")
        self._messenger.tell(text.format(folder=file.parent, name=file.name))

    def _on_cancelled(self, file: Path, written: threading.Event) -> None:
        if written.is_set():  # cancelled too late
            self._on_collected(file)
        else:
            text = self.tr("Collecting was cancelled; nothing new is left in {folder}.")
            self._messenger.tell(text.format(folder=file.parent))
