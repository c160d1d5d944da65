"""The cache of mattes on disk: how large it is, how large it may be, and clearing it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.model.model import Model
from app.shell.jobs import JobLane
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.document.project import Project
from matting_core.results.service import ResultService

_LOOK_INTERVAL = 500


class CacheControl(QObject):
    """Limit and clearing of the cache; what is locked in the open project always stays."""

    cleared = Signal(object)
    """Carries how many bytes were freed on disk."""
    grown = Signal()
    """Another matte was stored."""
    evicted = Signal()
    """Results had to go because of the limits."""

    def __init__(
        self,
        model: Model,
        tasks: Tasks,
        lane: JobLane,
        results: ResultService,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._lane = lane
        self._results, self._cache = results, results.store
        self._messenger = messenger
        self._evicted = results.store.evicted
        self._warned = False
        self._look = QTimer(self, singleShot=True, interval=_LOOK_INTERVAL)
        self._look.timeout.connect(self._on_look)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._cache.disk_bytes

    def clear(self) -> None:
        """Delete all derived results that are not locked; `cleared` tells what that freed."""
        task = Task.call(_clear, self._results, self._model.project).each(self.cleared.emit)
        self._tasks.run(task, self._lane, key="clear cache")

    def limit(self, limit: int) -> None:
        """Keep at most so many bytes on disk."""
        task = Task.call(_limit, self._results, self._model.project, limit).ended(self.look)
        self._tasks.run(task, self._lane, key="limit cache")

    @Slot()
    def grow(self) -> None:
        """Take notice of another matte."""
        self.grown.emit()
        self.look()

    def look(self) -> None:
        """Look, not too often, whether results had to go; `evicted` tells."""
        if not self._look.isActive():
            self._look.start()

    def stop(self) -> None:
        """Look no more."""
        self._look.stop()

    @Slot()
    def _on_look(self) -> None:
        if self._cache.evicted == self._evicted:
            return
        self._evicted = self._cache.evicted
        self.evicted.emit()
        if not self._warned:
            self._warned = True
            self._warn()

    def _warn(self) -> None:
        self._messenger.warn(
            self.tr(
                "Mattes cannot be written to disk, so the oldest were dropped; free some space, or "
                "choose another folder in Preferences (Ctrl+,)."
            )
            if self._cache.refused
            else self.tr(
                "The oldest mattes were dropped to stay below the limit on disk; raise it in "
                "Preferences (Ctrl+,)."
            )
        )


def _clear(results: ResultService, project: Project) -> int:
    results.statuses.protect(project)
    return results.store.clear()


def _limit(results: ResultService, project: Project, limit: int) -> None:
    results.statuses.protect(project)
    results.store.limit_disk(limit)
