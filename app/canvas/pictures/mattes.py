"""The mattes that were on screen last, unpacked."""

from __future__ import annotations

from collections import OrderedDict

from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.types import Matte

_BYTES = 192 << 20


class ReadMattes:
    """Reads them from the cache, and keeps some while they are in it.

    So a slider that is moved, or a neighbour that is stepped to, costs no unpacking. Used on one
    lane.
    """

    def __init__(self, cache: MatteCache, limit: int = _BYTES) -> None:
        self._cache = cache
        self._limit = limit
        self._kept: OrderedDict[MatteKey, Matte] = OrderedDict()
        self._bytes = 0

    def read(self, key: MatteKey | None) -> Matte | None:
        """Return a stored matte, or None."""
        if key is None:
            return None
        if not self._cache.has_matte(key):
            self._drop(key)
            return None
        if key not in self._kept:
            matte = self._cache.get_matte(key)
            if matte is None:
                return None
            self._kept[key] = matte
            self._bytes += _size(matte)
        self._kept.move_to_end(key)
        while self._bytes > self._limit and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))
        return self._kept[key]

    def clear(self) -> None:
        """Keep none."""
        self._kept.clear()
        self._bytes = 0

    def _drop(self, key: MatteKey) -> None:
        matte = self._kept.pop(key, None)
        if matte is not None:
            self._bytes -= _size(matte)


def _size(matte: Matte) -> int:
    return matte.alpha.nbytes + matte.roi.nbytes + matte.confidence.nbytes
