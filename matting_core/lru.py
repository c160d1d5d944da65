"""LRU cache of a limited number of values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """LRU cache of values by key.

    Args:
        limit: how many.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def put(self, key: Key, value: Value) -> Value:
        """Store a value and return it; beyond the limit the least recently used one goes."""
        self._values.pop(key, None)
        self._values[key] = value
        while len(self._values) > self._limit:
            self._values.popitem(last=False)
        return value

    def get(self, key: Key) -> Value | None:
        """Look a value up."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def take(self, key: Key) -> Value | None:
        """Look a value up and drop it."""
        return self._values.pop(key, None)

    def clear(self) -> None:
        """Drop all values."""
        self._values.clear()


class Hashed:
    """Key that is hashed once, for values whose hash takes long.

    Args:
        value: what it stands for.
    """

    __slots__ = ("_hash", "value")

    def __init__(self, value: Hashable) -> None:
        self.value = value
        self._hash = hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Hashed) and self.value == other.value)
