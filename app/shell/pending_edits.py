"""Pending edits: those still being made on the media lane; saving and opening wait for them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from app.shell.jobs import Job, JobLane


class PendingEdits(QObject):
    """Edits on their way to the document.

    Args:
        lane: where they are made.
        parent: the Qt parent.
    """

    def __init__(self, lane: JobLane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._jobs: list[Job] = []
        self._waiting: list[Callable[[], None]] = []

    def add(self, job: Job) -> None:
        """Add a job that delivers an edit."""
        self._jobs.append(job)
        job.ended.connect(self._on_ended)

    def then(self, do: Callable[[], None]) -> None:
        """Do something once every edit is in the document: at once, if none is on its way."""
        if self._jobs:
            self._waiting.append(do)
        else:
            do()

    def finish(self) -> None:
        """Wait for all edits, and take them in: the window is closing."""
        self._lane.finish(self._jobs)

    @Slot()
    def _on_ended(self) -> None:
        self._jobs = [job for job in self._jobs if not job.finished]
        waiting = [] if self._jobs else self._waiting
        if waiting:
            self._waiting = []
        for do in waiting:
            do()
