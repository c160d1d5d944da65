"""LRU cache of unpacked mattes, bounded in bytes: a slider that is moved reads no matte twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from matting_core.document.finishing import FinishingValues
from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.types import Matte

Finish = Callable[[Matte, FinishingValues], Matte]
_Name = tuple[MatteKey, FinishingValues | None]


class UnpackedMattes:
    """Mattes as they are stored and as they were finished, while the store has them. Thread-safe.

    Args:
        store: where they are.
        limit: bytes of each of both kinds; the last one stays.
    """

    def __init__(self, store: MatteCache, limit: int) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._stored = _Bytes(limit)
        self._finished = _Bytes(limit)

    def get(
        self, key: MatteKey | None, finish: Finish, values: FinishingValues | None
    ) -> Matte | None:
        """Return a stored matte, finished if values are given; None if it is not stored."""
        matte = None if key is None else self._read(key)
        if key is None or matte is None or values is None or values.neutral:
            return matte
        with self._lock:
            found = self._finished.get((key, values))
        if found is None:
            found = finish(matte, values)
            with self._lock:
                self._finished.put((key, values), found)
        return found

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._stored.clear()
            self._finished.clear()

    def _read(self, key: MatteKey) -> Matte | None:
        there = self._store.has_matte(key)
        with self._lock:
            if not there:
                self._stored.drop((key, None))
                return None
            found = self._stored.get((key, None))
        if found is None:
            found = self._store.get_matte(key)
            if found is not None:
                with self._lock:
                    self._stored.put((key, None), found)
        return found


class _Bytes:
    """LRU cache of mattes, bounded in bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[_Name, Matte] = OrderedDict()
        self._size = 0

    def get(self, name: _Name) -> Matte | None:
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
        return found

    def put(self, name: _Name, matte: Matte) -> None:
        self.drop(name)
        self._kept[name] = matte
        self._size += _bytes_of(matte)
        while self._size > self._limit and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def drop(self, name: _Name) -> None:
        matte = self._kept.pop(name, None)
        if matte is not None:
            self._size -= _bytes_of(matte)

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0


def _bytes_of(matte: Matte) -> int:
    return matte.alpha.nbytes + matte.roi.nbytes + matte.confidence.nbytes
