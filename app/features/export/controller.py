"""Exports: counts what is ready, and runs one export at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.shell.jobs import Job, JobLane, Priority
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.document.project import Project
from matting_core.export.run import ExportRequest, ReadyCount, count_ready, export_ready
from matting_core.jobs import CancelToken
from matting_core.results.service import ResultService
from matting_core.types import FrameRange


class Exports(QObject):
    """Exports of the document's mattes, on the export lane."""

    counted = Signal(object)
    """Carries a `ReadyCount`."""
    started = Signal()

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
        self._count = ReadyCount(0, 0)

    @property
    def running(self) -> bool:
        """Whether an export runs."""
        return self._job is not None and not self._job.finished

    def count(self, project: Project, frames: FrameRange) -> None:
        """Count the frames that could be exported now; `counted` tells."""
        task = Task.call(count_ready, project, self._results, frames).each(self.counted.emit)
        self._tasks.run(task, self._lane, key="count", priority=Priority.URGENT)

    def run(self, project: Project, request: ExportRequest) -> None:
        """Write files; what is missing by then is left out and said."""
        results = self._results

        def work(token: CancelToken) -> Iterator[object]:
            yield count_ready(project, results, request.frames)
            yield from export_ready(project, results, request, token)

        folder = request.folder
        task = Task(work).each(self._on_counted)
        task.done(partial(self._on_done, folder)).cancelled(partial(self._on_cancelled, folder))
        title = self.tr("Exporting to {folder}").format(folder=folder.name)
        self._count = ReadyCount(0, 0)
        self._job = self._tasks.run(task, self._lane, key="export", title=title, pausable=True)
        self.started.emit()

    def _on_counted(self, count: ReadyCount) -> None:
        self._count = count

    def _on_done(self, folder: Path) -> None:
        text = self.tr("Mattes exported to {folder}: {ready}.")
        if self._count.missing:
            text = self.tr(
                "Mattes exported to {folder}: {ready}. Missing or stale: {missing}; track, then "
                "export again."
            )
        ready, missing = self._count.ready, self._count.missing
        self._messenger.tell(text.format(ready=ready, missing=missing, folder=folder))

    def _on_cancelled(self, folder: Path) -> None:
        if not self.running:  # else another took its place
            text = self.tr("Export cancelled; the files written so far are in {folder}.")
            self._messenger.tell(text.format(folder=folder))
