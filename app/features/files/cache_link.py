"""The UI thread's end of the matte cache: how large it is, how large it may be, and clearing it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.model.document import Document
from app.shell.jobs import JobLane
from matting_core.jobs import CancelToken
from matting_core.results.locked import locked_keys
from matting_core.results.store import MatteCache

_LOOK_INTERVAL = 500


class CacheLink(QObject):
    """Deletes on a lane; what is locked in the open project stays, the rest can be made again."""

    cleared = Signal(object)
    """Carries how many bytes were freed on disk."""

    grown = Signal()
    """Another matte was stored."""
    evicted = Signal()
    """Results had to go because of the limits."""

    def __init__(
        self,
        lane: JobLane,
        cache: MatteCache,
        document: Document,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._cache = cache
        self._document = document
        self._known = cache.evicted
        self._look = QTimer(self, singleShot=True, interval=_LOOK_INTERVAL)
        self._look.timeout.connect(self._on_look)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._cache.disk_bytes

    def clear(self) -> None:
        """Delete all derived results; `cleared` tells what that freed."""
        cache, project = self._cache, self._document.project

        def work(_token: CancelToken) -> Iterator[object]:
            cache.protect(locked_keys(project))
            yield cache.clear()

        self._lane.submit(work, key="clear cache").delivered.connect(self._on_cleared)

    def limit(self, limit: int) -> None:
        """Keep at most so many bytes on disk."""
        cache, project = self._cache, self._document.project

        def work(_token: CancelToken) -> Iterator[object]:
            cache.protect(locked_keys(project))
            cache.limit_disk(limit)
            yield None

        self._lane.submit(work, key="limit cache").ended.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Look, not too often, whether results had to go; `evicted` tells."""
        if not self._look.isActive():
            self._look.start()

    def stop(self) -> None:
        """Look no more."""
        self._look.stop()

    @Slot()
    def _on_look(self) -> None:
        if self._cache.evicted != self._known:
            self._known = self._cache.evicted
            self.evicted.emit()

    @Slot(object)
    def _on_cleared(self, freed: int) -> None:
        self.cleared.emit(freed)
