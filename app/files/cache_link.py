"""The UI thread's end of the matte cache: how large it is, how large it may be, and clearing it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs import JobLane
from matting_core.cache import MatteCache
from matting_core.jobs import CancelToken


class CacheLink(QObject):
    """Deletes on a lane; what is deleted can all be computed again."""

    cleared = Signal(object)
    """Carries how many bytes were freed on disk."""

    def __init__(self, lane: JobLane, cache: MatteCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._cache = cache

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._cache.disk_bytes

    def clear(self) -> None:
        """Delete all derived results; `cleared` tells what that freed."""
        cache = self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            yield cache.clear()

        self._lane.submit(work, key="clear cache").delivered.connect(self._on_cleared)

    def limit(self, limit: int) -> None:
        """Keep at most so many bytes on disk."""
        cache = self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            cache.limit_disk(limit)
            yield None

        self._lane.submit(work, key="limit cache")

    @Slot(object)
    def _on_cleared(self, freed: int) -> None:
        self.cleared.emit(freed)
