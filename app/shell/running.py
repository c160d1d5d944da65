"""The jobs that have a title: which of them runs, is shown, and would be cancelled."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.shell.jobs import Job
from matting_core.jobs import Progress

_PATIENCE = 500
"""Milliseconds before a job that cannot be paused is worth showing."""


class RunningJobs(QObject):
    """Titled jobs until they end; the one that was shown last is on top."""

    changed = Signal()
    """Jobs came, went, were paused, or are shown now."""
    progressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._shown: list[Job] = []
        self._progress: dict[Job, Progress] = {}

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

    @Slot(object)
    def add(self, job: Job) -> None:
        """Keep a job until it ends, and show it then; a short one not at all."""
        self._jobs.append(job)
        job.progressed.connect(self._on_progressed)
        job.paused_changed.connect(self.changed)
        job.ended.connect(self._on_ended)
        if job.pausable:
            self._show(job)
        else:
            QTimer.singleShot(_PATIENCE, self, lambda: self._show(job))
            self.changed.emit()

    def _show(self, job: Job) -> None:
        if job in self._jobs:
            self._shown.append(job)
            self.changed.emit()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        job = self.sender()
        if isinstance(job, Job) and job in self._jobs:
            self._progress[job] = progress
            self.progressed.emit()

    @Slot(object)
    def _on_ended(self, _outcome: object) -> None:
        job = self.sender()
        self._jobs = [other for other in self._jobs if other is not job]
        self._shown = [other for other in self._shown if other is not job]
        self._progress = {key: value for key, value in self._progress.items() if key is not job}
        self.changed.emit()
