"""A byte-bounded store of named byte strings: memory first, then disk, least recently used go."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Container
from pathlib import Path

from matting_core.errors import ExportError
from matting_core.files import make_folder, write_bytes_atomically

_log = logging.getLogger(__name__)
_SUFFIX = ".blob"


class BlobStore:
    """Keeps blobs by name (letters, digits, `-`). Thread-safe.

    With a folder, every blob is also written there, so that it outlives the process and a kill. A
    full or read-only disk is logged once and the store goes on in memory.

    Names that are protected stay, even if that takes more than the limits.

    Args:
        folder: where blobs are kept on disk, or None for memory alone.
        memory_limit: bytes kept in memory.
        disk_limit: bytes kept on disk.
        noticed: called with a name and whether it is there now, whenever that changes; from any
            thread, and not to call back.
    """

    def __init__(
        self,
        folder: Path | None,
        memory_limit: int,
        disk_limit: int,
        noticed: Callable[[str, bool], None] | None = None,
    ) -> None:
        self._noticed = noticed
        self._lock = threading.RLock()
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._memory_bytes = 0
        self._memory_limit = memory_limit
        self._folder = folder
        self._disk_limit = disk_limit
        self._disk = _scan(folder) if folder else OrderedDict()
        self._disk_bytes = sum(self._disk.values())
        self._refused = False
        self._protected: Container[str] = frozenset()
        self._evicted = 0
        for name in self._disk:
            self._notice(name)

    def __contains__(self, name: str) -> bool:
        with self._lock:
            return name in self._memory or name in self._disk

    def get(self, name: str) -> bytes | None:
        """Return a blob, or None if it is not (or no longer) there."""
        with self._lock:
            if name in self._memory:
                self._memory.move_to_end(name)
                return self._memory[name]
            if self._folder is None or name not in self._disk:
                return None
            path = _path(self._folder, name)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            self.discard(name)
            return None
        with self._lock:
            if name in self._disk:  # unless another thread dropped it meanwhile
                self._disk.move_to_end(name)
                self._remember(name, data)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Store a blob under a name, replacing an earlier one."""
        with self._lock:
            self._remember(name, data)
            folder = self._folder
        if folder is None:
            return
        path = _path(folder, name)
        try:
            make_folder(path.parent)
            write_bytes_atomically(path, data, durable=False)
        except ExportError as error:
            if not self._refused:
                _log.info("results are kept in memory only: %s", error)
            self._refused = True
            return
        with self._lock:
            self._disk_bytes += len(data) - self._disk.pop(name, 0)
            self._disk[name] = len(data)
            self._trim_disk()

    def discard(self, name: str) -> None:
        """Forget a blob, for instance because it turned out to be damaged."""
        with self._lock:
            self._memory_bytes -= len(self._memory.pop(name, b""))
            self._disk_bytes -= self._disk.pop(name, 0)
            self._notice(name)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                _path(self._folder, name).unlink(missing_ok=True)

    def protect(self, names: Container[str]) -> None:
        """Let these stay whatever the limits and `clear`; those of an earlier call may go again."""
        with self._lock:
            self._protected = names

    def limit_disk(self, limit: int) -> None:
        """Keep at most so many bytes on disk from now on; what is over goes at once."""
        with self._lock:
            self._disk_limit = limit
            self._trim_disk()

    def clear(self) -> int:
        """Forget all blobs but protected ones; returns how many bytes that freed on disk."""
        with self._lock:
            names = [name for name in self._disk if name not in self._protected]
            freed = sum(self._disk.pop(name) for name in names)
            self._disk_bytes -= freed
            for name in [name for name in self._memory if name not in self._protected]:
                self._memory_bytes -= len(self._memory.pop(name))
                names.append(name)
            for name in names:
                self._notice(name)
        folder = self._folder
        if folder is not None:
            for name in names:
                with contextlib.suppress(OSError):
                    _path(folder, name).unlink(missing_ok=True)
        return freed

    @property
    def evicted(self) -> int:
        """How many blobs the limits have made go for good since this store was made."""
        return self._evicted

    @property
    def refused(self) -> bool:
        """Whether the disk would not take a blob."""
        return self._refused

    @property
    def memory_bytes(self) -> int:
        """Bytes held in memory."""
        return self._memory_bytes

    @property
    def disk_bytes(self) -> int:
        """Bytes held on disk."""
        return self._disk_bytes

    def _remember(self, name: str, data: bytes) -> None:
        self._memory_bytes += len(data) - len(self._memory.pop(name, b""))
        self._memory[name] = data
        self._notice(name)
        while self._memory_bytes > self._memory_limit:
            oldest = _oldest(
                self._memory, lambda name: name in self._disk or name not in self._protected
            )
            if oldest is None:
                return
            self._memory_bytes -= len(self._memory.pop(oldest))
            self._evicted += oldest not in self._disk
            self._notice(oldest)

    def _trim_disk(self) -> None:
        while self._disk_bytes > self._disk_limit and self._folder:
            name = _oldest(self._disk, lambda name: name not in self._protected)
            if name is None:
                return
            self._disk_bytes -= self._disk.pop(name)
            self._evicted += name not in self._memory
            self._notice(name)
            with contextlib.suppress(OSError):
                _path(self._folder, name).unlink(missing_ok=True)

    def _notice(self, name: str) -> None:
        if self._noticed is not None:
            self._noticed(name, name in self)


def _oldest(stored: Collection[str], may_go: Callable[[str], bool]) -> str | None:
    """The name used longest ago that may go; the last one stays."""
    names = itertools.islice(stored, max(0, len(stored) - 1))
    return next((name for name in names if may_go(name)), None)


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / f"{name}{_SUFFIX}"


def _scan(folder: Path) -> OrderedDict[str, int]:
    """List what an earlier run left, oldest use first."""
    found = []
    for path in folder.glob(f"*/*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime_ns, path.stem, status.st_size))
    return OrderedDict((name, size) for _, name, size in sorted(found))
