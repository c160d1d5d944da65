"""The UI thread's end of exporting: counts what is ready, and runs one export at a time."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal, Slot

from app.shell.jobs import Job, JobLane, JobOutcome, JobStatus, Priority
from app.shell.messages import Messenger
from matting_core.document.project import Project
from matting_core.export.run import ExportRequest, ReadyCount, count_ready, export_ready
from matting_core.jobs import CancelToken
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange


class ExportLink(QObject):
    """Submits work to the export lane."""

    started = Signal(object)
    """Carries the export's `Job`."""
    counted = Signal(object)
    """Carries a `ReadyCount`."""
    finished = Signal(object)
    """Carries the `ExportRequest` of an export that ran to its end."""

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
        self._request: ExportRequest | None = None
        self._count = ReadyCount(0, 0)

    @property
    def running(self) -> bool:
        """Whether an export runs."""
        return self._job is not None

    def count(self, project: Project, frames: FrameRange) -> None:
        """Count the frames that could be exported now; `counted` tells."""
        cache = self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            yield count_ready(project, cache, frames)

        job = self._lane.submit(work, key="count", priority=Priority.URGENT)
        job.delivered.connect(self.counted)
        job.ended.connect(self._on_count_ended)

    def run(self, project: Project, request: ExportRequest) -> None:
        """Write files; what is missing by then is left out and said."""
        cache = self._cache

        def work(token: CancelToken) -> Iterator[object]:
            yield count_ready(project, cache, request.frames)
            yield from export_ready(project, cache, request, token)

        title = self.tr("Exporting to {folder}").format(folder=request.folder.name)
        self._request = request
        self._count = ReadyCount(0, 0)
        self._job = self._lane.submit(work, key="export", title=title, pausable=True)
        self._job.delivered.connect(self._on_counted)
        self._job.ended.connect(self._on_ended)
        self.started.emit(self._job)

    @Slot(object)
    def _on_count_ended(self, outcome: JobOutcome) -> None:
        if outcome.error is not None:
            self._messenger.report(outcome.error)

    def _summary(self) -> str:
        text = self.tr("Mattes exported to {folder}: {ready}.")
        if self._count.missing:
            text = self.tr(
                "Mattes exported to {folder}: {ready}. Missing or stale: {missing}; track, then "
                "export again."
            )
        folder = self._request.folder if self._request is not None else ""
        return text.format(ready=self._count.ready, missing=self._count.missing, folder=folder)

    @Slot(object)
    def _on_counted(self, count: ReadyCount) -> None:
        self._count = count

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        if self.sender() is not self._job or self._request is None:
            return
        self._job = None
        folder = self._request.folder
        if outcome.error is not None:
            self._messenger.report(outcome.error)
        elif outcome.status is JobStatus.DONE:
            self._messenger.tell(self._summary())
            self.finished.emit(self._request)
        else:
            text = self.tr("Export cancelled; the files written so far are in {folder}.")
            self._messenger.tell(text.format(folder=folder))
